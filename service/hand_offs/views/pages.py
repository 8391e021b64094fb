"""The pages of hand-offs: those that wait, and one with everything that was promised."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from crm.jobs.bar.shapes import shapes
from crm.jobs.clock.words import ClockWords
from crm.kernel import clock, durations
from crm.platform.models import AccessLog
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from service.hand_offs.page import MOST, render_page
from service.hand_offs.views.hand_off_action import found
from service.models import HandOff, HandOffState


@require("handoffs.view")
def hand_offs(request: TenantRequest) -> HttpResponse:
    """List those that wait for an answer, the longest waiting first; below them the last answered."""
    member, reader = request.member, Reader.of(request.member, clock.now())
    rows = HandOff.objects.visible_to(member).select_related("job", "seller", "answered_by")
    waiting = [_row(row, reader) for row in rows.waiting_first()[:MOST]]
    answered = rows.filter(state=HandOffState.ACCEPTED).order_by("-answered_at", "-pk")[:20]
    context = {"waiting": waiting, "answered": [_row(row, reader) for row in answered]}
    return render(request, "service/hand_offs.html", context)


def _row(row: HandOff, reader: Reader) -> dict[str, object]:
    return {
        "hand_off": row,
        "job": row.job,
        "seller": row.seller.name if row.seller else "–",
        "css": row.level_at(reader.now).css,
        "bar": ClockWords(row.job, reader).bar(shapes()[row.job.pipeline_id]),
        "ago": durations.short((reader.now - row.opened_at).total_seconds()),
        "due": reader.near(row.due_at),
        "answered": reader.near(row.answered_at) if row.answered_at else "",
        "is_returned": row.state == HandOffState.RETURNED,
    }


@require("handoffs.view")
def hand_off(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show one hand-off. Reading it is recorded in the access log."""
    row = found(request, uid)
    AccessLog.objects.note_read(row.job, by=request.member)
    return render_page(request, row)
