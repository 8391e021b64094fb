"""The summary without a model: who wrote last, what is asked, promised, named and open, in the customer's own words."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assistant.sources.record_text import RecordText
from assistant.sources.sentences import amounts_and_days, asked_sentences, first_sentence, promised_sentences
from assistant.summaries.sentence import SummarySentence
from crm.web.reader import Reader

MOST_ASKED = 3
MOST_PROMISED = 2
MOST_NAMED = 5


def summarize(texts: Sequence[RecordText], reader: Reader) -> list[SummarySentence]:
    """Summarize texts, oldest first. Empty without any; the same texts give the same summary."""
    people = [text for text in texts if not text.is_automatic]
    if not people:
        return []
    sentences = [
        *_first_and_last(people, reader),
        *_asked_sentence(people),
        *_promise_sentences(people, reader),
        *_note_sentence(people),
    ]
    return [*sentences, *_named_values(people), *_open_end(people, reader)]


def unanswered_texts(texts: Sequence[RecordText]) -> list[RecordText]:
    """Return the customer's messages since the last answer of a member."""
    waiting: list[RecordText] = []
    for text in texts:
        if text.is_customers:
            waiting.append(text)
        elif text.is_ours and text.kind != "note" and not text.is_automatic:
            waiting = []
    return waiting


def open_questions(texts: Sequence[RecordText]) -> list[tuple[str, RecordText]]:
    """Return the questions and requests of the customer without an answer, with their messages."""
    return [(sentence, text) for text in unanswered_texts(texts) for sentence in asked_sentences(text.text)]


def _first_and_last(texts: Sequence[RecordText], reader: Reader) -> Iterator[SummarySentence]:
    spoken = [text for text in texts if text.kind != "note"]
    if not spoken:
        return
    first = spoken[0]
    last = spoken[-1]
    if first is not last and (words := first_sentence(first.text)):
        values = {"who": first.who or _("We"), "when": reader.day(first.at), "words": words}
        yield SummarySentence(_("%(who)s began it %(when)s: “%(words)s”") % values, (first.ref,))
    if words := first_sentence(last.text):
        values = {"who": last.who or _("We"), "when": reader.near(last.at), "words": words}
        yield SummarySentence(_("%(who)s wrote last, %(when)s: “%(words)s”") % values, (last.ref,))


def _asked_sentence(texts: Sequence[RecordText]) -> Iterator[SummarySentence]:
    questions = open_questions(texts)[-MOST_ASKED:]
    if questions:
        quoted = " ".join(f"“{sentence}”" for sentence, _text in questions)
        words = _("Asked, and not answered yet: %(questions)s") % {"questions": quoted}
        yield SummarySentence(words, _refs(text for _sentence, text in questions))


def _promise_sentences(texts: Sequence[RecordText], reader: Reader) -> Iterator[SummarySentence]:
    ours = [text for text in texts if text.is_ours and text.kind == "message"]
    promises = [(sentence, text) for text in ours for sentence in promised_sentences(text.text)]
    for sentence, text in promises[-MOST_PROMISED:]:
        values = {"who": text.who or _("We"), "when": reader.day(text.at), "words": sentence}
        yield SummarySentence(_("%(who)s promised %(when)s: “%(words)s”") % values, (text.ref,))


def _note_sentence(texts: Sequence[RecordText]) -> Iterator[SummarySentence]:
    notes = [text for text in texts if text.kind == "note"]
    if notes and (words := first_sentence(notes[-1].text)):
        values = {"who": notes[-1].who or _("A colleague"), "words": words}
        yield SummarySentence(_("%(who)s noted for the team: “%(words)s”") % values, (notes[-1].ref,))


def _named_values(texts: Sequence[RecordText]) -> Iterator[SummarySentence]:
    named: dict[str, tuple[str, str]] = {}
    for text in reversed(texts):
        for value in amounts_and_days(text.text):
            # "Tomorrow" at the beginning of a sentence and "tomorrow" in one are the same day.
            named.setdefault(value.casefold(), (value, text.ref))
    newest = list(named.values())[:MOST_NAMED]
    if newest:
        values = ", ".join(value for value, _ref in newest)
        yield SummarySentence(_("Days and amounts named: %(values)s.") % {"values": values}, _refs_of(newest))


def _open_end(texts: Sequence[RecordText], reader: Reader) -> Iterator[SummarySentence]:
    waiting = unanswered_texts(texts)
    if waiting:
        words = ngettext(
            "Open: nobody has answered since %(when)s.",
            "Open: nobody has answered %(count)s messages since %(when)s.",
            len(waiting),
        )
        values = {"when": _since(waiting[0].at, reader), "count": len(waiting)}
        yield SummarySentence(words % values, (waiting[0].ref,), is_open=True)


def _since(at: datetime, reader: Reader) -> str:
    if reader.day(at) == reader.day(reader.now):
        return reader.time(at)
    return reader.near(at)


def _refs(texts: Iterator[RecordText]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.ref for text in texts))


def _refs_of(named: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ref for _value, ref in named))
