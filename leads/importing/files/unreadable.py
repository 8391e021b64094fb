"""The error for a file whose rows can't be imported, with one sentence on what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.functional import Promise

from crm.kernel.sentences import translate_sentence
from crm.platform.work.runs import RunFailed
from libs.tabular import UnreadableTable


class UnreadableFile(RunFailed):
    """The file can't be read as rows of leads; the message is a sentence for a person."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))


@contextmanager
def translated_refusals() -> Iterator[None]:
    """Re-raise `libs.tabular` errors as Unreadable, translated to the active language."""
    try:
        yield
    except UnreadableTable as refusal:
        raise UnreadableFile(translate_sentence(refusal.sentence)) from None
