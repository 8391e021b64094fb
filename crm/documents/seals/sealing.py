"""Seal a PDF with the installation's certificate."""

from django.conf import settings

from crm.documents.seals.installation_identity import seal_identity
from crm.kernel import clock
from crm.platform.http.outgoing import NoAnswer, post
from libs.sealed_pdf import PostTimeStamper, SealFacts, TimestampRefused, seal

CONTENT_TYPE = "application/timestamp-query"


def seal_pdf(pdf: bytes, *, signer: str, reason: str) -> bytes:
    """Return the PDF sealed now. `signer`: on whose behalf, as a viewer displays it.

    With a timestamp authority it calls out: only from work that may (crm/platform/work/due_io.py). Raises
    TimestampRefused, so that the work is tried again, and UnsealablePdf.
    """
    timestamper = None
    if settings.SEAL_TIMESTAMP_URL:
        timestamper = PostTimeStamper(_ask_authority)
    return seal(pdf, seal_identity(), SealFacts(clock.now(), signer, reason), timestamper=timestamper)


def _ask_authority(request: bytes) -> bytes:
    try:
        response = post(settings.SEAL_TIMESTAMP_URL, request, {"Content-Type": CONTENT_TYPE})
    except NoAnswer as problem:
        raise TimestampRefused(str(problem)) from problem
    if response.status != 200:
        raise TimestampRefused(f"The timestamp authority answered {response.status}.")
    return response.body
