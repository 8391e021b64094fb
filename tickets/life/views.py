"""Settings: how long after its end a conversation opens again, closes for good, and is archived (docs/rules.md#k5)."""

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
    """Show the days that hold now, and how far the dates have moved since they were last edited."""
    run = EndingRun.objects.order_by("-pk").first()
    return {"policy": life_policy(), "run": run, "page": _run_page(request, run) if run else None}


@policy.action()
def set_policy(request: TenantRequest) -> str:
    """Set the days; what is solved or closed already follows them."""
    days = {name: _parse_days(request.POST.get(name, "")) for name in ("reopen_days", "close_days", "archive_days")}
    ending_dates.set_policy(**days, by=request.member)
    return _("Saved.")


@require("tickets.set_up")
def policy_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show how far the dates have moved; a fragment of the page of settings."""
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
