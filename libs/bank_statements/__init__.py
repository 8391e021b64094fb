"""Bank statements (CAMT.053 and MT940), payment references, and QR codes for bank transfers.

README.md has an example. Applications import from here alone.
"""

from libs.bank_statements.lines import BankLine, BankStatement, UnreadableStatement
from libs.bank_statements.reader import read_statements
from libs.bank_statements.references import (
    find_references,
    is_iban,
    make_belgian_reference,
    make_dutch_reference,
    make_rf_reference,
    parse_reference,
    written_reference,
)
from libs.bank_statements.transfer_code import UnpayableTransfer, transfer_matrix, transfer_qr

__all__ = [
    "BankLine",
    "BankStatement",
    "UnpayableTransfer",
    "UnreadableStatement",
    "find_references",
    "is_iban",
    "make_belgian_reference",
    "make_dutch_reference",
    "make_rf_reference",
    "parse_reference",
    "read_statements",
    "transfer_matrix",
    "transfer_qr",
    "written_reference",
]
