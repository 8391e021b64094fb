"""Put what there is to tell into sentences, in the language in use. Pure: the same facts are always the same words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comms.library.dates import long_day
from crm.kernel import formats
from portal.updates.drafting.facts import Facts, Told
from portal.updates.texts.letter import MOST, Draft, Letter

# What each kind of thing says. {day}, {time}, {what} and {who} stand for themselves.
_PAST = {
    "step": gettext_noop("Your work has reached: %(what)s."),
    "steps": gettext_noop("Your work has moved on: %(what)s."),
    "visited": gettext_noop("%(what)s: we were there on %(day)s, and it is done."),
    "partly": gettext_noop("%(what)s: we were there on %(day)s, and a part of it is done. We come back for the rest."),
    "not_possible": gettext_noop("%(what)s on %(day)s could not be done."),
    "nobody_there": gettext_noop("%(what)s: we came on %(day)s and met nobody."),
    "cancelled": gettext_noop("%(what)s on %(day)s was called off."),
    "resumed": gettext_noop("Your work goes on since %(day)s."),
    "held": gettext_noop("Your work stands still since %(day)s: %(what)s."),
    "milestone": gettext_noop("%(what)s: done on %(day)s."),
    "photos": gettext_noop("New photos are on your page: %(what)s."),
    "documents": gettext_noop("New on your page: %(what)s."),
}
_COMING = {
    "visit": gettext_noop("%(what)s on %(day)s at %(time)s. %(who)s will be there."),
    "visit_of_nobody": gettext_noop("%(what)s on %(day)s at %(time)s."),
    "milestone": gettext_noop("%(what)s, planned for %(day)s."),
    "milestone_without_day": gettext_noop("%(what)s."),
}
_WANTED = {
    "confirm": gettext_noop("Please confirm that %(day)s suits you for: %(what)s."),
    "document": gettext_noop("Please send us by %(day)s: %(what)s."),
    "document_without_day": gettext_noop("Please send us: %(what)s."),
}


@dataclass(frozen=True)
class Place:
    """How days and times are written where the letter goes."""

    language: str
    country: str
    zone: ZoneInfo


def draft_of(facts: Facts, where: Place) -> Draft:
    """Write the letter of one job. With nothing new it says so, where the work stands, and what comes next."""
    past = [said_in(_PAST, told, where) for told in _with_steps_together(facts.past)][-MOST:]
    coming = [said_in(_COMING, _variant(told), where) for told in facts.coming][:MOST]
    wanted = [said_in(_WANTED, _variant(told), where) for told in facts.wanted][:MOST]
    is_no_news = not past
    if is_no_news:
        past = [_no_news(facts.stage)]
    if not coming:
        coming = [_nothing_planned(facts.stage, is_said=is_no_news)]
    sources = tuple(_source(told) for told in (*facts.past, *facts.coming, *facts.wanted))
    letter = Letter(tuple(past), tuple(coming), tuple(wanted))
    return Draft(letter, sources, tuple(sorted(facts.negatives)), is_no_news)


def digest_of(drafts: Mapping[str, Draft]) -> Draft:
    """Write one letter of several places, each sentence with its own; given by what each place is called."""
    letter = Letter(
        *(
            tuple(f"{place}: {sentence}" for place, one in drafts.items() for sentence in getattr(one.letter, part))[
                : 2 * MOST
            ]
            for part in ("happened", "next", "needed")
        )
    )
    negatives = sorted({code for one in drafts.values() for code in one.negatives})
    sources = tuple(source for one in drafts.values() for source in one.sources)
    return Draft(letter, sources, tuple(negatives), all(one.is_no_news for one in drafts.values()))


def _with_steps_together(past: Sequence[Told]) -> list[Told]:
    """Put the steps it went through into one sentence, where the last of them stood."""
    steps = [told for told in past if told.kind == "step"]
    if len(steps) < 2:
        return list(past)
    names = Told("steps", steps[-1].at, ", ".join(told.what.rstrip(". ") for told in steps))
    return [names if told is steps[-1] else told for told in past if told.kind != "step" or told is steps[-1]]


def _no_news(stage: str) -> str:
    if stage:
        return _("Nothing has changed since we last wrote: %(stage)s") % {"stage": _ended(stage)}
    return _("Nothing has changed since we last wrote. Your work is in hand.")


def _nothing_planned(stage: str, *, is_said: bool) -> str:
    if stage and not is_said:
        return _ended(stage)
    return _("We tell you as soon as the next day is set.")


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _variant(told: Told) -> Told:
    """Choose the words for one without a day, or without anybody named."""
    if told.kind == "visit" and not told.who:
        return Told("visit_of_nobody", told.at, told.what)
    if told.kind in ("milestone", "document") and told.at is None:
        return Told(f"{told.kind}_without_day", None, told.what)
    return told


def said_in(words: Mapping[str, str], told: Told, where: Place) -> str:
    """Say one thing by the sentence of its kind, in the language in use."""
    values = {"what": told.what.rstrip(". "), "who": told.who}
    if told.at is not None:
        values |= {"day": _day(told.at, where), "time": _time(told.at, where)}
    return str(capfirst(_(words[told.kind]) % values))


def _day(at: datetime, where: Place) -> str:
    return long_day(at.astimezone(where.zone).date(), where.language, where.country)


def _time(at: datetime, where: Place) -> str:
    return formats.clock_time(at, where.zone, where.country, where.language)


def _source(told: Told) -> dict[str, str | None]:
    return {"kind": told.kind, "at": told.at.isoformat() if told.at else None, "what": told.what}
