"""Settings: the portal sections each role in a job sees."""

from django.utils.translation import gettext as _

from crm.jobs.models import JobParty
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from portal.access.policy import SECTIONS, sections_of
from portal.models import RoleVisibility


@settings_page("portal_access:roles", "portal.set_up", "portal/staff/roles.html")
def roles(request: TenantRequest) -> Context:
    """Show a table of roles and sections."""
    rows = [
        (role, label, [(section, name, section in sections_of(role)) for section, name in SECTIONS.items()])
        for role, label in JobParty.PartyRole.choices
    ]
    return {"sections": SECTIONS.values(), "rows": rows}


@roles.action()
def choose_roles(request: TenantRequest) -> str:
    """Save the table."""
    chosen = {
        role: [section for section in SECTIONS if f"{role}-{section}" in request.POST]
        for role in JobParty.PartyRole.values
    }
    RoleVisibility.choose(chosen, by=request.member)
    return _("Saved.")
