"""The follow-ups of one customer: the open ones, and a timeline of past and planned ones."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.jobs.customer_visibility import visible_people
from crm.jobs.customers.page import hero_context
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import AccessLog
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.customer_timeline import build_timeline
from followups.models import FollowUp
from followups.models.queryset import OPEN
from followups.neglect.models import Neglect
from followups.row_html import FollowUpRowHtml
from followups.rows import FollowUpRowBuilder

MOST_OPEN = 100
MOST_CLOSED = 100


def _find_person(request: TenantRequest, uid: UUID) -> Person:
    person: Person | None = visible_people(request.member).select_related("company").filter(uid=uid).first()
    if person is None:
        raise Http404
    return person


@require("followups.view")
@require_GET
def of_person(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show a customer's follow-ups that the member may see. Recorded in the access log."""
    person = _find_person(request, uid)
    reader = Reader.of(request.member, clock.now())
    rows = FollowUp.objects.visible_to(request.member).filter(person=person)
    open_rows = list(rows.open().by_time()[:MOST_OPEN])
    closed_rows = list(rows.exclude(status__in=OPEN).order_by("-sort_at", "-id")[:MOST_CLOSED])
    maker = FollowUpRowBuilder(request, reader, [*open_rows, *closed_rows])
    AccessLog.objects.note_read(person, by=request.member)
    context: dict[str, Any] = {
        **hero_context(person, request),
        "count": len(open_rows),
        "rows": FollowUpRowHtml(request, here=request.get_full_path()).all_html(map(maker.row, open_rows)),
        "days": build_timeline([*open_rows, *closed_rows], maker),
        "here": request.get_full_path(),
        "tab": "follow_ups",
    }
    return render(request, "followups/of_person.html", context)


@require("followups.view")
@require_GET
def person_mark(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show how many of a customer's follow-ups are open and overdue: a fragment for the customer's page."""
    person = _find_person(request, uid)
    rows = FollowUp.objects.visible_to(request.member).filter(person=person).open().order_by()
    counts = rows.aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(sort_at__lt=clock.now())))
    neglect = Neglect.objects.lasting().filter(person=person).order_by("-touched_at").first()
    silent = (clock.now() - neglect.touched_at).days if neglect else 0
    return render(request, "followups/_person_mark.html", {**counts, "silent": silent})
