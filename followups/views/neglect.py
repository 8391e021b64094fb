"""Neglected customers: the line above the list of follow-ups, and the calls planned for all of them."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from crm.jobs.customers.customer_list import CUSTOMERS
from crm.platform import undo
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.models.follow_up_undo import PLANNED
from followups.neglect.calls import plan_calls
from followups.neglect.last_contact import people_under_way, planned_contacts
from followups.neglect.models import Neglect

# More is a campaign.
MOST = 200


@require("followups.view")
@require_GET
def show_neglected(request: TenantRequest) -> HttpResponse:
    """Show how many customers are neglected, with the button that plans calls: a fragment, else the customer list."""
    url = reverse("people:list", args=[request.tenant.slug]) + "?neglected=1"
    if not request.htmx:
        return redirect(url)
    rows = _visible_neglects(request.member)
    context = {
        "count": len(rows),
        "days": min((row.days for row in rows), default=0),
        "url": url,
        "unplanned": len(_without_plan(rows)) if allows(request.member, "followups.work") else 0,
    }
    return render(request, "followups/_neglected.html", context)


@require("followups.work")
@require_POST
def plan_for_neglected(request: TenantRequest) -> HttpResponse:
    """Plan a call for each visible neglected customer without a planned contact, spread over working days.

    One undo cancels all.
    """
    with transaction.atomic():
        rows = _without_plan(_visible_neglects(request.member))
        made = plan_calls(rows, by=request.member)
        undo_url = ""
        if made:
            change = undo.record_created(PLANNED, made, by=request.member, at=made[0].created_at)
            undo_url = reverse("undo", args=[request.tenant.slug, change.uid])
    words = ngettext("Planned a call for %(count)s customer.", "Planned calls for %(count)s customers.", len(made))
    messages.success(request, words % {"count": len(made)}, extra_tags=undo_url)
    return redirect("followups:list", request.tenant.slug)


def _visible_neglects(member: Member) -> list[Neglect]:
    if not allows(member, CUSTOMERS.permission):
        return []
    return list(Neglect.objects.lasting().visible_to(member).select_related("person").order_by("pk")[:MOST])


def _without_plan(rows: list[Neglect]) -> list[Neglect]:
    people = [row.person_id for row in rows]
    cared_for = set(planned_contacts(people)) | people_under_way(people)
    return [row for row in rows if row.person_id not in cared_for]
