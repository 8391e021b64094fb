"""Verify a PDF that somebody holds."""

from crm.documents.seals.installation_identity import trusted_certificates
from libs.sealed_pdf import SealVerification, verify


def verify_pdf(content: bytes) -> SealVerification:
    """Return whether this is a PDF of ours, and whole."""
    return verify(content, trusted_certificates())
