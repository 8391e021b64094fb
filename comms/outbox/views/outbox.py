"""The outbox: waiting and failed messages, the reasons, and the actions on them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comms.callbacks.message_calls import log_message_call
from comms.models import Message
from comms.outbox.outbox_list import OUTBOX
from comms.outbox.rows import rows
from crm.kernel import clock
from crm.web.actions.row_action import RowAction, Toast, safe_next
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.local_path import local_path
from crm.web.requests.permissions import require


@require("comms.send")
def outbox(request: TenantRequest) -> HttpResponse:
    """Show the member's unsent messages, for managers everybody's, or those of the filters."""
    member = request.member
    filters = OUTBOX.read(request.GET, member)
    messages = OUTBOX.apply(filters, member).select_related("person").prefetch_related("person__contact_points")
    page = read_page(messages, request.GET, OUTBOX.order_of(filters))
    context = {
        "page": page,
        "rows": list(rows(page.rows, Reader.of(member, clock.now()))),
        "first_url": filters.query(),
        "here": request.get_full_path(),
    }
    return render(request, "comms/outbox/list.html", context | frame(request, OUTBOX, filters))


class OutboxAction(RowAction[Any]):
    """An action on an outbox message; its verb checks whether it is still possible."""

    model = Message
    permission = "comms.send"

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> Message:
        message: Message | None = OUTBOX.visible(request.member).filter(uid=named["uid"]).first()
        if message is None:
            raise Http404
        if lock:
            message.lock()
        return message

    def check(self, request: TenantRequest, row: Message) -> None:
        """No version check: a message's text never changes, and the verb checks its state."""

    def answer(self, request: TenantRequest, row: Message, toast: Toast) -> HttpResponse:
        messages.add_message(request, messages.SUCCESS if toast.status == 200 else messages.WARNING, toast.text)
        back = local_path(request.GET.get("back", ""), below=f"/{request.tenant.slug}/")
        return redirect(back or safe_next(request) or reverse("outbox:list", args=[request.tenant.slug]))


action = OutboxAction()


@action()
def cancel(request: TenantRequest, message: Message) -> str:
    """Cancel a message before it is sent."""
    message.cancel(by=request.member)
    return _("Cancelled. It will not be sent.")


@action()
def send_now(request: TenantRequest, message: Message) -> str:
    """Send a held message now."""
    message.send_now(by=request.member)
    return _("It is sent as soon as allowed.")


@action()
def retry(request: TenantRequest, message: Message) -> str:
    """Send a failed or unknown message again."""
    message.retry(by=request.member)
    return _("It is sent again.")


@action()
def confirm(request: TenantRequest, message: Message) -> str:
    """Mark a message of unknown state as sent."""
    message.confirm_sent(by=request.member)
    return _("Marked as sent.")


@action()
def log_call(request: TenantRequest, message: Message) -> str:
    """Log a call in place of an undeliverable message."""
    outcome = request.POST.get("outcome", "")
    if outcome not in ("reached", "message_left", "no_answer"):
        raise Http404
    log_message_call(message, outcome, by=request.member)
    if outcome == "no_answer":
        return _("No answer. They stay on the list.")
    return _("Call logged.")
