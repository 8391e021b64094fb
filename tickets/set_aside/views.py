"""The page of automatic messages and those set aside, and its actions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comms.models import Message
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.web.actions.row_action import RowAction, Toast, safe_next
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from tickets.models import Ticket
from tickets.set_aside.conversation import make_conversation
from tickets.set_aside.rows import set_aside_rows
from tickets.set_aside.set_aside_list import SET_ASIDE_LIST


@require("tickets.view")
def set_aside(request: TenantRequest) -> HttpResponse:
    """Show messages without a conversation, with the reason."""
    member = request.member
    filters = SET_ASIDE_LIST.read(request.GET, member)
    rows = SET_ASIDE_LIST.apply(filters, member).prefetch_related("channel", "inbound")
    page = read_page(rows, request.GET, SET_ASIDE_LIST.order_of(filters))
    context = {
        "page": page,
        "rows": list(set_aside_rows(page.rows, member, Reader.of(member, clock.now()))),
        "first_url": filters.query(),
        "here": request.get_full_path(),
        "may_work": allows(member, "tickets.work"),
    }
    return render(request, "tickets/set_aside/list.html", context | frame(request, SET_ASIDE_LIST, filters))


class SetAsideAction(RowAction[Any]):
    """An action on a message set aside that the member may read in full."""

    model = Message
    permission = "tickets.work"

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> Message:
        readable = Message.objects.readable_by(request.member)
        message: Message | None = readable.filter(uid=named["uid"], direction="in").first()
        if message is None:
            raise Http404
        if lock:
            message.lock()
        return message

    def check(self, request: TenantRequest, row: Message) -> None:
        """Skip the version check: the model methods compare the state."""

    def answer(self, request: TenantRequest, row: Message, toast: Toast) -> HttpResponse:
        messages.add_message(request, messages.SUCCESS if toast.status == 200 else messages.WARNING, toast.text)
        seen = Ticket.objects.visible_to(request.member).filter(entries__message=row)
        ticket = None
        if toast.status == 200:
            ticket = seen.first()
        if ticket:
            return redirect(record_url(ticket, request.tenant.slug))
        return redirect(safe_next(request) or reverse("set_aside:list", args=[request.tenant.slug]))


action = SetAsideAction()


@action()
def converse(request: TenantRequest, message: Message) -> str:
    """Create a conversation for a message."""
    make_conversation(message, by=request.member)
    return _("Moved to the inbox.")
