"""Settings: reasons why leads are lost or dropped, in two levels, and the detail each asks for."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from crm.jobs.losses.features import MANAGE
from crm.jobs.losses.setup import lost_reasons
from crm.jobs.models.losses import Asks, Ends, LostReason
from crm.jobs.pipeline_settings.views.lookup import number, shift
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page


def version() -> str:
    """Hash what the page's forms show."""
    rows = lost_reasons().all.values()
    return version_of([(row.pk, row.name, row.asks, row.position, row.archived_at) for row in rows])


@settings_page("jobs:lost_reasons", MANAGE, "jobs/losses/reasons.html", version=version)
def reasons(request: TenantRequest) -> Context:
    """Show the live reasons, their sub-reasons, and the archived ones."""
    setup = lost_reasons()
    titles = {Ends.LOST: _("Lost"), Ends.DROPPED: _("Dropped: not a fit")}
    return {
        "groups": [(ends, titles[ends], setup.live_groups(ends)) for ends in Ends],
        "archived": [row for row in setup.all.values() if row.archived_at],
        "asks": Asks.choices,
    }


def _get_reason(pk: int) -> LostReason:
    return get_object_or_404(LostReason.objects.all(), pk=pk)


@reasons.action()
def add(request: TenantRequest) -> str:
    """Add a reason or sub-reason."""
    posted = request.POST
    parent = None
    if posted.get("parent"):
        parent = _get_reason(number(posted["parent"]))
    row = LostReason.add(
        posted.get("name", ""),
        ends=posted.get("ends", ""),
        asks=posted.get("asks", ""),
        parent=parent,
        by=request.member,
    )
    return _("“%(name)s” was added.") % {"name": row.name}


@reasons.action(_get_reason)
def edit(request: TenantRequest, row: LostReason) -> str:
    """Rename a reason, and set the detail it asks for."""
    row.edit(name=request.POST.get("name", ""), asks=request.POST.get("asks", ""), by=request.member)
    return _("“%(name)s” was saved.") % {"name": row.name}


@reasons.action(_get_reason)
def move(request: TenantRequest, row: LostReason) -> str:
    """Move a reason one place up or down within its level."""
    beside = LostReason.objects.filter(ends=row.ends, parent=row.parent_id, archived_at=None)
    shift(request, beside, row, lambda before: row.move(before=before, by=request.member))
    return _("The order is saved.")


# Archived: leads that were lost for it keep it.
archive, restore = reasons.archive_actions(_get_reason)
