"""Due handlers of documents: thumbnails, expiry warnings, due requests, and unfinished uploads."""

from collections.abc import Sequence

from crm.documents.models import Document, DocumentRequest, Upload
from crm.documents.models.document_expiry import EXPIRING
from crm.documents.models.document_version import THUMBNAIL
from crm.documents.models.request_schedule import DUE
from crm.documents.models.upload import EXPIRE
from crm.documents.notices import tell_overdue, tell_sent
from crm.documents.thumbnails import make_thumbnails
from crm.platform.events.events import on
from crm.platform.work.due import handler

handler(THUMBNAIL, in_slices=True)(make_thumbnails)
on("document.added", "document.replaced")(tell_sent)
on("document_request.overdue")(tell_overdue)


@handler(EXPIRING)
def warn(ids: Sequence[int]) -> None:
    """Record expiry warnings of documents that will expire soon."""
    for document in Document.objects.filter(pk__in=ids).select_related("kind").order_by("job_id", "pk"):
        document.warn()


@handler(DUE)
def tell_due(ids: Sequence[int]) -> None:
    """Record for each request that its due date is near, reached or missed."""
    for request in DocumentRequest.objects.filter(pk__in=ids).order_by("job_id", "pk"):
        request.tell_due()


@handler(EXPIRE)
def discard(ids: Sequence[int]) -> None:
    """Delete unfinished uploads."""
    for upload in Upload.objects.filter(pk__in=ids).order_by("pk"):
        upload.discard()
