"""Bulk actions on leads: store the selection, preview, apply; the result can be undone."""

import json
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from crm.jobs.bulk import runs
from crm.jobs.bulk.bulk_actions import ACTS, BulkAct, BulkChoice
from crm.jobs.list.job_list import JobList
from crm.jobs.models import BulkRun
from crm.jobs.views.job_action import answer_many, back, undo_url
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.models import RunStatus
from crm.platform.work.runs import cancel, start
from crm.web.actions.row_action import Toast
from crm.web.actions.runs import RunPage
from crm.web.lists.selection import selected_ids
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import View, require

# Permissions an action needs besides leads.bulk; one of them is enough.
PERMISSIONS = {
    "move": ("jobs.move",),
    "assign": ("jobs.assign", "jobs.claim"),
    "prioritize": ("jobs.move",),
    "export": ("export",),
}


def bulk_view(preset: JobList) -> View:
    """Return the view of a list's selection bar: it stores the selection for the `act`, and asks for a target."""

    @require("jobs.bulk")
    def bulk(request: TenantRequest) -> HttpResponse:
        if request.method != "POST":
            # The selection went with the form; the list is where another is made.
            return redirect(preset.url("list", request.tenant.slug))
        act = request.POST.get("act", "")
        if act != "export" and act not in ACTS:
            return answer_many(request, Toast(_("Choose what to do."), HTTPStatus.UNPROCESSABLE_ENTITY))
        if not any(allows(request.member, permission) for permission in PERMISSIONS[act]):
            raise Http404
        try:
            if act == "export":
                return _export_redirect(request, preset)
            return _prepare_run(request, preset, act)
        except Refused as why:
            return answer_many(request, Toast(str(why), HTTPStatus.UNPROCESSABLE_ENTITY))

    return bulk


def _prepare_run(request: TenantRequest, preset: JobList, act: str) -> HttpResponse:
    run = runs.prepare(act, selected_ids(preset, request.POST, request.member), by=request.member)
    if request.htmx:
        return _choice_page(request, run)
    return redirect(_page_url(request, run))


def _export_redirect(request: TenantRequest, preset: JobList) -> HttpResponse:
    """Redirect to the export of the selection: the list's filters, or the selected rows, stored for a day."""
    if request.POST.get("all"):
        query = QueryDict(request.POST.get("view", "").lstrip("?")).urlencode()
    else:
        run = runs.prepare("export", selected_ids(preset, request.POST, request.member), by=request.member)
        query = urlencode({runs.PICKED: run.uid})
    url = f"{reverse('export', args=[request.tenant.slug, preset.key])}?{query}"
    if request.htmx:
        return HttpResponseClientRedirect(url)
    return redirect(url)


@require("jobs.bulk")
def bulk_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the options, the preview for a target (`to`), the progress or the result. POST with `apply` starts it."""
    run: BulkRun = get_object_or_404(BulkRun.objects.filter(by=request.member, act__in=ACTS), uid=uid)
    if run.status != RunStatus.DRAFT:
        return _progress_page(request, run)
    if request.method != "POST":
        return _choice_page(request, run, request.GET.get("to", ""))
    target = request.POST.get("to", "")
    act = runs.act_of(run, target)
    if act is None:
        return _choice_page(request, run, target, _("Choose one of these."))
    if not request.POST.get("apply"):
        return _choice_page(request, run, target)
    if not runs.effect(run, act).changes:
        return _choice_page(request, run, target, _("Nothing would change."))
    start(run, by=request.member, target=target, reason=_typed_reason(request))
    return _start_response(request, run)


@require("jobs.bulk")
@require_POST
def bulk_cancel(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Stop a running one. Changes already made stay, and can be undone."""
    run: BulkRun = get_object_or_404(BulkRun.objects.filter(by=request.member), uid=uid)
    cancel(run, by=request.member)
    return redirect(_page_url(request, run))


def _choice_page(request: TenantRequest, run: BulkRun, target: str = "", trouble: str = "") -> HttpResponse:
    kind = ACTS[run.act]
    act = runs.act_of(run, target)
    effect = None
    if act:
        effect = runs.effect(run, act)
    context = {
        "run": run,
        "url": _run_url(request, run),
        "title": kind.title,
        "asks": kind.asks,
        "asks_why": kind.asks_why,
        "reason": _typed_reason(request),
        "groups": _group_choices(kind.choices(request.member, run.pipelines)),
        "target": target,
        "told": act.sentences(effect) if act and effect else [],
        "changing": effect.changes.total() if effect else 0,
        "trouble": trouble,
        "next": back(request, None),
    }
    part = "#dialog"
    if request.method != "POST":
        part = "#effect"
    name = "jobs/bulk.html" + (part if request.htmx else "")
    if trouble:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        status = HTTPStatus.OK
    return render(request, name, context, status=status)


def _typed_reason(request: TenantRequest) -> str:
    return " ".join(request.POST.get("reason", "").split())[:200]


def _group_choices(choices: list[BulkChoice]) -> list[tuple[str, list[BulkChoice]]]:
    groups: dict[str, list[BulkChoice]] = {}
    for choice in choices:
        groups.setdefault(choice.group, []).append(choice)
    return list(groups.items())


def _start_response(request: TenantRequest, run: BulkRun) -> HttpResponse:
    """Respond to a start: a small run is finished, so return to the list with an undo; a large one has a page."""
    run.refresh_from_db()
    if run.is_working:
        url = _page_url(request, run)
        if request.htmx:
            return HttpResponseClientRedirect(url)
        return redirect(url)
    act = _get_act(run)
    toast = Toast(act.did(run.changed_count), undo=undo_url(request, run.change.uid) if run.change else "")
    response = answer_many(request, toast)
    if request.htmx:
        # The page forgets its selection.
        response["HX-Trigger"] = json.dumps(json.loads(response["HX-Trigger"]) | {"bulk-done": {}})
    return response


def _get_act(run: BulkRun) -> BulkAct:
    act = runs.act_of(run, run.target)
    if act is None:
        raise Http404
    return act


def _progress_page(request: TenantRequest, run: BulkRun) -> HttpResponse:
    if request.method == "POST":
        messages.info(request, _("That has already started."))
        return redirect(_run_url(request, run))
    act = runs.act_of(run, run.target)
    words = _("%(done)s of %(total)s leads. You can leave this page; it goes on.")
    page = RunPage(
        run,
        "jobs/bulk_run.html",
        _run_url(request, run),
        words % {"done": run.done, "total": run.total},
        _("Leads done"),
        f"{_run_url(request, run)}cancel/",
        _("Stop here"),
        next=back(request, None),
    )
    context = {
        "title": ACTS[run.act].title,
        "did": act.did(run.changed_count) if act else "",
        "undo": undo_url(request, run.change.uid) if run.change else "",
    }
    return page.answer(request, context)


def _run_url(request: TenantRequest, run: BulkRun) -> str:
    return reverse("jobs:bulk_run", args=[request.tenant.slug, run.uid])


def _page_url(request: TenantRequest, run: BulkRun) -> str:
    """Return the URL of the run's page, with the list it was started from as `next`."""
    return f"{_run_url(request, run)}?{urlencode({'next': back(request, None)})}"
