"""QR code of the European Payments Council (EPC069-12): a banking app fills in the transfer from it."""

import io
from decimal import Decimal

from segno.helpers import make_epc_qr

from libs.bank_statements.references import is_iban, parse_reference
from libs.sentence import Sentence as _

LARGEST = 99_999_999_999
LONGEST_NAME = 70
LONGEST_TEXT = 140
LONGEST_REFERENCE = 35


class UnpayableTransfer(Exception):
    """The standard has no code for this transfer. `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def transfer_qr(*, name: str, iban: str, cents: int, currency: str, reference: str, bic: str = "") -> str:
    """Return the code as SVG. A valid RF reference is structured, another text free. Raises UnpayableTransfer."""
    if currency != "EUR":
        raise UnpayableTransfer(_("There are QR codes for transfers in euros only."))
    if not is_iban(iban):
        raise UnpayableTransfer(_("The IBAN isn’t right."))
    if not 0 < cents <= LARGEST:
        raise UnpayableTransfer(_("There are no QR codes for this amount."))
    is_structured = reference.startswith("RF") and bool(parse_reference(reference))
    remittance = {"text": reference[:LONGEST_TEXT] or name[:LONGEST_TEXT]}
    if is_structured:
        remittance = {"reference": parse_reference(reference)[:LONGEST_REFERENCE]}
    code = make_epc_qr(
        name=name[:LONGEST_NAME],
        iban=iban.replace(" ", ""),
        amount=Decimal(cents).scaleb(-2),
        bic=bic or None,
        encoding="UTF-8",
        **remittance,
    )
    file = io.BytesIO()
    # Four modules of quiet zone, as the standard wants; a color scheme can't make it unreadable.
    code.save(file, kind="svg", xmldecl=False, svgns=True, border=4, light="#ffffff", dark="#000000", omitsize=True)
    return file.getvalue().decode()
