"""Verify a sealed PDF file: whole, altered, extended, signed by somebody else, or not sealed at all."""

import enum
import io
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from pyhanko.pdf_utils.decode_limits import DecodeLimits, StreamDecodeLimits
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from libs.sealed_pdf.event_loops import call_in_thread
from libs.sealed_pdf.identity import read_certificates
from libs.sealed_pdf.seal_bytes import are_seal_bytes_as_written
from libs.sentence import Sentence
from libs.sentence import Sentence as _

# The verdict says what is wrong with a file; pyHanko would log a traceback for each damaged one.
logging.getLogger("pyhanko.sign.validation").setLevel(logging.CRITICAL)

# A signature names the bytes it covers outside of compressed streams; without this name there is none to look for.
MARK = b"/ByteRange"
# What a compressed stream may become; only the parts of a file that lead to its signatures are decoded.
LIMITS = DecodeLimits(per_stream=StreamDecodeLimits(max_output_size=16 << 20))
# In the first kilobyte, as viewers have it; and where the way to the objects begins.
HEAD = 1024
TAIL = 2048


class SealState(enum.StrEnum):
    """The verdict on a file."""

    WHOLE = "whole"
    ALTERED = "altered"
    EXTENDED = "extended"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class SealVerification:
    """The verdict, a sentence for people, and who sealed when. `stamped_at` is the time of a timestamp authority."""

    state: SealState
    sentence: Sentence
    signer: str = ""
    sealed_at: datetime | None = None
    stamped_at: datetime | None = None

    @property
    def is_whole(self) -> bool:
        return self.state == SealState.WHOLE


ALTERED = SealVerification(
    SealState.ALTERED, _("This PDF was altered after it was sealed: it isn’t the document that was signed.")
)
UNSIGNED = SealVerification(SealState.UNSIGNED, _("This PDF has no seal, so nobody can tell whether it was changed."))
UNREADABLE = SealVerification(SealState.UNREADABLE, _("This file isn’t a PDF, or it is damaged."))


# A seal of ours decides before a signature of somebody else, and a valid one before a broken one.
PRECEDENCE = (SealState.WHOLE, SealState.EXTENDED, SealState.ALTERED, SealState.FOREIGN)


def verify(pdf: bytes, trusted: Iterable[str]) -> SealVerification:
    """Judge a file. Never raises because of its content.

    `trusted`: the certificates (PEM) that seals may be made with, each followed by those of its issuers.
    """
    if b"%PDF-" not in pdf[:HEAD]:
        return UNREADABLE
    if MARK not in pdf and b"startxref" in pdf[-TAIL:]:
        return UNSIGNED
    if MARK not in pdf:
        return UNREADABLE
    fingerprints = {certificate.sha256 for text in trusted for certificate in read_certificates(text)}
    try:
        verdicts = _judge_signatures(pdf, fingerprints)
    except Exception:
        # pyHanko raises whatever a hostile or damaged file leads to. A file that had a seal is not as it was sealed.
        return ALTERED
    return min(verdicts, key=lambda verdict: PRECEDENCE.index(verdict.state), default=ALTERED)


def _judge_signatures(pdf: bytes, fingerprints: set[str]) -> list[SealVerification]:
    reader = PdfFileReader(io.BytesIO(pdf), decode_limits=LIMITS)
    return [_judge_signature(pdf, signature, fingerprints) for signature in reader.embedded_regular_signatures]


def _judge_signature(pdf: bytes, signature: EmbeddedPdfSignature, fingerprints: set[str]) -> SealVerification:
    certificate = signature.signer_cert
    context = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    status = call_in_thread(validate_pdf_signature, signature, signer_validation_context=context, skip_diff=True)
    if not (status.intact and status.valid) or _is_timestamp_broken(status):
        return ALTERED
    signer = certificate.subject.native.get("common_name", "")
    if certificate.sha256 not in fingerprints:
        sentence = _("This PDF was signed by somebody else (%(signer)s), not sealed by us.")
        return SealVerification(SealState.FOREIGN, sentence % {"signer": signer}, signer)
    if not are_seal_bytes_as_written(pdf, signature, fingerprints):
        return ALTERED
    sealed_at = signature.self_reported_timestamp
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        sentence = _("This PDF is whole: nothing was changed since %(signer)s sealed it on %(time)s.")
        sentence = sentence % {"signer": signer, "time": _written_time(sealed_at)}
        return SealVerification(SealState.WHOLE, sentence, signer, sealed_at, _stamped_at(status))
    if status.coverage == SignatureCoverageLevel.UNCLEAR:
        return ALTERED
    sentence = _("Something was added to this PDF after %(signer)s sealed it on %(time)s. Trust only the sealed part.")
    sentence = sentence % {"signer": signer, "time": _written_time(sealed_at)}
    return SealVerification(SealState.EXTENDED, sentence, signer, sealed_at, _stamped_at(status))


def _is_timestamp_broken(status: PdfSignatureStatus) -> bool:
    stamp = status.timestamp_validity
    return stamp is not None and not (stamp.intact and stamp.valid)


def _stamped_at(status: PdfSignatureStatus) -> datetime | None:
    if status.timestamp_validity is None:
        return None
    stamped_at: datetime = status.timestamp_validity.timestamp
    return stamped_at


def _written_time(instant: datetime | None) -> str:
    """Return a time in UTC that reads the same in every country."""
    if instant is None:
        return "?"
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
