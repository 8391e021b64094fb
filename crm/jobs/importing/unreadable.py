"""The error for a file whose rows can't be imported, with one sentence on what to do."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.kernel.sentences import translate_sentence
from crm.platform.health.logs import describe_error
from crm.platform.work.runs import RunFailed
from libs.tabular import UnreadableTable

logger = logging.getLogger(__name__)


class UnreadableFile(RunFailed):
    """The file can't be read as rows to import; the message is a sentence for a person."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))


@contextmanager
def translated_refusals() -> Iterator[None]:
    """Re-raise `libs.tabular` errors as UnreadableFile, translated to the active language."""
    try:
        yield
    except UnreadableTable as refusal:
        raise UnreadableFile(translate_sentence(refusal.sentence)) from None


@contextmanager
def in_words() -> Iterator[None]:
    """Convert other exceptions of a reader into UnreadableFile, so that the file is not retried."""
    try:
        with translated_refusals():
            yield
    except (RunFailed, OSError, MemoryError, DatabaseError):
        raise
    except Exception as error:
        # In one line, for the command's own words are a sentence: where it broke, and not what the file says.
        logger.error("a file could not be read", extra={"error": describe_error(error)})
        raise UnreadableFile(_("This file could not be read. Save it again as .xlsx or CSV.")) from None
