"""The inbox: the list of tickets with the open one beside it. One URL each, one page; fragments for htmx."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from crm.jobs.models import Priority
from crm.jobs.models.tag import tags
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.web.lists.conditions.query import Filters, tidy
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_prefix
from tickets.inbox.choices import ALL
from tickets.inbox.rows import RowMaker, next_crossing
from tickets.inbox.ticket_list import TICKETS
from tickets.models import Ticket
from tickets.participants.people import search_people

# Views that stand side by side; the others are in a menu.
TABS = 3


@require("tickets.view")
def inbox(request: TenantRequest) -> HttpResponse:
    """Show the list; for htmx only its rows."""
    context = list_context(request, Reader.of(request.member, clock.now()))
    return render(request, "tickets/inbox.html#rows" if is_fragment(request) else "tickets/inbox.html", context)


def list_context(request: TenantRequest, reader: Reader, *, opened: Ticket | None = None) -> dict[str, Any]:
    """Return the context of the list pane: rows and what is above them."""
    member = request.member
    filters = TICKETS.read(request.GET, member)
    tickets = TICKETS.apply(filters, member)
    page = read_page(tickets, request.GET, TICKETS.order_of(filters))
    maker = RowMaker(
        record_prefix(Ticket, request.tenant.slug),
        reader,
        query=_row_query(request, filters),
        columns=TICKETS.columns_of(filters, member),
        may_pick=allows(member, "tickets.work"),
        opened=opened.number if opened else None,
    )
    crossing = next_crossing(page.rows, reader.now)
    query = filters.query()
    return {
        "page": page,
        "rows": maker.html(page.rows),
        "filters": filters,
        "first_url": TICKETS.url("list", request.tenant.slug) + query,
        "here": TICKETS.url("list", request.tenant.slug) + _row_query(request, filters),
        "crossing": crossing.isoformat() if crossing else "",
        "may_work": maker.may_pick,
        "may_assign": allows(member, "tickets.assign"),
        "is_searched": bool(filters.q),
        "empty": not page.rows,
        **({} if is_fragment(request) else _frame_context(request, filters)),
    }


def _frame_context(request: TenantRequest, filters: Filters) -> dict[str, Any]:
    """Return the context above the rows: the first views as tabs, the others in a menu."""
    context = frame(request, TICKETS, filters)
    tabs = context["tabs"].shown
    return context | {
        "may_begin": allows(request.member, "comms.send"),
        "priorities": Priority.choices,
        "tags": [(tag, TICKETS.filters(who=ALL, tag=str(tag.uid)).query()) for tag in tags().live],
        "near_tabs": tabs[:TABS],
        "more_tabs": tabs[TABS:],
        "current_tab": next((tab for tab in tabs[TABS:] if tab.is_current), None),
        "is_filtered": not any(tab.is_current for tab in tabs),
    }


def _row_query(request: TenantRequest, filters: Filters) -> str:
    """Return the query string of a row's link, so that the list beside the conversation is unchanged."""
    query = filters.query()
    place = next((f"{name}={request.GET[name]}" for name in ("after", "before") if request.GET.get(name)), "")
    if query == "?":
        if place:
            return f"?{place}"
        return ""
    if place:
        return f"{query}&{place}"
    return query


@require("comms.send")
def new(request: TenantRequest) -> HttpResponse:
    """Search people the member sees by text, each with links to write to them."""
    query = tidy(request.GET.get("q", ""))
    context = {"query": query, "found": search_people(query, request.member)}
    return render(request, "tickets/new.html", context)
