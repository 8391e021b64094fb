"""Tracking numbers of the demo's campaigns, and calls to them: one of each verdict."""

import json
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from comms.channels.interface import ReceivedCall
from comms.inbound import inbound_storage
from comms.inbound.messaging.calls import receive_call
from comms.models import Channel, Inbound, Medium
from crm.jobs.clock.tick import cross
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import ContactPoint
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from leads.calls.decision import excuse_call
from leads.models import Campaign, TrackedCall, TrackingNumber
from leads.sources.setup import campaigns


class DemoCall(NamedTuple):
    """A call: days ago, at what time, seconds spoken, which caller, and from us or to us."""

    days: int
    at: time
    seconds: int
    # The last digits of a stranger's number; 0: a customer we have.
    caller: int
    is_ours: bool = False
    excuse: str = ""


CALLS = (
    DemoCall(19, time(9, 12), 312, 11),
    DemoCall(17, time(14, 3), 0, 12),
    DemoCall(17, time(14, 40), 95, 12, is_ours=True),
    DemoCall(14, time(10, 25), 41, 13),
    DemoCall(12, time(16, 8), 188, 14, excuse="seller"),
    DemoCall(9, time(11, 31), 407, 0),
    DemoCall(6, time(8, 55), 9, 15, excuse="spam"),
    DemoCall(5, time(13, 17), 264, 16),
    DemoCall(4, time(9, 40), 71, 18, is_ours=True),
    DemoCall(3, time(10, 5), 142, 18),
    DemoCall(2, time(15, 46), 0, 17),
)


def create_calls(now: datetime) -> None:
    """Assign a number to the first two campaigns and have them called, inside the tenant."""
    boss = Member.objects.filter(role=Role.MANAGER).order_by("pk").first()
    for nth, campaign in enumerate([row for row in campaigns().live if row.source_id][:2]):
        with clock.at(now - timedelta(days=60)):
            number = _create_number(campaign, nth, boss)
        for call in CALLS[nth::2] if nth else CALLS:
            _make_call(number, call, nth, now, boss)
    # What came due in the past of the new leads, as the tick would find it.
    with clock.at(now):
        cross(Job, list(TrackedCall.objects.exclude(lead=None).values_list("lead_id", flat=True).distinct()))


def _create_number(campaign: Campaign, nth: int, boss: Member | None) -> TrackingNumber:
    brand = directory().default_brand
    address = f"{'+1813555019' if brand.country == 'US' else '+3130200019'}{nth}"
    role = Channel.Role.SALES
    fields: dict[str, Any] = {
        "brand": brand,
        "medium": Medium.CALL,
        "role": role,
        "provider": "embedded",
        "address": address,
    }
    channel = Channel.create(by=None, **fields)
    if campaign.source is None:  # only those of a source are chosen
        raise AssertionError(campaign)
    return TrackingNumber.add(channel, source=campaign.source, campaign=campaign, by=boss)


def _make_call(number: TrackingNumber, call: DemoCall, nth: int, now: datetime, boss: Member | None) -> None:
    caller = _caller(number, call, nth)
    ends = (number.channel.address, caller) if call.is_ours else (caller, number.channel.address)
    at = datetime.combine((now - timedelta(days=call.days)).date(), call.at, directory().zone)
    received = ReceivedCall(
        *ends,
        f"demo-call-{number.pk}-{call.days}-{call.at:%H%M}",
        is_outgoing=call.is_ours,
        is_answered=call.seconds > 0,
        duration=call.seconds,
        at=at,
    )
    with clock.at(at + timedelta(seconds=call.seconds)):
        body = json.dumps({"kind": "call", "id": received.provider_id}).encode()
        inbound = inbound_storage.keep(body, kind=Inbound.Kind.WEBHOOK, channel=number.channel, provider="embedded")[0]
        message = receive_call(received, inbound).message
        Inbound.objects.filter(pk=inbound.pk).update(state=Inbound.State.READ)
        tracked = TrackedCall.objects.filter(message=message).first()
        if tracked and call.excuse and boss:
            excuse_call(tracked, call.excuse, by=boss)


def _caller(number: TrackingNumber, call: DemoCall, nth: int) -> str:
    """Return a number that no customer has, or that of a customer."""
    is_american = number.channel.brand.country == "US"
    if call.caller == 0:
        start = "+1" if is_american else "+31"
        points = ContactPoint.objects.filter(kind="phone", value__startswith=start)
        return points.order_by("pk").values_list("value", flat=True)[nth]
    if is_american:
        return f"+1813555{nth}7{call.caller:02}"
    return f"+3161234{nth}7{call.caller:02}"
