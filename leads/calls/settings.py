"""Settings: tracking numbers of sources and campaigns, and from which length a call counts."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from crm.jobs.models import Source
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import parse_typed_number
from crm.platform.organization.readable_address import readable_address
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from leads.calls.numbers import all_numbers, assignable_channels
from leads.models import CallPolicy, Campaign, TrackingNumber
from leads.models.calls.call_policy import MOST_SECONDS, call_policy
from leads.sources.setup import campaigns, list_offered

MANAGE = "sources.manage"


def version_of_numbers() -> str:
    """Hash the contents of the forms."""
    rows = [(row.pk, row.source_id, row.campaign_id, row.archived_at) for row in all_numbers().values()]
    return version_of([*rows, call_policy().least_seconds])


@settings_page("leads:tracking", MANAGE, "leads/calls/settings.html", version=version_of_numbers)
def tracking(request: TenantRequest) -> Context:
    """Show the tracking numbers with their campaigns, and the length from which a call counts."""
    rows = all_numbers().values()
    return {
        "numbers": [(row, _key_of(row)) for row in rows if row.archived_at is None],
        "archived": [row for row in rows if row.archived_at],
        "channels": assignable_channels(),
        "choices": [(one.key, one.label) for one in list_offered()],
        "policy": call_policy(),
        "most": MOST_SECONDS,
    }


def _key_of(row: TrackingNumber) -> str:
    """Return the key of a number's campaign in the select; those of merged rows are the ones they stand for."""
    source = pipeline_setup().sources[row.source_id]
    return f"{source.pk}-{campaigns().root(row.campaign_id) or 0}"


def _read_place(request: TenantRequest) -> tuple[Source, Campaign | None]:
    """Return the source and campaign of a posted key, "3-17". Raises Refused."""
    key = request.POST.get("to", "")
    if key not in {one.key for one in list_offered()}:
        raise Refused(_("Choose a source or a campaign."))
    source_id, _dash, campaign_id = key.partition("-")
    return pipeline_setup().sources[int(source_id)], campaigns().all.get(int(campaign_id))


def _get_number(pk: int) -> TrackingNumber:
    return get_object_or_404(TrackingNumber.objects.all(), pk=pk)


@tracking.action()
def add_number(request: TenantRequest) -> str:
    """Assign a phone number to a source or campaign."""
    posted = request.POST.get("channel", "")
    channel = next((row for row in assignable_channels() if str(row.pk) == posted), None)
    if channel is None:
        raise Refused(_("Choose a phone number that takes calls."))
    source, campaign = _read_place(request)
    row = TrackingNumber.add(channel, source=source, campaign=campaign, by=request.member)
    return _("Calls to %(number)s are tracked.") % {"number": readable_address(row.name)}


@tracking.action(_get_number)
def assign_number(request: TenantRequest, row: TrackingNumber) -> str:
    """Assign a number to another source or campaign, for calls from now on."""
    source, campaign = _read_place(request)
    row.assign(source=source, campaign=campaign, by=request.member)
    return _("“%(name)s” was saved.") % {"name": row.name}


archive_number, restore_number = tracking.archive_actions(_get_number)


@tracking.action()
def set_call_policy(request: TenantRequest) -> str:
    """Set the length from which a call counts."""
    sentence = _("Enter seconds from 1 to %(most)s.") % {"most": MOST_SECONDS}
    CallPolicy.set(parse_typed_number(request.POST.get("seconds", ""), sentence, most=99_999), by=request.member)
    return _("Saved. Applies to calls from now on.")
