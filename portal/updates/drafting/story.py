"""Turn facts into sentences in the active language. Pure and deterministic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.lists import format_list
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from comms.library.dates import long_day
from crm.kernel import formats
from portal.letters.letter import MOST, Letter, LetterDraft
from portal.updates.drafting.facts import Facts, UpdateItem

# What each kind of thing says. {day}, {time}, {what} and {who} stand for themselves.
_PAST = {
    "visited": gettext_noop("%(what)s on %(day)s is done."),
    "partly": gettext_noop("%(what)s on %(day)s is partly done. We’ll come back for the rest."),
    "not_possible": gettext_noop("%(what)s on %(day)s could not be done."),
    "nobody_there": gettext_noop("We came on %(day)s, but nobody was there: %(what)s."),
    "cancelled": gettext_noop("%(what)s on %(day)s was cancelled."),
    "resumed": gettext_noop("Your work resumed on %(day)s."),
    "held": gettext_noop("Your work has been on hold since %(day)s: %(what)s."),
    "milestone_done": gettext_noop("%(day)s: %(what)s."),
    "documents": gettext_noop("New on your page: %(what)s."),
}
_COMING = {
    "visit": gettext_noop("%(what)s on %(day)s at %(time)s, with %(who)s."),
    "visit_of_nobody": gettext_noop("%(what)s on %(day)s at %(time)s."),
    "milestone": gettext_noop("Planned for %(day)s: %(what)s."),
}
_WANTED = {
    "confirm": gettext_noop("Please confirm: %(what)s on %(day)s."),
    "document": gettext_noop("Please send us by %(day)s: %(what)s."),
    "document_without_day": gettext_noop("Please send us: %(what)s."),
}
# Said of several at once: all of one kind, or of one kind and day.
_TOGETHER = ("documents", "step", "milestone_done", "milestone", "document")
_TOGETHER_BY_DAY = ("milestone_done", "milestone", "document")
# Words that a sentence may go on with in small letters: what else begins one may be a name.
_SMALL = frozenset("your the our we a an je de het een onze jouw uw er".split())


@dataclass(frozen=True)
class LetterPlace:
    """Formats of days and times at the letter's destination."""

    language: str
    country: str
    zone: ZoneInfo


def draft_of(facts: Facts, where: LetterPlace) -> LetterDraft:
    """Write the letter of one job. Without news, it says so, the state of the work, and the next step."""
    past = _past_sentences(facts, where)
    coming = _coming_sentences(facts, where)
    wanted = [said_in(_WANTED, _choose_variant(item), where) for item in _group_facts(facts.wanted, where)][:MOST]
    is_new_step = any(_is_here(item, facts) for item in facts.past)
    is_no_news = not past and not is_new_step
    if is_no_news:
        past = [_("Nothing has changed since our last update.")]
    if facts.stage and (is_new_step or not coming):
        # Where it stands ends what happened; it is said once.
        past.append(_end_sentence(facts.stage))
    if not coming:
        coming = [_closing_sentence(facts)]
    sources = tuple(_source_json(item) for item in (*facts.past, *facts.coming, *facts.wanted))
    letter = Letter(tuple(past[-MOST:]), tuple(coming[:MOST]), tuple(wanted))
    return LetterDraft(letter, sources, tuple(sorted(facts.negatives)), is_no_news)


def _closing_sentence(facts: Facts) -> str:
    """Return the closing sentence if nothing is planned."""
    if facts.is_done:
        return _("All the work is done. Is anything not right? Just answer this message.")
    return _("We’ll tell you as soon as the next day is set.")


def _past_sentences(facts: Facts, where: LetterPlace) -> list[str]:
    """Return past events, oldest first: one sentence per day, without repeats.

    Steps stand for themselves only where no milestone tells what was done in them.
    """
    has_milestone = any(item.kind == "milestone_done" for item in facts.past)
    passed = [item for item in facts.past if item.kind != "step" or not (has_milestone or _is_here(item, facts))]
    return [_past_sentence(item, where) for item in _group_facts(passed, where)]


def _is_here(told: UpdateItem, facts: Facts) -> bool:
    """True if the item is the current step, which has its own sentence."""
    return told.kind == "step" and told.what == facts.step and bool(facts.stage)


