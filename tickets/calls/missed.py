"""Missed calls to return: one per conversation, until it is answered by any channel."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext as _

from comms.callbacks.source import Callback, CallbackSource, is_uuid
from comms.models import Direction, Medium
from crm.jobs.models import ContactOutcome
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from tickets.calls.logged import log_call, take_back_call
from tickets.models import Entry, Ticket


def _waiting_callbacks(member: Member, *, everybodys: bool) -> Any:
    """Return the tickets with an unreturned missed call; excludes those with a voicemail from us."""
    entries = Entry.objects.filter(
        ticket=OuterRef("pk"), message__medium=Medium.CALL, at__gte=OuterRef("waiting_since")
    )
    missed = entries.filter(message__direction=Direction.IN, message__duration=0).order_by("at", "pk")
    tried = entries.filter(message__direction=Direction.OUT).exclude(message__state="cancelled").order_by("-at", "-pk")
    tickets = Ticket.objects.visible_to(member).open().waiting().filter(merged_into=None)
    if not everybodys:
        tickets = tickets.filter(Q(member=member) | Q(member=None))
    tickets = tickets.filter(Exists(missed), ~Exists(tried.filter(evidence__call=ContactOutcome.MESSAGE_LEFT)))
    return tickets.annotate(
        missed_at=Subquery(missed.values("at")[:1]),
        tried_at=Subquery(tried.values("at")[:1]),
        called_from=Subquery(missed.values("message__address")[:1]),
        stands_at=Coalesce(F("tried_at"), F("missed_at")),
    )


def _find_callbacks(member: Member, reader: Reader, slug: str, *, everybodys: bool, most: int) -> list[Callback]:
    rows = _waiting_callbacks(member, everybodys=everybodys).order_by("stands_at", "pk")[:most]
    return [
        Callback(
            key=str(ticket.number),
            since=ticket.stands_at,
            name=ticket.customer_name or ticket.called_from or _("Somebody"),
            phone=ticket.called_from,
            why=_("Missed call · %(when)s") % {"when": reader.near(ticket.missed_at)},
            url=record_url(ticket, slug),
            tried=reader.near(ticket.tried_at) if ticket.tried_at else "",
        )
        for ticket in rows
    ]


def _log_callback(member: Member, key: str, outcome: str, note: str) -> str:
    seen = Ticket.objects.visible_to(member)
    ticket = seen.filter(number=read_number(key) or 0).first()
    if ticket is None:
        raise Http404
    return str(log_call(ticket, outcome, by=member, note=note).uid)


def _take_back(member: Member, key: str) -> None:
    own = Entry.objects.filter(message__author=member, evidence__has_key="call")
    seen = own.filter(ticket__in=Ticket.objects.visible_to(member).values("pk")).select_related("ticket__job")
    entry = None
    if is_uuid(key):
        entry = seen.filter(uid=key).first()
    if entry is None:
        raise Http404
    take_back_call(entry, by=member)


MISSED = CallbackSource(
    name="missed",
    permission="tickets.work",
    waiting=_waiting_callbacks,
    found=_find_callbacks,
    log=_log_callback,
    take_back=_take_back,
)
