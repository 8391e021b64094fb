"""A sealed file is whole; one changed byte, a later revision or another signer shows."""

import asyncio
import random

import pytest

from libs.sealed_pdf import SealFacts, SealState, UnsealablePdf, seal, verify
from libs.sealed_pdf.event_loops import call_in_thread
from tests.libs.sealed_pdf.files import (
    NOON,
    our_identity,
    plain_pdf,
    sealed_pdf,
    their_identity,
    with_later_revision,
)

OURS = (our_identity().certificate,)


def flipped(pdf: bytes, at: int, bit: int = 1) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ bit]) + pdf[at + 1 :]


def seal_place(pdf: bytes) -> tuple[int, int]:
    """Return where the hexadecimal string of the seal begins and ends."""
    start = pdf.index(b"/Contents <") + len(b"/Contents ")
    return start, pdf.index(b">", start) + 1


def test_a_sealed_file_is_whole_and_says_who_and_when() -> None:
    verdict = verify(sealed_pdf(), OURS)
    assert (verdict.state, verdict.signer, verdict.sealed_at) == (SealState.WHOLE, "Suncoast Roofing", NOON)
    assert verdict.sentence == (
        "This PDF is whole: nothing was changed since Suncoast Roofing sealed it on 2026-11-26 12:00 UTC."
    )


def test_a_caller_may_have_an_event_loop() -> None:
    async def seal_and_verify() -> SealState:
        return verify(sealed_pdf(), OURS).state

    # In a thread, as Playwright leaves an event loop in the one of the tests.
    assert call_in_thread(asyncio.run, seal_and_verify()) == SealState.WHOLE


def test_one_changed_byte_anywhere_outside_the_seal_shows() -> None:
    pdf = sealed_pdf()
    start, end = seal_place(pdf)
    outside = [at for at in range(len(pdf)) if not start <= at < end]
    for at in random.Random(34).sample(outside, 150):
        assert not verify(flipped(pdf, at), OURS).is_whole, at


@pytest.mark.parametrize("bit", [1, 0x20])
def test_one_changed_byte_in_the_seal_itself_shows(bit: int) -> None:
    """0x20 changes a letter of the hexadecimal to a capital, which reads as the same number."""
    pdf = sealed_pdf()
    start, end = seal_place(pdf)
    for at in [start, end - 1, *random.Random(bit).sample(range(start + 1, end - 1), 150)]:
        assert not verify(flipped(pdf, at, bit), OURS).is_whole, at


def test_a_changed_amount_is_altered() -> None:
    plain = plain_pdf()
    sealed = sealed_pdf()
    at = plain.index(b"stream") + 20
    assert verify(flipped(sealed, at), OURS).state == SealState.ALTERED


def test_a_later_revision_shows() -> None:
    verdict = verify(with_later_revision(sealed_pdf()), OURS)
    assert verdict.state == SealState.EXTENDED
    assert verdict.sentence.startswith("Something was added to this PDF after Suncoast Roofing sealed it")


def test_bytes_after_the_end_show() -> None:
    assert verify(sealed_pdf() + b"\n", OURS).state == SealState.EXTENDED


def test_a_file_cut_short_is_altered() -> None:
    assert verify(sealed_pdf()[:-20], OURS).state == SealState.ALTERED


def test_another_signer_is_named() -> None:
    verdict = verify(sealed_pdf(their_identity()), OURS)
    assert verdict.state == SealState.FOREIGN
    assert "Somebody Else" in verdict.sentence


def test_a_sealed_file_can_not_be_sealed_again() -> None:
    with pytest.raises(UnsealablePdf):
        seal(sealed_pdf(), their_identity(), SealFacts(NOON))


def test_an_unsealed_file_says_so() -> None:
    assert verify(plain_pdf(), OURS).state == SealState.UNSIGNED


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.4 and nothing else", b"%PDF-1.4\n" + b"[" * 5000])
def test_what_is_no_pdf_is_unreadable(content: bytes) -> None:
    assert verify(content, OURS).state == SealState.UNREADABLE


def test_nothing_trusted_means_somebody_else() -> None:
    assert verify(sealed_pdf(), ()).state == SealState.FOREIGN


def test_what_is_no_pdf_can_not_be_sealed() -> None:
    with pytest.raises(UnsealablePdf):
        seal(b"hello", our_identity(), SealFacts(NOON))
