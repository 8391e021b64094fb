"""Register documents: permissions, event descriptions, erasure, and the first kinds of a tenant."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.documents.configuration import KINDS as KINDS_SECTION
from crm.documents.document_list import DOCUMENTS, EXPORT
from crm.documents.erasure import DATA
from crm.documents.event_words import EVENT_WORDS
from crm.documents.kinds import begin, offered_kinds
from crm.documents.models import Document, DocumentRequest
from crm.documents.models.document_kind import DocumentKind
from crm.documents.notices import KINDS
from crm.documents.serving.holders import MEMBERS
from crm.jobs.models import Job
from crm.jobs.pipelines.key_fields import KeyField, KeyFieldSource
from crm.jobs.timeline.parts import TimelineKinds, TimelinePart
from crm.people.models import Person
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.access.visibility_report import VisibleCount
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.lists.saved.palette import PaletteList
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to


def key_fields() -> Iterable[KeyField]:
    """Return a key field for each active kind, including photos."""
    return [_key_field(kind) for kind in offered_kinds()]


def _key_field(kind: DocumentKind) -> KeyField:
    return KeyField(
        f"document-{kind.pk}",
        gettext("Document: %(kind)s") % {"kind": kind.name},
        gettext("No document: %(kind)s") % {"kind": kind.name},
        lambda: Q(Exists(Document.objects.live().filter(job=OuterRef("pk"), kind=kind))),
        link="documents",
    )


PERMISSIONS = [
    PermissionGroup("documents", _("Documents")),
    Permission(
        name="documents.view",
        roles=EVERYBODY,
        group="documents",
        label=_("See documents"),
        note=_("Of the leads and customers they can see. Every view is logged."),
    ),
    Permission(
        name="documents.add",
        roles=EVERYBODY,
        group="documents",
        label=_("Add documents"),
        note=_("Upload files, photos and new versions; set title, type and expiry date."),
    ),
    Permission(
        name="documents.share",
        roles=EVERYBODY,
        group="documents",
        label=_("Show documents to customers"),
        note=_("Decide what the customer sees, ask them for documents, and accept what they send."),
    ),
    Permission(
        name="documents.remove",
        roles=frozenset({Role.MANAGER, Role.ADMIN, Role.SERVICE}),
        group="documents",
        label=_("Archive documents"),
        note=_("Archive and restore them."),
    ),
    Permission(
        name="documents.set_up",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="settings",
        label=_("Set up document types"),
        note=_("Types, which of them hold personal data, and reminders before they expire."),
    ),
]
FEATURES: list[Feature] = [
    KINDS_SECTION,
    *PERMISSIONS,
    *DATA,
    *EVENT_WORDS,
    TimelineKinds("document", TimelinePart.FILES),
    *KINDS,
    NavigationPage(
        name="documents:list",
        permission="documents.view",
        icon="file-text",
        label=_("Documents"),
        section=True,
        tab_of="service:list",
    ),
    RecordPage(model=Document, name="documents:document", list="documents:list"),
    RecordPage(model=DocumentRequest, name="documents:request", list="documents:list"),
    RecordLink(model=Job, purpose="documents", name="documents:of_job", permission="documents.view", key="number"),
    RecordLink(model=Person, purpose="documents", name="documents:of_person", permission="documents.view"),
    Section(
        group="service",
        name="documents:kinds",
        permission="documents.set_up",
        icon="file-text",
        label=_("Document types"),
        note=_("Types of documents, which of them contain personal data, and reminders before they expire."),
        affects=_("Affects uploads, requests for documents, who may open a file, and reminders."),
        words=_("files uploads expiry insurance certificate permit attachments contract"),
    ),
    PaletteList(DOCUMENTS),
    Shortcut(keys="g d", act=going_to("documents:list"), label=_("Go to documents"), group=ANYWHERE),
    Topic("documents", ("document", "document_request")),
    VisibleCount(permission="documents.view", label=_("Documents"), rows=Document.objects.live),
    TenantStart(begin),
    KeyFieldSource("documents", key_fields),
    EXPORT,
    MEMBERS,
]