def _past_sentence(told: UpdateItem, where: LetterPlace) -> str:
    if told.kind == "step":
        return _("Finished since our last update: %(what)s.") % {"what": told.what.rstrip(". ")}
    if told.kind == "photos":
        count = int(told.what)
        return ngettext("There is a new photo on your page.", "There are %(count)s new photos on your page.", count) % {
            "count": count
        }
    return said_in(_PAST, told, where)


def _coming_sentences(facts: Facts, where: LetterPlace) -> list[str]:
    """Return the next items by day; of items without a day only the first, noting that its day follows."""
    dated = [item for item in facts.coming if item.at is not None]
    without_day = [item for item in facts.coming if item.at is None]
    sentences = [said_in(_COMING, _choose_variant(item), where) for item in _group_facts(dated, where)]
    if without_day and not sentences:
        words = _("Next: %(what)s. We’ll tell you as soon as the day is set.")
        return [words % {"what": _lower_first(without_day[0].what)}]
    return sentences


def _group_facts(all_told: Sequence[UpdateItem], where: LetterPlace) -> list[UpdateItem]:
    """Merge items of one kind, and if needed one day, at the position of the first."""
    groups: dict[object, list[UpdateItem]] = {}
    for place, item in enumerate(all_told):
        day = ""
        if item.at and item.kind in _TOGETHER_BY_DAY:
            day = _day_words(item.at, where)
        key: object
        if item.kind in _TOGETHER:
            key = (item.kind, day)
        else:
            key = place
        group = groups.setdefault(key, [])
        if all(other.what != item.what for other in group):
            group.append(item)
    return [_join_facts(group, where) for group in groups.values()]


def _join_facts(group: Sequence[UpdateItem], where: LetterPlace) -> UpdateItem:
    first = group[0]
    if first.kind not in _TOGETHER:
        return first
    words = [item.what.rstrip(". ") for item in group]
    if first.kind.startswith("milestone"):
        within = [_lower_first(what) for what in words]
        if len(words) > 1 and any(what[:1].isupper() for what in within):
            # A name, or a word that may be one: each is a sentence of its own.
            return UpdateItem(first.kind, first.at, ". ".join(words), first.who)
        words = within
    return UpdateItem(first.kind, first.at, str(format_list(words, locale=where.language)), first.who)


def _lower_first(words: str) -> str:
    """Return text for use inside a sentence: lowercase the first letter unless it is a name."""
    words = words.rstrip(". ")
    first = words.partition(" ")[0]
    if first.lower() in _SMALL:
        return words[:1].lower() + words[1:]
    return words


def digest_of(drafts: Mapping[str, LetterDraft]) -> LetterDraft:
    """Write one letter for several places, by their names; each sentence names its place."""
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
    return LetterDraft(letter, sources, tuple(negatives), all(one.is_no_news for one in drafts.values()))


def _end_sentence(sentence: str) -> str:
    if sentence.endswith((".", "!", "?")):
        return sentence
    return f"{sentence}."


def _choose_variant(told: UpdateItem) -> UpdateItem:
    """Choose the wording for an item without a day or without a name."""
    if told.kind == "visit" and not told.who:
        return UpdateItem("visit_of_nobody", told.at, told.what)
    if told.kind == "document" and told.at is None:
        return UpdateItem(f"{told.kind}_without_day", None, told.what)
    return told


def said_in(words: Mapping[str, str], told: UpdateItem, where: LetterPlace) -> str:
    """Return an item as a sentence of its kind, in the active language."""
    values = {"what": told.what.rstrip(". "), "who": told.who}
    if told.at is not None:
        values |= {"day": _day_words(told.at, where), "time": _time_words(told.at, where)}
    return str(capfirst(_(words[told.kind]) % values))


def _day_words(at: datetime, where: LetterPlace) -> str:
    return long_day(at.astimezone(where.zone).date(), where.language, where.country)


def _time_words(at: datetime, where: LetterPlace) -> str:
    return formats.clock_time(at, where.zone, where.country, where.language)


def _source_json(told: UpdateItem) -> dict[str, str | None]:
    return {"kind": told.kind, "at": told.at.isoformat() if told.at else None, "what": told.what}
