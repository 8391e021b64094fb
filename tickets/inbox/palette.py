"""Palette results for conversations: by ticket number, or by the customer's name, number or address."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.web.lists.conditions.query import tidy
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.shell.palette import PaletteGroup, PaletteItem
from crm.web.shell.record_pages import record_url
from tickets.inbox.ticket_list import TICKETS, customers_meant, meaning_condition
from tickets.models import Ticket
from tickets.sla.words import TicketWords

MOST = 5


def find_conversations(request: TenantRequest, text: str) -> Iterator[PaletteGroup]:
    """Find conversations by a text. Messages have their own palette source."""
    text = tidy(text)
    if len(text) < 2:
        return
    reader = Reader.of(request.member, clock.now())
    rows = meaning_condition(TICKETS.visible(request.member), customers_meant(text, request.member))
    tickets = rows.filter(merged_into__isnull=True).order_by("-last_message_at", "-pk")[:MOST]
    yield PaletteGroup(_("Conversations"), [_palette_item(ticket, request.tenant.slug, reader) for ticket in tickets])


def _palette_item(ticket: Ticket, slug: str, reader: Reader) -> PaletteItem:
    words = TicketWords(ticket, reader)
    name = ticket.customer_name or ticket.subject or f"#{ticket.number}"
    if ticket.subject:
        note = f"#{ticket.number} · {ticket.subject}"
    else:
        note = f"#{ticket.number}"
    return PaletteItem(
        name,
        record_url(ticket, slug),
        note=note,
        face=name,
        bar=words.bar(micro=True),
        age=words.age,
        age_css=words.css,
    )
