"""Views of exports: request, follow and download one. They need the permission and a fresh confirmation."""

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.platform.access.permissions import allows
from crm.platform.events import events
from crm.platform.files import stored_files
from crm.platform.models import Role, StoredFile
from crm.platform.work import runs
from crm.web.actions.runs import RunPage
from crm.web.lists import exports as exporting
from crm.web.lists.exports import Exportable, TooLong
from crm.web.models import ExportRun
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.reauthentication import confirm_first
from crm.web.requests.throttle import limit
from crm.web.settings.times import format_when

SHOWN = 30


@require("export")
@require_GET
def exports(request: TenantRequest) -> HttpResponse:
    """List the member's own exports, newest first; an admin sees everybody's."""
    made = [
        (run, _label(run), format_when(request, run.created_at))
        for run in _runs(request).order_by("-created_at")[:SHOWN]
    ]
    return render(request, "web/exports.html", {"runs": made, "days": stored_files.KEPT_DAYS})


@require("export")
@limit("export", "30/h")
def export(request: TenantRequest, kind: str) -> HttpResponse:
    """Show what would be exported and the formats; POST starts it. The query string is the list's own."""
    source = exporting.exportable(kind)
    if source is None or not allows(request.member, source.permission):
        raise Http404
    return _export(request, source)


@confirm_first()
def _export(request: TenantRequest, source: Exportable) -> HttpResponse:
    query = _view(request)
    problem = ""
    if request.method == "POST":
        try:
            run = exporting.start(source, query, format=_format(request), by=request.member)
        except TooLong as too_long:
            problem = str(too_long)
        else:
            return redirect("export_run", request.tenant.slug, run.uid)
    context = {
        "label": source.label,
        "query": query.urlencode(),
        "back": _page(request, source, query),
        "count": sum(1 for _id in source.ids(query, request.member)),
        "formats": ExportRun.Format.choices,
        "chosen": request.POST.get("format", ExportRun.Format.CSV),
        "problem": problem,
        "days": stored_files.KEPT_DAYS,
    }
    if problem:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        status = HTTPStatus.OK
    return render(request, "web/export.html", context, status=status)


@require("export")
@require_GET
def export_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the progress of an export, and its file."""
    run = get_object_or_404(_runs(request), uid=uid)
    words = _("%(done)s of %(rows)s rows. You can leave this page; it continues.")
    page = RunPage(
        run,
        "web/export_run.html",
        reverse("export_run", args=[request.tenant.slug, run.uid]),
        words % {"done": run.done, "rows": run.total},
        _("Rows done"),
        reverse("cancel_export", args=[request.tenant.slug, run.uid]),
        _("Cancel"),
    )
    context: dict[str, Any] = {"label": _label(run), "kept": run.file is not None and run.file.is_kept}
    if source := exporting.exportable(run.kind):
        context["back"] = _page(request, source, QueryDict(run.query))
    if run.file:
        context["until"] = format_when(request, run.file.expires_at)
    return page.answer(request, context)


@require("export")
@require_GET
def export_file(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Download the file, after a confirmation; each download records an event."""
    run = get_object_or_404(_runs(request), uid=uid)
    if run.file is None:
        raise Http404
    return _fetch(request, run, run.file)


@confirm_first()
def _fetch(request: TenantRequest, run: ExportRun, file: StoredFile) -> HttpResponse:
    response = stored_files.file_response(file)
    events.record("export.fetched", subject=run, by=request.member, data=run.facts())
    return cast("HttpResponse", response)


@require("export")
@require_POST
def cancel_export(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Cancel a running export."""
    run = get_object_or_404(_runs(request), uid=uid)
    runs.cancel(run, by=request.member)
    return redirect("export_run", request.tenant.slug, run.uid)


def _runs(request: TenantRequest) -> QuerySet[ExportRun]:
    rows: QuerySet[ExportRun] = ExportRun.objects.select_related("file")
    if request.member.role == Role.ADMIN:
        return rows
    return rows.filter(by=request.member)


def _view(request: TenantRequest) -> QueryDict:
    """Return the list's query string: the page's own, or the one the form carries."""
    return QueryDict(request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode())


def _format(request: TenantRequest) -> str:
    asked = request.POST.get("format", "")
    if asked in ExportRun.Format.values:
        return asked
    return ExportRun.Format.CSV


def _page(request: TenantRequest, source: Exportable, query: QueryDict) -> str:
    return f"{reverse(source.page, args=[request.tenant.slug])}?{query.urlencode()}"


def _label(run: ExportRun) -> str:
    source = exporting.exportable(run.kind)
    if source:
        return str(source.label)
    return _("Deleted list")
