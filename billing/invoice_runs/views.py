"""Issue many invoices: keep the selection, preview, start, and show how it went."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from billing.invoice_runs.kind import prepare_run, start_run
from billing.invoice_runs.models import InvoiceRun, InvoiceRunAct
from billing.invoice_runs.preview import preview_run
from billing.invoices.invoice_list import INVOICES
from crm.jobs.views.job_action import answer_many
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import RunStatus
from crm.platform.work.runs import cancel
from crm.web.actions.row_action import Toast, safe_next
from crm.web.actions.runs import RunPage
from crm.web.lists.definition import List
from crm.web.lists.selection import selected_ids
from crm.web.lists.selection_actions import posted_list
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

ISSUE = "billing.issue"
ISSUE_PAGE = "billing:issue_selected"
BILL_PAGE = "billing:bill_selected"


@require(ISSUE)
def issue_selected(request: TenantRequest) -> HttpResponse:
    """Keep the selected drafts, and show what issuing them does."""
    return _keep_selection(request, InvoiceRunAct.ISSUE, posted_list(request.POST, ISSUE_PAGE))


@require(ISSUE)
def bill_selected(request: TenantRequest) -> HttpResponse:
    """Keep the selected jobs, and show what billing the next part of each does."""
    return _keep_selection(request, InvoiceRunAct.BILL, posted_list(request.POST, BILL_PAGE))


def _keep_selection(request: TenantRequest, act: InvoiceRunAct, preset: List) -> HttpResponse:
    if request.method != "POST":
        # The selection went with the form; the list is where another is made.
        return redirect(preset.url("list", request.tenant.slug))
    try:
        ids = selected_ids(preset, request.POST, request.member)
    except Refused as why:
        return answer_many(request, Toast(str(why), HTTPStatus.UNPROCESSABLE_ENTITY))
    run = prepare_run(act, ids, by=request.member)
    if request.htmx:
        return _render_preview(request, run, "#dialog")
    return redirect(_page_url(request, run))


@require(ISSUE)
def invoice_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the preview, the progress or the result. POST starts it, if the preview is still the same."""
    run: InvoiceRun = get_object_or_404(InvoiceRun.objects.filter(by=request.member), uid=uid)
    if run.status != RunStatus.DRAFT:
        return _progress_page(request, run)
    if request.method != "POST":
        return _render_preview(request, run)
    previewed = preview_run(run)
    if not previewed.steps or request.POST.get("preview") != previewed.digest:
        words = _("This is how it is now: something changed since the preview.")
        return _render_preview(request, run, "#dialog" if request.htmx else "", trouble=words)
    start_run(run, previewed)
    url = _page_url(request, run)
    if request.htmx:
        # The list forgets its selection before the page changes.
        return trigger_client_event(HttpResponseClientRedirect(url), "bulk-done")
    return redirect(url)


@require(ISSUE)
@require_POST
def cancel_invoice_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Stop a run between two slices. What is issued stays."""
    run: InvoiceRun = get_object_or_404(InvoiceRun.objects.filter(by=request.member), uid=uid)
    cancel(run, by=request.member)
    return redirect(_page_url(request, run))


def _render_preview(request: TenantRequest, run: InvoiceRun, part: str = "", *, trouble: str = "") -> HttpResponse:
    previewed = preview_run(run)
    context: dict[str, Any] = {
        "run": run,
        "title": run.get_act_display(),
        "url": _run_url(request, run),
        "preview": previewed,
        "sum": previewed.sum_text(Reader.of(request.member, clock.now()).language),
        "trouble": trouble,
        "next": _back_url(request),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if trouble else HTTPStatus.OK
    return render(request, f"billing/invoice_run_preview.html{part}", context, status=status)


def _progress_page(request: TenantRequest, run: InvoiceRun) -> HttpResponse:
    if request.method == "POST":
        # Pressed twice: it has begun.
        return redirect(_page_url(request, run))
    words = _("%(done)s of %(total)s. You can leave this page; it goes on.") % {"done": run.done, "total": run.total}
    page = RunPage(
        run,
        "billing/invoice_run.html",
        _run_url(request, run),
        words,
        _("Invoices issued"),
        f"{_run_url(request, run)}cancel/",
        _("Stop here"),
        next=_back_url(request),
    )
    return page.answer(request, {"title": run.get_act_display(), "sentences": _result_sentences(run)})


def _result_sentences(run: InvoiceRun) -> list[str]:
    words = ngettext("%(count)s invoice is issued.", "%(count)s invoices are issued.", run.issued_count)
    sentences = [words % {"count": run.issued_count}]
    if run.changed_meanwhile:
        words = ngettext(
            "%(count)s was changed by somebody in the meantime and stays.",
            "%(count)s were changed by somebody in the meantime and stay.",
            run.changed_meanwhile,
        )
        sentences.append(words % {"count": run.changed_meanwhile})
    return sentences


def _run_url(request: TenantRequest, run: InvoiceRun) -> str:
    return reverse("billing:invoice_run", args=[request.tenant.slug, run.uid])


def _page_url(request: TenantRequest, run: InvoiceRun) -> str:
    return f"{_run_url(request, run)}?{urlencode({'next': _back_url(request)})}"


def _back_url(request: TenantRequest) -> str:
    return safe_next(request) or INVOICES.url("list", request.tenant.slug)
