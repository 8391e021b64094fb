"""Notices to members about requests for documents that could not be sent."""

from django.utils.translation import gettext_lazy as _

from crm.web.notices.kinds import NoticeKind

UNSENT = "document_request.unsent"
KIND = NoticeKind(
    name=UNSENT,
    permission="documents.view",
    icon="file-text",
    label=_("My customer can’t be asked for a document"),
    words=_("Your customer wasn’t asked for a document: they can’t be reached, or their portal access was removed"),
)
