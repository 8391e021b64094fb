"""Register what lost reasons add: their permission, settings page, and a new tenant's defaults."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.losses.setup import create_lost_reasons
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.settings.sections import Section

MANAGE = "lost_reasons.manage"

FEATURES: list[Feature] = [
    Permission(
        name=MANAGE,
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="settings",
        label=_("Set up lost reasons"),
        note=_("Reasons for lost and dropped leads, and the detail asked with each."),
    ),
    Section(
        group="sales",
        name="jobs:lost_reasons",
        permission=MANAGE,
        icon="flag",
        label=_("Lost reasons"),
        note=_("Why leads are lost, and the detail that is asked with each reason."),
        affects=_("Affects the choices when a lead is marked as lost, and the report on lost leads."),
        words=_("loss disqualified closed lost reasons"),
        tab_of="jobs:fields",
    ),
    TenantStart(create_lost_reasons, again=create_lost_reasons),
]
