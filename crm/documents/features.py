"""Register what documents add: permissions, event words, what is erased, a tenant's first kinds."""

from django.utils.translation import gettext_lazy as _

from crm.documents.erasure import DATA
from crm.documents.event_words import EVENT_WORDS
from crm.documents.kinds import begin
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.tenancy.tenant_creation import TenantStart

PERMISSIONS = [
    PermissionGroup(23, "documents", _("Documents")),
    Permission(
        "documents.view",
        EVERYBODY,
        "documents",
        _("See documents"),
        _("Of the leads and customers they see. Every look is on record."),
    ),
    Permission(
        "documents.add",
        EVERYBODY,
        "documents",
        _("Add documents"),
        _("Upload files and photos, and new versions; name them, and say when they expire."),
    ),
    Permission(
        "documents.share",
        EVERYBODY,
        "documents",
        _("Show documents to customers"),
        _("Decide what the customer sees, ask them for documents, and accept what they send."),
    ),
    Permission(
        "documents.remove",
        frozenset({Role.MANAGER, Role.ADMIN, Role.SERVICE}),
        "documents",
        _("Archive documents"),
        _("Take them out of sight, and bring them back."),
    ),
    Permission(
        "documents.set_up",
        frozenset({Role.MANAGER, Role.ADMIN}),
        "settings",
        _("Set up kinds of documents"),
        _("Which there are, which have personal data, and how long before they expire somebody is told."),
    ),
]
FEATURES: list[Feature] = [
    *PERMISSIONS,
    *DATA,
    *EVENT_WORDS,
    Topic("documents", ("document", "document_request")),
    TenantStart(begin),
]
