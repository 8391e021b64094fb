"""Pages of progress reports: draft, preview, edit, approve and send."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.documents.models import Document
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.kernel.whole_numbers import read_number
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from service.models import FieldPhoto, ProgressReport
from service.projects.views.project_action import find_project
from service.reports.content import content_of, draft_text, usual_photos
from service.reports.pdf import make_pdf
from service.reports.sending import send


@require("projects.work")
@require_POST
def draft(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Draft a report of a project, or open the existing draft."""
    project = find_project(request, uid)
    row = ProgressReport.draft(project, draft_text(project), usual_photos(project), by=request.member)
    return redirect("service:report_page", request.tenant.slug, row.uid)


@require("projects.view")
def report(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show a report: a draft with its form, or a sent report."""
    return _render_report(request, _find_report(request, uid))


@require("projects.view")
def pdf(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Serve a report as PDF: as sent, or a draft's preview."""
    row = _find_report(request, uid)
    response = HttpResponse(make_pdf(content_of(row)), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="report.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require("projects.work")
@require_POST
def act(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Save a draft; depending on the button, also send or delete it."""
    row = _find_report(request, uid)
    what = request.POST.get("act", "")
    try:
        row.lock()
        row.expect_version(request.POST.get("version", ""))
        if what == "discard":
            row.discard(by=request.member)
            messages.success(request, _("Discarded."))
            return redirect("service:project", request.tenant.slug, row.project.uid)
        _edit_report(request, row)
        if what == "send":
            mailed = send(row, by=request.member)
            if mailed:
                sentence = _("Sent, and shown in the portal.")
            else:
                sentence = _("Shown in the portal: there is no email address.")
            messages.success(request, sentence)
        else:
            messages.success(request, _("Saved."))
    except Stale as late:
        return _render_report(
            request, _find_report(request, uid), 409, late.text or _("It was changed in the meantime.")
        )
    except Refused as why:
        return _render_report(request, _find_report(request, uid), 422, str(why))
    return redirect("service:report_page", request.tenant.slug, row.uid)


def _edit_report(request: TenantRequest, row: ProgressReport) -> None:
    typed = read_number(request.POST.get("percent"), most=999)
    if typed is None:
        percent = -1
    else:
        percent = typed
    picked = set(request.POST.getlist("photo"))
    photos = [photo.pk for photo, _shown in _photo_choices(row) if str(photo.uid) in picked]
    row.edit(request.POST.get("text", "").replace("\r\n", "\n"), percent, photos, by=request.member)


def _photo_choices(row: ProgressReport) -> list[tuple[Document, bool]]:
    """Return the photos from the field that the customer may see, and whether each is in the report."""
    ids = FieldPhoto.objects.filter(project_id=row.project_id).values("document_id")
    photos = Document.objects.for_customer().filter(pk__in=ids).order_by("-taken_at", "-pk")[:30]
    return [(one, one.pk in row.photos) for one in photos]


def _find_report(request: TenantRequest, uid: Any) -> ProgressReport:
    rows = ProgressReport.objects.visible_to(request.member)
    row: ProgressReport | None = (
        rows.select_related("project__job__brand", "project__job__person").filter(uid=uid).first()
    )
    if row is None:
        raise Http404
    return row


def _render_report(request: TenantRequest, row: ProgressReport, status: int = 200, told: str = "") -> HttpResponse:
    reader = Reader.of(request.member, clock.now())
    context = {
        "report": row,
        "project": row.project,
        "job": row.project.job,
        "told": told,
        "choices": _photo_choices(row) if row.sent_at is None else [],
        "sent": reader.moment(row.sent_at) if row.sent_at else "",
        "text": request.POST.get("text", row.text) if told else row.text,
        "percent": request.POST.get("percent", row.percent) if told else row.percent,
    }
    return render(request, "service/reports/report.html", context, status=status)
