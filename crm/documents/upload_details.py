"""Parse the forms of documents: kind, title, visibility to the customer, and expiry date."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.documents.files.inspection import Inspected
from crm.documents.kinds import document_kinds, kind_for, offered_kinds
from crm.documents.models import DocumentKind, DocumentVisibility
from crm.documents.models.document import tidy_title
from crm.kernel.days import parse_typed_day
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.models import Member


@dataclass(frozen=True)
class UploadDetails:
    """Form data about uploaded files. `kind_id` 0: derive the kind from each file."""

    kind_id: int = 0
    title: str = ""
    visibility: str = DocumentVisibility.INTERNAL
    expires_on: date | None = None

    def kind(self, file: Inspected) -> DocumentKind:
        """The kind to save a file as. Raises Refused if there is none."""
        kind = document_kinds().get(self.kind_id) or kind_for(is_photo=file.is_photo)
        if kind is None:
            raise Refused(_("No document types yet. Add one in the settings."))
        return kind

    def as_json(self) -> dict[str, Any]:
        """Return the details as JSON, stored with the upload until it is complete."""
        expires = ""
        if self.expires_on:
            expires = self.expires_on.isoformat()
        return {"kind": self.kind_id, "title": self.title, "visibility": self.visibility, "expires": expires}

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> "UploadDetails":
        expires = None
        if kept.get("expires"):
            expires = date.fromisoformat(kept["expires"])
        return cls(
            kept.get("kind", 0), kept.get("title", ""), kept.get("visibility", DocumentVisibility.INTERNAL), expires
        )


def told_in(post: QueryDict, member: Member) -> UploadDetails:
    """Parse the form of new documents. Without the permission to show documents, they are internal."""
    shows = "visible" in post and allows(member, "documents.share")
    return UploadDetails(
        kind_id=kind_in(post),
        title=tidy_title(post.get("title", "")),
        visibility=DocumentVisibility.CUSTOMER if shows else DocumentVisibility.INTERNAL,
        expires_on=parse_typed_day(post.get("expires_on", "")),
    )


def kind_in(post: QueryDict) -> int:
    """Return the id of the chosen kind among those offered; 0 for none."""
    chosen = post.get("kind", "")
    return next((row.pk for row in offered_kinds() if str(row.pk) == chosen), 0)
