"""Trace of a customer's messages in the company: stored, read, assigned, and the gate's decisions."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from comms.models import Inbound, Message
from comms.phone.customers import PROVIDER, PhoneCustomer
from comms.phone.mailbox import NOT_THERE

# How many steps are shown, the newest last.
STEPS = 12


class TraceStep(NamedTuple):
    """One step and its result."""

    at: datetime
    what: str
    words: str


def of_customer(who: PhoneCustomer) -> list[TraceStep]:
    """Return the last steps of the customer's messages, and of undelivered ones to them."""
    addresses = [address for address in (who.number, who.email) if address]
    rows = Message.objects.filter(channel__provider=PROVIDER, address__in=addresses)
    steps: list[TraceStep] = []
    for row in rows.select_related("inbound", "person", "job", "author").order_by("-created_at")[:STEPS]:
        steps += _received_steps(row) if row.direction == "in" else _sent_steps(row)
    waiting = Inbound.objects.filter(provider=PROVIDER, state__in=[Inbound.State.STORED, Inbound.State.PARKED])
    for inbound in waiting.order_by("-received_at")[:3]:
        parked = inbound.state == Inbound.State.PARKED
        steps.append(TraceStep(inbound.received_at, _("Parked") if parked else _("Stored"), inbound.reason_text))
    return sorted(steps)[-STEPS:]


def _received_steps(row: Message) -> list[TraceStep]:
    steps = []
    if row.inbound:
        steps.append(TraceStep(row.inbound.received_at, _("Received"), row.get_medium_display()))
    if row.person:
        person = row.person.name
    else:
        person = _("nobody known")
    steps.append(TraceStep(row.created_at, _("Read"), person))
    if row.job:
        steps.append(TraceStep(row.created_at, _("Lead #%(number)s") % {"number": row.job.number}, row.job.title))
    if row.automatic:
        steps.append(TraceStep(row.created_at, _("Automatic"), _("nobody is told, nothing is answered")))
    return steps


def _sent_steps(row: Message) -> list[TraceStep]:
    if row.author:
        who = row.author.name
    else:
        who = _("by itself")
    state = {"held": _("Waits"), "failed": _("Failed"), "dropped": _("Not sent"), "unknown": _("Unknown")}
    if row.state in NOT_THERE:
        return [TraceStep(row.created_at, state.get(row.state, _("On its way")), row.error_text or who)]
    return [TraceStep(row.sent_at or row.at, _("Sent"), f"{row.get_medium_display()} · {who}")]
