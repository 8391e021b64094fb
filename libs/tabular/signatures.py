"""Recognize by its first bytes a file that is no CSV, such as a PDF, and say what to do.

Workbooks and archives never come here: libs.tabular.archives looks into those.
"""

import re

from libs.sentence import Sentence
from libs.sentence import Sentence as _

_SIGNATURES: tuple[tuple[bytes, Sentence], ...] = (
    (b"%PDF", _("This is a PDF document. Export the list as .xlsx or CSV from the program it came from.")),
    (b"{\\rtf", _("This is a text document (RTF). Put the list into a spreadsheet and save that as .xlsx or CSV.")),
    (b"\x1f\x8b", _("This file is compressed (gzip). Unpack it first and choose the spreadsheet in it.")),
    (b"7z\xbc\xaf", _("This file is compressed (7-Zip). Unpack it first and choose the spreadsheet in it.")),
    (b"Rar!", _("This file is compressed (RAR). Unpack it first and choose the spreadsheet in it.")),
    (b"SQLite format 3", _("This is a database file. Export the list from its program as .xlsx or CSV.")),
    (b"\x89PNG", _("This is a picture. Choose the spreadsheet itself, as .xlsx or CSV.")),
    (b"\xff\xd8\xff", _("This is a picture. Choose the spreadsheet itself, as .xlsx or CSV.")),
    (b"GIF8", _("This is a picture. Choose the spreadsheet itself, as .xlsx or CSV.")),
    (b"BEGIN:VCARD", _("These are address cards (vCard). Export the contacts as CSV instead.")),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|table|meta|style|div|\?xml|!--)", re.IGNORECASE)
_JSON = re.compile(rb'\s*(?:\{\s*"|\[\s*[\[{])')


def not_csv(head: bytes) -> Sentence | None:
    """Return a sentence for a file with these first bytes; None if it may be a CSV file."""
    for signature, sentence in _SIGNATURES:
        if head.startswith(signature):
            return sentence
    text = head.removeprefix(b"\xef\xbb\xbf")
    if _MARKUP.match(text):
        return _("This is a web page or XML file with the name of a spreadsheet. Export it again as .xlsx or CSV.")
    if _JSON.match(text):
        return _("This file holds JSON. Export the list as .xlsx or CSV instead.")
    return None
