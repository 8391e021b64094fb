"""Bring a spreadsheet of leads in: choose a file, see what would become of each row, let it run, see what became."""

from http import HTTPStatus
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.platform.access import require
from crm.platform.http import TenantRequest
from crm.platform.throttle import limit
from crm.platform.views.times import when
from leads.intake import runs
from leads.intake.importing import plan
from leads.intake.unreadable import Unreadable
from leads.models import ImportRun

# Bytes; about 400,000 leads. The command takes files of any size.
MAX_UPLOAD = 50_000_000
EARLIER = 10


@require("leads.import")
@limit("import", "120/h")
def import_leads(request: TenantRequest) -> HttpResponse:
    """Choose a file; one that can be read is stored and shown, another gets a sentence."""
    problem = ""
    if request.method == "POST":
        try:
            run = _stored(request)
        except Unreadable as unreadable:
            problem = str(unreadable)
        else:
            return redirect("leads:import_run", request.tenant.slug, run.uid)
    earlier = [(run, when(request, run.created_at)) for run in ImportRun.objects.order_by("-created_at")[:EARLIER]]
    context = {"problem": problem, "earlier": earlier, "megabytes": MAX_UPLOAD // 1_000_000}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "leads/import.html", context, status=status)


def _stored(request: TenantRequest) -> ImportRun:
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile) or upload.file is None:
        raise Unreadable(_("Choose a file first."))
    if (upload.size or 0) > MAX_UPLOAD:
        raise Unreadable(
            _("The file is larger than %(limit)s MB. Split it, or have it imported by the command import_leads.")
            % {"limit": MAX_UPLOAD // 1_000_000}
        )
    file = cast("BinaryIO", upload.file)
    rows = plan(file).rows
    return runs.store(file, upload.name or "leads.csv", rows=rows, by=request.member)


@require("leads.import")
def import_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """A stored file: what would become of it, how far it is, what became of it. POST lets it run."""
    run = get_object_or_404(ImportRun.objects.all(), uid=uid)
    if request.method == "POST":
        _start(run, request)
        return redirect("leads:import_run", request.tenant.slug, run.uid)
    context: dict[str, Any] = {"run": run, "percent": 100 * run.rows_done // max(run.rows, 1)}
    if run.status == ImportRun.Status.STORED:
        try:
            context["preview"] = runs.preview(run)
        except Unreadable as unreadable:
            context["problem"] = str(unreadable)
    fragment = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    response = render(request, "leads/import_run.html" + ("#progress" if fragment else ""), context)
    response["Vary"] = "HX-Request"
    return response


def _start(run: ImportRun, request: TenantRequest) -> None:
    """A small file is done at once; a worker goes through a large one."""
    if not run.start(by=request.member):
        return
    if run.rows <= runs.SMALL:
        runs.do_slice(run, run.rows + 1)
    else:
        runs.schedule(run)
