"""Holders of document URLs: members here; customers through an entry of the portal app."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from crm.documents.models import Document
from crm.documents.serving.addresses import AddressUse, DocumentPass
from crm.platform import features
from crm.platform.access.permissions import allows
from crm.platform.features import Feature
from crm.platform.models import AccessLog
from crm.platform.organization.configuration import directory

MEMBER = "member"


@dataclass(frozen=True)
class Holder(Feature):
    """A kind of reader: checks whether one may read a document now, and records reads. Runs inside the tenant."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    may_read: Callable[[DocumentPass, Document], bool]
    note_read: Callable[[DocumentPass, Document], None]


def admit(held: DocumentPass, document: Document) -> bool:
    """True if the holder may still read the document. Records the read, except for thumbnails."""
    holder = next((one for one in features.of(Holder) if one.name == held.holder), None)
    if holder is None or not holder.may_read(held, document):
        return False
    if held.use != AddressUse.SMALL:
        holder.note_read(held, document)
    return True


def _member_may_read(held: DocumentPass, document: Document) -> bool:
    member = directory().members.get(held.holder_id)
    if member is None or not member.active or not allows(member, "documents.view"):
        return False
    return bool(Document.objects.visible_to(member).filter(pk=document.pk).exists())


def _note_member(held: DocumentPass, document: Document) -> None:
    AccessLog.objects.note_read(document, by=directory().members[held.holder_id])


MEMBERS = Holder(MEMBER, _member_may_read, _note_member)
