"""The error of an unreadable file, as a sentence to act on, and the limits that bound memory."""

from libs.sentence import Sentence
from libs.sentence import Sentence as _

# Characters of one row, over however many lines; one with a long note stays far below it.
MAX_RECORD = 1_000_000
# Characters of one cell: what Python's csv module allows by default, which is set for a whole process.
MAX_CELL = 131_072
# Some CRMs export every property there is, a few hundred; a page with more of them is nobody's to correct.
MAX_COLUMNS = 500


class UnreadableTable(Exception):
    """The file can't be read as rows; the message is a sentence for a person."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    @classmethod
    def long_line(cls, line: int) -> "UnreadableTable":
        return cls(
            _("Line %(line)s is longer than %(limit)s characters, too long for a row. Is this the right file?")
            % {"line": line, "limit": MAX_RECORD}
        )

    @classmethod
    def no_rows(cls) -> "UnreadableTable":
        return cls(_("The file has no rows: all its cells are empty. Is this the right file, and the right sheet?"))
