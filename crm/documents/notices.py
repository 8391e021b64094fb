"""Notices to members about documents: files sent by their customer, and overdue requests."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from crm.documents.models import Document, DocumentRequest
from crm.platform.models import Event
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify

SENT = "document.sent"
OVERDUE = "document_request.overdue"

KINDS = [
    NoticeKind(
        name=SENT,
        permission="documents.view",
        icon="file-text",
        label=gettext_lazy("My customer sends a document"),
        words=gettext_lazy("Your customer sent a document"),
    ),
    NoticeKind(
        name=OVERDUE,
        permission="documents.view",
        icon="calendar-clock",
        label=gettext_lazy("My customer hasn’t sent what I asked for"),
        words=gettext_lazy("Your customer hasn’t sent what you asked for"),
    ),
]


def tell_sent(events: Sequence[Event]) -> None:
    """Notify the members responsible for a customer of files the customer sent, not of files added by staff."""
    rows = Document.objects.select_related("job").in_bulk([event.subject_id for event in events])
    for event in events:
        row = rows.get(event.subject_id)
        if row is not None and row.job is not None and "person" in event.data:
            notify(SENT, [row.job.member_id], key=f"event:{event.pk}", about=row.job, at=event.at)


def tell_overdue(events: Sequence[Event]) -> None:
    """Notify the requester and the members responsible for the customer that a request is overdue."""
    rows = DocumentRequest.objects.select_related("job").in_bulk([event.subject_id for event in events])
    for event in events:
        row = rows.get(event.subject_id)
        if row is not None and row.is_waiting:
            to = [row.created_by_id, row.job.member_id]
            notify(OVERDUE, to, key=f"event:{event.pk}", about=row.job, at=event.at)
