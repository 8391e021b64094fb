"""Settings: the territories, their postal codes and states, and their members."""

from django.utils.translation import gettext_lazy

from crm.jobs.assignment.features import MANAGE
from crm.jobs.assignment.views.members import chosen_members, member_choices
from crm.jobs.models.assignment import Territory
from crm.jobs.models.assignment.setup import assignment_setup
from crm.jobs.models.assignment.territory import split_codes
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page


def version() -> str:
    """Hash what the page's forms show."""
    setup = assignment_setup()
    working = sorted((member_id, sorted(areas)) for member_id, areas in setup.territories_of.items())
    rows = [(row.pk, row.name, row.postal_codes, row.states, row.archived_at) for row in setup.territories.values()]
    return version_of(rows, working)


ROWS = NamedRows(
    address="jobs:%s_territory",
    none=gettext_lazy("No territories yet."),
    new=gettext_lazy("New territory"),
    add=gettext_lazy("Add territory"),
    facts="jobs/assignment/_territory_facts.html",
    fields="jobs/assignment/_territory_fields.html",
    new_fields="jobs/assignment/_new_codes.html",
)


@settings_page("jobs:territories", MANAGE, ROWS, version=version)
def territories(request: TenantRequest) -> Context:
    """Show the territories with their members, and the archived ones."""
    setup = assignment_setup()
    return row_context(
        setup.territories.values(),
        lambda row: member_choices({pk for pk, areas in setup.territories_of.items() if row.pk in areas}),
    )


def _posted_values(request: TenantRequest, row: Territory | None) -> Context:
    """Read the posted values of a territory; the members only for an existing one."""
    codes = split_codes(request.POST.get("postal_codes", ""))
    fields: Context = {"name": request.POST.get("name", ""), "postal_codes": codes}
    if row:
        fields |= {"states": split_codes(request.POST.get("states", "")), "members": chosen_members(request)}
    return fields


# Archived: it covers nothing any more.
add_territory, edit_territory, archive_territory, restore_territory = territories.row_actions(
    Territory, _posted_values, added=gettext_lazy("“%(name)s” was added. Choose who works there.")
)
