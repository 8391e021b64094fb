"""The scheduled warning that a document is about to expire."""

from crm.documents.models.document_record import DocumentRecord
from crm.platform.work import due

EXPIRING = "document.expiring"


def schedule_expiry(document: DocumentRecord) -> None:
    """Schedule the expiry warning; cancel it if it was already given or the document does not expire."""
    at = document.warn_at
    if at is None or document.warned_of == document.expires_on:
        due.cancel(EXPIRING, [document.pk])
    else:
        due.schedule(EXPIRING, document.pk, at)
