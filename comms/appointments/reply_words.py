"""Parse whether a reply to a reminder confirms the appointment or asks for another time. Pure.

It confirms where every word of it agrees, thanks, greets or names the day of the appointment. It asks for another time
where it says so and does not take that back or ask about it. Anything else is for a person: the reminders go on.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

from comms.appointments.reply_phrases import REPLIES, TOMORROW, WEEKDAYS
from comms.language.clauses import Saying, SentenceClause, read_saying
from comms.language.courtesies import COURTESIES
from comms.language.phrasebook import UNKNOWN, Phrasebook
from crm.kernel.normalization import name_key

Answer = Literal["confirm", "move", ""]

# Longer answers are read by people.
LONGEST = 200
_PHRASES = Phrasebook(REPLIES, COURTESIES)
_COURTEOUS = frozenset({"thanks", "praise", "heard", "wish", "regards", "around"})
_REQUESTS = frozenset({"move", "cannot"})
# Every name of a day; which day an appointment is on is known only once it is found (`day_names`).
ANY_DAY = frozenset(" ".join((*WEEKDAYS, TOMORROW)).split())


def day_names(day: date, *, today: date) -> frozenset[str]:
    """Return the names of a day in replies, seen from `today`: "tuesday", "tue", "dinsdag", "tomorrow"."""
    names = WEEKDAYS[day.weekday()].split()
    return frozenset(names + TOMORROW.split() if day == today + timedelta(days=1) else names)


def read_answer(text: str, names: Collection[str] = (), days: Collection[str] = ()) -> Answer:
    """Parse a reply without its quotation.

    `names`: of people who may be thanked in it. `days`: what the day of the appointment is called.
    """
    saying = read_saying(text)
    if len(text) > LONGEST:
        return ""
    if _is_confirmation(saying, {word for name in names for word in name_key(name).split()} | set(days)):
        return "confirm"
    if _asks_for_another_time(saying):
        return "move"
    return ""


def _is_confirmation(saying: Saying, known: Collection[str]) -> bool:
    """True if it agrees and has no question, unknown number or word that is not a courtesy."""
    if saying.is_question or saying.has_other_signs:
        return False
    if not saying.words:
        return saying.is_glad
    meanings = {
        phrase.meaning
        for clause in saying.clauses
        for phrase in _PHRASES.read(clause.words)
        if clause.words[phrase.begin] not in known
    }
    return "confirm" in meanings and meanings <= _COURTEOUS | {"confirm"}


def _asks_for_another_time(saying: Saying) -> bool:
    """True if a clause requests another time, and none negates it, asks about it or explains it."""
    requests = 0
    for clause in saying.clauses:
        meanings = [phrase.meaning for phrase in _PHRASES.read(clause.words)]
        if "propose" in meanings and "day" in meanings and "about" not in meanings:
            requests += 1
        if not _REQUESTS & set(meanings):
            continue
        if _is_taken_back(meanings) or _is_about_it(clause, meanings):
            return False
        requests += 1
    return bool(requests)


def _is_taken_back(meanings: list[str]) -> bool:
    """True if a negation precedes the request in its clause: "no need to reschedule"."""
    first = next(at for at, meaning in enumerate(meanings) if meaning in _REQUESTS)
    last_negation = max((at for at, meaning in enumerate(meanings) if meaning == "not"), default=-1)
    return last_negation > -1 and (last_negation < first or meanings[first] == "move")


def _is_about_it(clause: SentenceClause, meanings: list[str]) -> bool:
    """True if it asks or states something about a change: "why did you reschedule?", "you rescheduled twice"."""
    if "about" in meanings:
        return True
    if clause.is_question:
        return "move" in meanings and not {"ask", "propose"} & set(meanings) and UNKNOWN in meanings
    return False
