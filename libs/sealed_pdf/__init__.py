"""Seal PDF files with an electronic signature (PAdES), and verify that a sealed file is whole.

README.md has an example. Applications import from here alone.
"""

from libs.sealed_pdf.identity import SealIdentity, UnusableIdentity, make_identity, read_identity
from libs.sealed_pdf.sealing import SealFacts, UnsealablePdf, seal
from libs.sealed_pdf.timestamps import PostTimeStamper, TimestampRefused
from libs.sealed_pdf.verification import SealState, SealVerification, verify

__all__ = [
    "PostTimeStamper",
    "SealFacts",
    "SealIdentity",
    "SealState",
    "SealVerification",
    "TimestampRefused",
    "UnsealablePdf",
    "UnusableIdentity",
    "make_identity",
    "read_identity",
    "seal",
    "verify",
]
