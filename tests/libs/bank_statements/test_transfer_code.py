"""The QR code of a bank transfer: what the European Payments Council wants in it."""

import pytest
from segno.helpers import make_epc_qr

from libs.bank_statements import UnpayableTransfer, transfer_qr

IBAN = "NL91 ABNA 0417 1643 00"


def code_of(**changes: object) -> str:
    facts = {"name": "Dakwerk BV", "iban": IBAN, "cents": 460433, "currency": "EUR", "reference": "RF18 5390 0754 7034"}
    return transfer_qr(**(facts | changes))  # type: ignore[arg-type]


def test_a_code_is_a_drawing_without_a_program() -> None:
    svg = code_of()
    assert svg.startswith("<svg ")
    assert "viewBox" in svg
    assert "script" not in svg


def test_the_reference_is_structured_and_the_amount_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []
    monkeypatch.setattr(
        "libs.bank_statements.transfer_code.make_epc_qr", lambda **facts: asked.append(facts) or make_epc_qr(**facts)
    )
    code_of()
    assert (asked[0]["reference"], str(asked[0]["amount"])) == ("RF18539007547034", "4604.33")
    assert asked[0]["iban"] == "NL91ABNA0417164300"


def test_another_reference_is_free_text() -> None:
    assert code_of(reference="Invoice 2026-0042") != code_of()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"currency": "USD"}, "There are QR codes for transfers in euros only."),
        ({"iban": "NL00 ABNA 0417 1643 00"}, "The IBAN isn’t right."),
        ({"cents": 0}, "There are no QR codes for this amount."),
        ({"cents": 10**12}, "There are no QR codes for this amount."),
    ],
)
def test_what_has_no_code_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(UnpayableTransfer) as refusal:
        code_of(**changes)
    assert refusal.value.sentence == sentence
