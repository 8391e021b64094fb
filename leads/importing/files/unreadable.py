"""The error for a file whose rows can't be imported, with one sentence on what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.functional import Promise
from django.utils.translation import gettext

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
        text = gettext(refusal.sentence.template)
        values = refusal.sentence.values
        raise UnreadableFile(text % values if values else text) from None
