"""The summary that a page shows: a model's if there is one for the newest message, else the one by rules.

If the model may be asked, its summary is queued here, once for each state of a record; the page shows the other one
until it comes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from assistant.calls.queue import may_ask, request_call
from assistant.models import AssistantCall
from assistant.sources.record_text import RecordText
from assistant.sources.record_texts import RecordTexts, read_texts
from assistant.summaries.extractive import summarize
from assistant.summaries.model_summary import HELPER, stored_summary, summary_key
from assistant.summaries.sentence import SummarySentence
from crm.platform.models import Member
from crm.web.reader import Reader


class Citation(NamedTuple):
    """A link to a text: its number on the page, its address, and who wrote it when."""

    number: int
    url: str
    words: str


class ShownSentence(NamedTuple):
    """A sentence with its citations."""

    text: str
    citations: list[Citation]
    is_open: bool


@dataclass(frozen=True)
class ShownSummary:
    """The sentences of a summary, who wrote it, and how many texts it rests on."""

    sentences: list[ShownSentence]
    count: int
    until: str
    is_by_model: bool = False
    is_being_written: bool = False
    # The id of the newest text it rests on; blank without one.
    state: str = ""


def shown_summary(record: Any, member: Member, reader: Reader, slug: str, *, is_page: bool = False) -> ShownSummary:
    """Return the summary of a record for a member, from what they may read of it.

    On a page without the conversation (`is_page`) its sources are links to the conversation's page.
    """
    read = read_texts(record, member, slug)
    is_beside = record._meta.label_lower == "tickets.ticket" and not is_page
    citations = _citations(read.texts, reader, is_beside=is_beside)
    sentences: list[SummarySentence] = []
    is_waiting = False
    if read.texts and may_ask(HELPER, record):
        sentences, is_waiting = _model_sentences(record, reader, slug, citations)
    by_model = bool(sentences)
    if not by_model:
        sentences = summarize(read.texts, reader)
    return ShownSummary(
        [_shown_sentence(sentence, citations) for sentence in sentences],
        len(read.texts),
        _until(read, reader),
        is_by_model=by_model,
        is_being_written=is_waiting,
        state=read.last_ref,
    )


def _model_sentences(
    record: Any, reader: Reader, slug: str, citations: dict[str, Citation]
) -> tuple[list[SummarySentence], bool]:
    """Return the model's sentences whose sources the member may all read, and whether it is being asked."""
    language = reader.language.split("-")[0]
    shared = read_texts(record, None, slug)
    key = summary_key(shared.last_ref, len(shared.texts), language)
    stored = stored_summary(record, language)
    if stored and stored.key == key:
        readable = [row for row in stored.sentences if set(row["refs"]) <= citations.keys()]
        return [SummarySentence(row["text"], tuple(row["refs"]), row["open"]) for row in readable], False
    tried = AssistantCall.objects.about(record).filter(helper=HELPER, key=key)
    if not shared.texts or tried.exclude(verdict="").exists():
        return [], False
    return [], request_call(HELPER, record, by=None, key=key, options={"language": language}) is not None


def _citations(texts: Sequence[RecordText], reader: Reader, *, is_beside: bool) -> dict[str, Citation]:
    return {
        text.ref: Citation(number, f"#{text.ref}" if is_beside else text.url, f"{text.who}, {reader.near(text.at)}")
        for number, text in enumerate(texts, 1)
    }


def _shown_sentence(sentence: SummarySentence, citations: dict[str, Citation]) -> ShownSentence:
    return ShownSentence(sentence.text, [citations[ref] for ref in sentence.refs if ref in citations], sentence.is_open)


def _until(read: RecordTexts, reader: Reader) -> str:
    if read.texts:
        return reader.near(read.texts[-1].at)
    return ""
