"""Verify a PDF that somebody holds, in the language of who asks."""

from django.utils.translation import gettext

from crm.documents.seals.installation_identity import trusted_certificates
from libs.sealed_pdf import SealVerification, verify
from libs.sentence import Sentence


def verify_pdf(content: bytes) -> SealVerification:
    """Return whether this is a PDF of ours, and whole."""
    return verify(content, trusted_certificates())


def verdict_text(verdict: SealVerification) -> str:
    """Return the verdict's sentence in the active language."""
    sentence = verdict.sentence
    assert isinstance(sentence, Sentence)
    text = gettext(sentence.template)
    if sentence.values:
        return text % sentence.values
    return text
