"""Settings: the territories, their postal codes and states, and who works there."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.assignment.features import MANAGE
from crm.jobs.assignment.views.members import chosen_members, member_choices
from crm.jobs.models.assignment import Territory
from crm.jobs.models.assignment.setup import assignment_setup
from crm.jobs.models.assignment.territory import listed
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page


def version() -> str:
    """Hash what the page's forms show."""
    setup = assignment_setup()
    working = sorted((member_id, sorted(areas)) for member_id, areas in setup.territories_of.items())
    rows = [(row.pk, row.name, row.postal_codes, row.states, row.archived_at) for row in setup.territories.values()]
    return version_of(rows, working)


@settings_page("jobs:territories", MANAGE, "jobs/assignment/territories.html", version=version)
def territories(request: TenantRequest) -> Context:
    """Show the territories with who works there, and the archived ones."""
    setup = assignment_setup()
    live = [row for row in setup.territories.values() if row.archived_at is None]
    return {
        "live": [
            (row, member_choices({pk for pk, areas in setup.territories_of.items() if row.pk in areas})) for row in live
        ],
        "archived": [row for row in setup.territories.values() if row.archived_at],
    }


def _territory(pk: int) -> Territory:
    return get_object_or_404(Territory.objects.all(), pk=pk)


@territories.action()
def add_territory(request: TenantRequest) -> str:
    """Add a territory."""
    territory = Territory.add(
        request.POST.get("name", ""), postal_codes=listed(request.POST.get("postal_codes", "")), by=request.member
    )
    return _("“%(name)s” was added. Choose who works there.") % {"name": territory.name}


@territories.action(_territory)
def edit_territory(request: TenantRequest, territory: Territory) -> str:
    """Save a territory's name, what it covers and who works there."""
    territory.edit(
        name=request.POST.get("name", ""),
        postal_codes=listed(request.POST.get("postal_codes", "")),
        states=listed(request.POST.get("states", "")),
        members=chosen_members(request),
        by=request.member,
    )
    return _("“%(name)s” was saved.") % {"name": territory.name}


# Archived: it covers nothing any more.
archive_territory, restore_territory = territories.archive_actions(
    _territory, restored=gettext_lazy("“%(name)s” was restored.")
)
