"""Portal sections visible to each role in a job: the tenant's choice, else the defaults.

How far the work is, what comes next and who comes is for everybody in the job; a section is what not everybody sees.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import JobParty
from crm.platform.organization.configuration import cached_per_tenant
from portal.models import RoleVisibility

SECTIONS: Final[Mapping[str, str | Promise]] = {
    "messages": _("Messages"),
    "documents": _("Documents"),
    "photos": _("Photos"),
    "money": _("Prices and payments"),
    "team": _("Who works on it"),
    "claim": _("Insurance and claim"),
}
# What a link alone opens, of what the role sees: nothing that says more of a person than that there is work.
BY_LINK: Final = frozenset({"documents", "photos", "team"})
# Who reads what the others of them wrote, and answers what the customer is asked: one household. An adjuster or a
# tenant sees their own words alone.
HOUSEHOLD: Final = frozenset({JobParty.PartyRole.CUSTOMER, JobParty.PartyRole.OWNER, JobParty.PartyRole.SPOUSE})
_ALL: Final = frozenset(SECTIONS)
_Role = JobParty.PartyRole
USUAL: Final[Mapping[str, frozenset[str]]] = {
    _Role.CUSTOMER: _ALL,
    _Role.OWNER: _ALL,
    _Role.SPOUSE: _ALL,
    _Role.PROPERTY_MANAGER: frozenset({"messages", "documents", "photos", "team"}),
    _Role.ADJUSTER: frozenset({"documents", "photos", "claim"}),
    _Role.RESIDENT: frozenset({"team"}),
    _Role.PARTNER: frozenset({"documents", "photos", "team"}),
    _Role.OTHER: frozenset(),
}


def sections_of(role: str) -> frozenset[str]:
    """Return the sections a role sees. Inside the tenant."""
    return _sections_by_role().get(role, USUAL.get(role, frozenset()))


@cached_per_tenant
def _sections_by_role() -> dict[str, frozenset[str]]:
    return {row.role: frozenset(row.sections) & _ALL for row in RoleVisibility.objects.all()}
