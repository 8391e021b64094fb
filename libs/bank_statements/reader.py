"""Read a bank's file, whichever of the two formats it is in."""

import codecs

from libs.bank_statements.camt import read_camt
from libs.bank_statements.lines import BankStatement, UnreadableStatement
from libs.bank_statements.mt940 import read_mt940
from libs.sentence import Sentence as _

# A year of a busy account.
MAX_BYTES = 30_000_000
HEAD = 4096


def read_statements(content: bytes) -> list[BankStatement]:
    """Return the statements of a file. Raises UnreadableStatement with a sentence."""
    if not content.strip():
        raise UnreadableStatement(_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise UnreadableStatement(_("The file is too large for a bank statement. Download fewer days at once."))
    head = content.removeprefix(codecs.BOM_UTF8)[:HEAD].lstrip()
    if head.startswith((b"<", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return read_camt(content)
    if b":20:" in content:
        return read_mt940(content)
    raise UnreadableStatement(_("This isn’t a bank statement. Download it from your bank as CAMT.053 (XML) or MT940."))
