"""Pages of hand-offs: the waiting ones, and one with all its promises."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.shapes import shapes
from crm.jobs.models import Job
from crm.kernel import clock, durations
from crm.platform.models import AccessLog
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from service.hand_offs.page import MOST, render_page
from service.hand_offs.views.hand_off_action import find_hand_off
from service.models import HandOff, HandOffState
from service.models.hand_off_checklist import checklist_of


@require("handoffs.view")
def hand_offs(request: TenantRequest) -> HttpResponse:
    """List unanswered hand-offs, longest waiting first, then the last answered."""
    member = request.member
    reader = Reader.of(request.member, clock.now())
    rows = HandOff.objects.visible_to(member).select_related("job", "seller", "answered_by")
    waiting = [_hand_off_row(row, reader) for row in rows.waiting_first()[:MOST]]
    answered = rows.filter(state=HandOffState.ACCEPTED).order_by("-answered_at", "-pk")[:20]
    context = {"waiting": waiting, "answered": [_hand_off_row(row, reader) for row in answered]}
    return render(request, "service/hand_offs.html", context)


def _hand_off_row(row: HandOff, reader: Reader) -> dict[str, object]:
    return {
        "hand_off": row,
        "job": row.job,
        "seller": row.seller.name if row.seller else "–",
        "css": row.level_at(reader.now).css,
        "bar": ClockWords(row.job, reader).bar(shapes()[row.job.pipeline_id]),
        "ago": durations.short_duration((reader.now - row.opened_at).total_seconds()),
        "due": reader.near(row.due_at),
        "answered": reader.near(row.answered_at) if row.answered_at else "",
        "is_returned": row.state == HandOffState.RETURNED,
    }


@require("handoffs.view")
def of_job(request: TenantRequest, number: int) -> HttpResponse:
    """Show the state of a job's hand-off: as a panel for htmx, else the hand-off's own page."""
    job: Job | None = Job.objects.visible_to(request.member).filter(number=number).first()
    if job is None:
        raise Http404
    row = HandOff.objects.select_related("job", "seller", "answered_by").filter(job=job).first()
    if row is not None and not request.htmx:
        return redirect("service:hand_off", request.tenant.slug, row.uid)
    if not request.htmx:
        return redirect(record_url(job, request.tenant.slug))
    reader = Reader.of(request.member, clock.now())
    context: dict[str, Any] = {"job": job}
    if row is not None:
        missing = [check.label for check in checklist_of(row) if check.is_missing and not check.owed]
        context |= {"row": _hand_off_row(row, reader), "level": row.level_at(reader.now), "missing": missing}
    return render(request, "service/_hand_off_panel.html", context)


@require("handoffs.view")
def hand_off(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show one hand-off. Reading it is recorded in the access log."""
    row = find_hand_off(request, uid)
    AccessLog.objects.note_read(row.job, by=request.member)
    return render_page(request, row)
