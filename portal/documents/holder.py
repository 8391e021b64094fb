"""Signed, expiring URLs of files for customers; permissions are checked again when a URL is used."""

from datetime import UTC, datetime

from django.http import Http404

from crm.documents.models import Document, DocumentRead, DocumentVersion
from crm.documents.serving.addresses import AddressUse, DocumentPass, signed_url
from crm.documents.serving.holders import MEMBER, Holder
from crm.people.models import Person
from portal.access.entrance import brand_for, viewer_by
from portal.access.links import Link
from portal.access.viewer import Level, PortalViewer
from portal.documents.reading import found_document, is_personal
from portal.models import PortalAccess

CUSTOMER = "customer"
SESSION = "session"


def url_for(viewer: PortalViewer, version: DocumentVersion, use: AddressUse) -> str:
    """Return a signed URL of a version for the viewer; for a member in preview, one of the member's."""
    if viewer.member is not None:
        return signed_url(version, use, holder=MEMBER, holder_id=viewer.member.pk)
    return signed_url(version, use, holder=CUSTOMER, holder_id=viewer.person.pk, level=_holder_level(viewer))


def _holder_level(viewer: PortalViewer) -> str:
    if viewer.level >= Level.SESSION or viewer.link is None:
        return SESSION
    link = viewer.link
    return f"link {link.job_id or 0} {int(link.at.timestamp())} {link.document}".strip()


def _viewer_of_holder(held: DocumentPass) -> PortalViewer | None:
    """Return the current viewer a URL was made for; None if they no longer have access."""
    if held.level == SESSION:
        person = Person.objects.filter(pk=held.holder_id, erased_at=None, merged_into=None).first()
        access = None
        if person:
            access = PortalAccess.objects.filter(person=person).first()
        if person is None or access is None or not access.is_open:
            return None
        return PortalViewer(person, brand_for(person.pk), Level.SESSION, access)
    _word, job_id, at, *document = held.level.split(" ")
    link = Link(
        held.tenant_id,
        held.holder_id,
        None,
        int(job_id) or None,
        document[0] if document else "",
        datetime.fromtimestamp(int(at), UTC),
        "",
    )
    return viewer_by(link)


def _may_read(held: DocumentPass, row: Document) -> bool:
    viewer = _viewer_of_holder(held)
    if viewer is None:
        return False
    try:
        found_document(viewer, row.uid)
    except Http404:
        return False
    return viewer.level >= Level.SESSION or not is_personal(row)


def _note_read(held: DocumentPass, row: Document) -> None:
    person = Person.objects.get(pk=held.holder_id)
    DocumentRead.note(row, person, level=held.level.partition(" ")[0])


HOLDER = Holder(CUSTOMER, _may_read, _note_read)
