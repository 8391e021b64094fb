"""A document of a kind as a key field of leads: "Quote attached"."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from crm.documents.kinds import offered_kinds
from crm.documents.models import Document
from crm.documents.models.document_kind import DocumentKind
from crm.jobs.pipelines.key_fields import KeyField


def key_fields() -> Iterable[KeyField]:
    """Return one for each kind in use; photos are one kind as any other."""
    return [_field(kind) for kind in offered_kinds()]


def _field(kind: DocumentKind) -> KeyField:
    return KeyField(
        f"document-{kind.pk}",
        _("Document: %(kind)s") % {"kind": kind.name},
        _("No document: %(kind)s") % {"kind": kind.name},
        lambda: Q(Exists(Document.objects.live().filter(job=OuterRef("pk"), kind=kind))),
        link="documents",
    )
