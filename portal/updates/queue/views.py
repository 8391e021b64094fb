"""Views of updates: the list, one update, and the actions approve, edit, skip, pause and send again."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from comms.composer.contact_ways import ways
from comms.models import Medium
from crm.kernel import clock
from crm.kernel.whole_numbers import read_number
from crm.platform.access.permissions import allows
from crm.web.actions.row_action import RowAction, Toast, safe_next
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from portal.letters.letter_sending import Recipient, composed_of, text_of
from portal.models import CustomerUpdate, UpdatePlan
from portal.updates.features import VIEW, WORK
from portal.updates.queue.rows import rows
from portal.updates.queue.update_list import UPDATES


@require(VIEW)
def updates(request: TenantRequest) -> HttpResponse:
    """Show the updates to approve, or those the filters match."""
    filters = UPDATES.read(request.GET, request.member)
    context = _list_context(request, request.GET, request.get_full_path())
    if is_fragment(request):
        return render(request, "updates/list.html#updates", context)
    return render(request, "updates/list.html", context | frame(request, UPDATES, filters))


def _list_context(request: TenantRequest, query: QueryDict, here: str) -> dict[str, Any]:
    filters = UPDATES.read(query, request.member)
    page = read_page(UPDATES.apply(filters, request.member), query, UPDATES.order(filters))
    reader = Reader.of(request.member, clock.now())
    return {
        "page": page,
        "rows": list(rows(page.rows, reader, request.tenant.slug)),
        "first_url": filters.query(),
        "here": here,
        "may_work": allows(request.member, WORK),
    }


@require(VIEW)
def update(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show an update as the customer sees it, with its sources and its outcome."""
    row = UPDATES.visible(request.member).filter(uid=uid).first()
    if row is None:
        number = read_number(request.GET.get("job"))
        if number is None:
            raise Http404
        return redirect("updates:of_job", request.tenant.slug, number)
    reader = Reader.of(request.member, clock.now())
    plan = UpdatePlan.objects.filter(job_id=row.job_id).first()
    context = {
        "row": next(rows([row], reader, request.tenant.slug)),
        "sent": as_sent(row),
        "plan": plan,
        "next_due": reader.moment(plan.next_due_at) if plan and plan.next_due_at else "",
        "here": request.path,
        "may_work": allows(request.member, WORK),
    }
    return render(request, "updates/update.html", context)


class UpdateAction(RowAction[CustomerUpdate]):
    """An action on an update; responds with the list it is in."""

    model = CustomerUpdate
    permission = WORK

    def answer(self, request: TenantRequest, row: CustomerUpdate, toast: Toast) -> HttpResponse:
        list_url = safe_next(request) or reverse("updates:list", args=[request.tenant.slug])
        if not request.htmx:
            if toast.status == 200:
                level = messages.SUCCESS
            else:
                level = messages.WARNING
            messages.add_message(request, level, toast.text, extra_tags=toast.undo)
            return redirect(list_url)
        context = _list_context(request, QueryDict(urlsplit(list_url).query), list_url)
        list_html = render_to_string("updates/list.html#updates", context, request)
        response = HttpResponse(list_html + render_to_string("components/toast.html", {"told": toast}, request))
        response["HX-Trigger"] = "updates"
        return response


action = UpdateAction()


@action("update.approved")
def approve(request: TenantRequest, row: CustomerUpdate) -> str:
    """Approve it; it is sent in 15 seconds."""
    row.approve(by=request.member)
    return _("It will be sent in 15 seconds.")


@action()
def edit(request: TenantRequest, row: CustomerUpdate) -> str:
    """Change its text."""
    row.edit({name: request.POST.get(name, "") for name in ("happened", "next", "needed")}, by=request.member)
    return _("Saved. It waits to be approved.")


@action("update.skipped")
def skip(request: TenantRequest, row: CustomerUpdate) -> str:
    """Skip it."""
    row.skip(request.POST.get("reason", ""), by=request.member)
    return _("Skipped. The next one is counted from today.")


@action()
def pause(request: TenantRequest, row: CustomerUpdate) -> str:
    """Pause the updates of its job."""
    plan = UpdatePlan.objects.filter(job_id=row.job_id).first()
    if plan is None:
        raise Http404
    plan.pause(request.POST.get("reason", ""), by=request.member)
    if row.state == CustomerUpdate.State.DRAFT:
        row.skip(plan.pause_reason, by=request.member)
    return _("Paused. The customer gets no updates until someone resumes them.")


@action()
def resume(request: TenantRequest, row: CustomerUpdate) -> str:
    """Resume the updates of its job."""
    plan = UpdatePlan.objects.filter(job_id=row.job_id).first()
    if plan is None:
        raise Http404
    plan.resume(by=request.member)
    return _("The customer gets updates again, from today.")


@action()
def send_again(request: TenantRequest, row: CustomerUpdate) -> str:
    """Send it again by the proposed channel."""
    row.send_by(row.proposed_medium or request.POST.get("medium", ""), by=request.member)
    return _("It will be sent in 15 seconds, by the other channel.")


@action("update.left_unseen")
def leave_it(request: TenantRequest, row: CustomerUpdate) -> str:
    """Dismiss the proposed channel."""
    row.leave_it(by=request.member)
    return _("Left as is.")


@dataclass(frozen=True)
class AsSent:
    """Text and channel of a letter; `problem`: why it can't be sent."""

    medium: str = ""
    subject: str = ""
    text: str = ""
    language: str = ""


def as_sent(update: CustomerUpdate) -> AsSent | None:
    """Return the text as sent, or as it would be; None without a channel or template."""
    if update.message is not None and not update.is_open:
        message = update.message
        return AsSent(str(Medium(message.medium).label), message.subject, message.text, update.language)
    to = Recipient(update.job, update.person, update.brand, update.language)
    key = "customer_update"
    if update.kind == CustomerUpdate.Kind.TAKE_OFF:
        key = "take_off_failed"
    for way in ways(to.matter):
        if version := text_of(to, key, way.medium):
            # The link into the portal is the customer's alone.
            made = composed_of(to, version, update.letter, None, **{"portal.link": "https://…"})
            return AsSent(str(way.medium.label), made.subject, made.text, made.language)
    return None
