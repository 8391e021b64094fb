"""Bulk actions on follow-ups: store the selection, preview, apply; the result can be undone."""

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from crm.jobs.views.job_action import answer_many
from crm.kernel.refusal import Refused
from crm.platform.models import RunStatus
from crm.platform.work.runs import cancel
from crm.web.actions.row_action import Toast, safe_next
from crm.web.actions.runs import RunPage
from crm.web.lists.selection import selected_ids
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.bulk.runs import ACTS, act_of, prepare_run, preview_changes, start_run
from followups.bulk.verdicts import FollowUpPreview
from followups.follow_up_list import FOLLOW_UPS
from followups.models import FollowUpBulkRun


@require("followups.work")
def bulk_actions(request: TenantRequest) -> HttpResponse:
    """Store the selection for the `act` of the selection bar, and show its form."""
    if request.method != "POST":
        # The selection went with the form; the list is where another is made.
        return redirect(FOLLOW_UPS.url("list", request.tenant.slug))
    act = request.POST.get("act", "")
    try:
        if act not in ACTS:
            raise Refused(_("Choose what to do."))
        ids = selected_ids(FOLLOW_UPS, request.POST, request.member)
    except Refused as why:
        return answer_many(request, Toast(str(why), HTTPStatus.UNPROCESSABLE_ENTITY))
    run = prepare_run(act, ids, by=request.member)
    if request.htmx:
        return _render_form(request, run, ACTS[act].form(), part="#dialog")
    return redirect(_page_url(request, run))


@require("followups.work")
def bulk_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the form, the preview for its values, the progress or the result. POST with `apply` starts it."""
    run: FollowUpBulkRun = get_object_or_404(FollowUpBulkRun.objects.filter(by=request.member), uid=uid)
    if run.status != RunStatus.DRAFT:
        return _progress_page(request, run)
    form_class = ACTS[run.act].form
    if request.method != "POST":
        form = form_class()
        if request.GET.keys() & form.fields.keys():
            form = form_class(request.GET)
        return _render_form(request, run, form, part="#effect")
    form = form_class(request.POST)
    if not form.is_valid() or not request.POST.get("apply"):
        return _render_form(request, run, form, part="#dialog")
    act = ACTS[run.act](form.cleaned_data, request.member)
    previewed = preview_changes(run, act)
    if not previewed.changing_ids:
        return _render_form(request, run, form, part="#dialog", previewed=previewed, trouble=_("Nothing would change."))
    if request.POST.get("preview") != previewed.preview_digest:
        words = _("This is how it is now: something changed since the preview.")
        return _render_form(request, run, form, part="#dialog", previewed=previewed, trouble=words)
    start_run(run, form.cleaned_data, previewed)
    return _start_response(request, run)


@require("followups.work")
@require_POST
def bulk_cancel(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Stop a running one. Changes already made stay, and can be undone."""
    run: FollowUpBulkRun = get_object_or_404(FollowUpBulkRun.objects.filter(by=request.member), uid=uid)
    cancel(run, by=request.member)
    return redirect(_page_url(request, run))


def _render_form(
    request: TenantRequest,
    run: FollowUpBulkRun,
    form: forms.Form,
    *,
    part: str,
    previewed: FollowUpPreview | None = None,
    trouble: str = "",
) -> HttpResponse:
    act_class = ACTS[run.act]
    is_readable = form.is_bound and form.is_valid()
    sentences = []
    if is_readable:
        act = act_class(form.cleaned_data, request.member)
        previewed = previewed or preview_changes(run, act)
        sentences = [act.preview_sentence(count, label) for label, count in previewed.label_counts()]
    context: dict[str, Any] = {
        "run": run,
        "url": _run_url(request, run),
        "title": act_class.title,
        "form": form,
        "sentences": sentences,
        "preview": previewed,
        "trouble": trouble,
        "next": _back_url(request),
    }
    name = "followups/bulk.html" + (part if request.htmx else "")
    is_refused = trouble or (form.is_bound and not is_readable)
    return render(request, name, context, status=422 if is_refused and part == "#dialog" else 200)


def _start_response(request: TenantRequest, run: FollowUpBulkRun) -> HttpResponse:
    """Respond to a start: a small run is finished, so return to the list with an undo; a large one has a page."""
    run.refresh_from_db()
    if run.is_working:
        url = _page_url(request, run)
        if request.htmx:
            return HttpResponseClientRedirect(url)
        return redirect(url)
    toast = Toast(" ".join(_result_sentences(run)), undo=_undo_url(request, run))
    if not request.htmx:
        messages.success(request, toast.text, extra_tags=toast.undo)
        return redirect(_back_url(request))
    response = answer_many(request, toast)
    # The page forgets its selection and shows the rows anew.
    triggers = json.loads(response["HX-Trigger"]) | {"bulk-done": {}, "followups": {}, "planned": {}}
    response["HX-Trigger"] = json.dumps(triggers)
    return response


def _result_sentences(run: FollowUpBulkRun) -> list[str]:
    sentences = [act_of(run).result_sentence(run.changed_count)]
    if run.changed_meanwhile:
        words = ngettext(
            "%(count)s was changed by somebody in the meantime and stays.",
            "%(count)s were changed by somebody in the meantime and stay.",
            run.changed_meanwhile,
        )
        sentences.append(words % {"count": run.changed_meanwhile})
    return sentences


def _progress_page(request: TenantRequest, run: FollowUpBulkRun) -> HttpResponse:
    if request.method == "POST":
        messages.info(request, _("That has already started."))
        return redirect(_run_url(request, run))
    words = _("%(done)s of %(total)s follow-ups. You can leave this page; it goes on.")
    page = RunPage(
        run,
        "followups/bulk_run.html",
        _run_url(request, run),
        words % {"done": run.done, "total": run.total},
        _("Follow-ups done"),
        f"{_run_url(request, run)}cancel/",
        _("Stop here"),
        next=_back_url(request),
    )
    context = {"title": ACTS[run.act].title, "sentences": _result_sentences(run), "undo": _undo_url(request, run)}
    return page.answer(request, context)


def _undo_url(request: TenantRequest, run: FollowUpBulkRun) -> str:
    if run.change is None:
        return ""
    return reverse("undo", args=[request.tenant.slug, run.change.uid])


def _run_url(request: TenantRequest, run: FollowUpBulkRun) -> str:
    return reverse("followups:bulk_run", args=[request.tenant.slug, run.uid])


def _page_url(request: TenantRequest, run: FollowUpBulkRun) -> str:
    """Return the URL of the run's page, with the list it was started from as `next`."""
    return f"{_run_url(request, run)}?{urlencode({'next': _back_url(request)})}"


def _back_url(request: TenantRequest) -> str:
    return safe_next(request) or FOLLOW_UPS.url("list", request.tenant.slug)
