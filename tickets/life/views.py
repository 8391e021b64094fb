"""Settings: days after which a conversation no longer reopens, closes, and is archived (docs/rules.md#k5)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.whole_numbers import parse_typed_number
from crm.web.actions.runs import RunPage
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.settings.page import Context, settings_page
from tickets.life import ending_dates
from tickets.models import EndingRun
from tickets.models.policy import life_policy

PAGE = "tickets/life/policy.html"
# Five years.
_MOST = 1826


@settings_page("tickets:policy", "tickets.set_up", PAGE)
def policy(request: TenantRequest) -> Context:
    """Show the current days, and the progress of moving the dates since the last edit."""
    run = EndingRun.objects.order_by("-pk").first()
    return {"policy": life_policy(), "run": run, "page": _run_page(request, run) if run else None}


@policy.action()
def set_policy(request: TenantRequest) -> str:
    """Save the days; solved and closed tickets are rescheduled."""
    days = {name: _parse_days(request.POST.get(name, "")) for name in ("reopen_days", "close_days", "archive_days")}
    ending_dates.set_policy(**days, by=request.member)
    return _("Saved.")


@require("tickets.set_up")
def policy_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the progress of moving the dates, as a fragment of the settings page."""
    run = get_object_or_404(EndingRun.objects.all(), uid=uid)
    if not is_fragment(request):
        return redirect("tickets:policy", request.tenant.slug)
    return _run_page(request, run).answer(request, {})


def _run_page(request: TenantRequest, run: EndingRun) -> RunPage:
    return RunPage(
        run,
        PAGE,
        reverse("tickets:policy_run", args=[request.tenant.slug, run.uid]),
        _("%(done)s of %(total)s conversations. You can leave this page; it goes on.")
        % {"done": run.done, "total": run.total},
        _("Conversations done"),
    )


def _parse_days(text: str) -> int:
    return parse_typed_number(
        text, _("Enter a number of days from 1 to %(most)s.") % {"most": _MOST}, least=1, most=_MOST
    )
