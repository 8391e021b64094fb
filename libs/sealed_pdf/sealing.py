"""Seal a PDF file: sign it as PAdES, certified so that every later change shows."""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto.algos import SignedDigestAlgorithm
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from libs.sealed_pdf.event_loops import call_in_thread
from libs.sealed_pdf.identity import SealIdentity
from libs.sealed_pdf.timestamps import TimestampRefused

FIELD = "Seal"
DIGEST = "sha256"


class UnsealablePdf(Exception):
    """The file is no PDF that can be sealed: damaged, encrypted, or sealed already."""


@dataclass(frozen=True)
class SealFacts:
    """The facts about a seal that a viewer displays."""

    sealed_at: datetime
    signer: str = ""
    reason: str = ""
    place: str = ""


class _SealSigner(PdfSigner):
    """A signer that writes the caller's time instead of the machine's."""

    sealed_at: datetime

    def init_signing_session(self, *args: Any, **options: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **options)
        session.system_time = self.sealed_at
        return session


def seal(pdf: bytes, identity: SealIdentity, facts: SealFacts, *, timestamper: TimeStamper | None = None) -> bytes:
    """Return the file with a seal (PAdES B-B; B-T with a timestamper).

    Raises UnsealablePdf, and TimestampRefused if the authority gives no timestamp.
    """
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name=facts.signer or None,
        reason=facts.reason or None,
        location=facts.place or None,
    )
    signer = _SealSigner(metadata, build_signer(identity), timestamper=timestamper)
    signer.sealed_at = facts.sealed_at
    try:
        sealed = call_in_thread(signer.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(pdf)))
    except TimestampRequestError as refusal:
        raise TimestampRefused(str(refusal)) from refusal
    except (PdfError, SigningError, ValueError, TypeError, KeyError, AttributeError) as problem:
        raise UnsealablePdf(str(problem)) from problem
    return bytes(sealed.getvalue())


def build_signer(identity: SealIdentity) -> SimpleSigner:
    """Return pyHanko's signer with the certificates of an identity."""
    certificate, *issuers = identity.certificates
    registry = SimpleCertificateStore()
    registry.register_multiple(issuers)
    mechanism = None
    if certificate.public_key.algorithm == "rsa":
        mechanism = SignedDigestAlgorithm({"algorithm": f"{DIGEST}_rsa"})
    return SimpleSigner(
        signing_cert=certificate,
        signing_key=identity.key_info,
        cert_registry=registry,
        signature_mechanism=mechanism,
    )
