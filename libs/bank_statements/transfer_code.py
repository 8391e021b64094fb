"""QR code of the European Payments Council (EPC069-12): a banking app fills in the transfer from it."""

import io
from decimal import Decimal

from segno import QRCode
from segno.helpers import make_epc_qr

from libs.bank_statements.references import is_iban, parse_reference
from libs.sentence import Sentence
from libs.sentence import Sentence as _

# Modules around it, as the standard wants.
QUIET = 4
LARGEST = 99_999_999_999
LONGEST_NAME = 70
LONGEST_TEXT = 140
LONGEST_REFERENCE = 35


class UnpayableTransfer(Exception):
    """The standard has no code for this transfer. `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def transfer_qr(*, name: str, iban: str, cents: int, currency: str, reference: str, bic: str = "") -> str:
    """Return the code as SVG. A valid RF reference is structured, another text free. Raises UnpayableTransfer."""
    file = io.BytesIO()
    # A color scheme can't make it unreadable.
    look = {"xmldecl": False, "svgns": True, "light": "#ffffff", "dark": "#000000", "omitsize": True}
    code = _make_code(name, iban, cents, currency, reference, bic)
    code.save(file, kind="svg", border=QUIET, **look)
    return file.getvalue().decode()


def transfer_matrix(
    *, name: str, iban: str, cents: int, currency: str, reference: str, bic: str = ""
) -> list[list[bool]]:
    """Return the code as rows of dark and light modules, with its quiet zone. Raises UnpayableTransfer."""
    code = _make_code(name, iban, cents, currency, reference, bic)
    return [[bool(module) for module in row] for row in code.matrix_iter(border=QUIET)]


def _make_code(name: str, iban: str, cents: int, currency: str, reference: str, bic: str) -> QRCode:
    if currency != "EUR":
        raise UnpayableTransfer(_("There are QR codes for transfers in euros only."))
    if not is_iban(iban):
        raise UnpayableTransfer(_("The IBAN isn’t right."))
    if not 0 < cents <= LARGEST:
        raise UnpayableTransfer(_("There are no QR codes for this amount."))
    remittance = {"text": reference[:LONGEST_TEXT] or name[:LONGEST_TEXT]}
    if reference.startswith("RF") and parse_reference(reference):
        remittance = {"reference": parse_reference(reference)[:LONGEST_REFERENCE]}
    return make_epc_qr(
        name=name[:LONGEST_NAME],
        iban=iban.replace(" ", ""),
        amount=Decimal(cents).scaleb(-2),
        bic=bic or None,
        encoding="UTF-8",
        **remittance,
    )
