"""Run log views: the list of all runs, and the page of one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.automation.editor.overview import state_of
from crm.automation.engine import run_actions
from crm.automation.log.run_account import run_account
from crm.automation.log.run_lines import run_lines
from crm.automation.log.run_list import RUNS
from crm.automation.models import RuleRun
from crm.automation.views.frame import MANAGE, VIEW, page_context
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require(VIEW)
def log(request: TenantRequest) -> HttpResponse:
    """Show the runs that match the filters."""
    filters = RUNS.read(request.GET, request.member)
    page = read_page(RUNS.apply(filters, request.member), request.GET, RUNS.order_of(filters))
    context = {
        "page": page,
        "lines": run_lines(page.rows, request),
        "first_url": filters.query(),
        "q": filters.get("q"),
        **frame(request, RUNS, filters),
        **page_context(request),
    }
    return render(request, "automation/log.html", context)


def _get_run(pk: int) -> RuleRun:
    run: RuleRun = get_object_or_404(RuleRun.objects.select_related("rule", "version"), pk=pk)
    return run


@require(VIEW)
def run(request: TenantRequest, pk: int) -> HttpResponse:
    """Show one run in full."""
    row = _get_run(pk)
    reader = Reader.of(request.member, clock.now())
    context = {
        "run": row,
        "line": run_lines([row], request)[0],
        "account": run_account(row, reader),
        "state": state_of(row.rule),
        **page_context(request),
    }
    return render(request, "automation/run.html", context)


def _run_action_view(verb: Callable[..., None], words: Callable[[], str]) -> Any:
    """Return the view of an action on a run."""

    @require(MANAGE)
    @require_POST
    def view(request: TenantRequest, pk: int) -> HttpResponse:
        try:
            verb(_get_run(pk), by=request.member)
        except Refused as why:
            messages.warning(request, str(why))
        else:
            messages.success(request, words())
        return redirect("automation:run", request.tenant.slug, pk)

    return view


stop_run = _run_action_view(run_actions.stop_run, lambda: _("Stopped."))
retry_run = _run_action_view(run_actions.retry_run, lambda: _("Retrying from the step that failed."))
