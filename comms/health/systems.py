"""Channels as rows of *Settings, Connections*: mail, texts, WhatsApp and calls."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Case, Max, Value, When
from django.db.models.functions import TruncHour
from django.urls import reverse

from comms.health.channels import FAILED_MESSAGE, channel_state, current_channels
from comms.models import KillSwitch, Medium, Message
from crm.integrations.systems import HOURS, SystemRow, SystemSource, hour_states
from crm.platform.organization.configuration import directory
from crm.platform.organization.readable_address import readable_address

_ICONS = {Medium.EMAIL: "mail", Medium.CALL: "phone"}


def channel_systems(slug: str, now: datetime) -> Iterable[SystemRow]:
    """Return the channels of brands. A fixed number of queries."""
    channels = [channel for channel in current_channels() if channel.owner_id is None]
    if not channels:
        return
    stops = list(KillSwitch.objects.on().filter(person=None))
    recent = Message.objects.filter(at__gt=now - timedelta(hours=HOURS), at__lte=now, channel__isnull=False)
    bad = Case(When(FAILED_MESSAGE, then=Value(True)), default=Value(False))
    rows = recent.order_by().annotate(hour=TruncHour("at"), bad=bad).values("channel_id", "hour", "bad")
    hours = defaultdict[int, list[tuple[datetime, bool]]](list)
    last: dict[int, datetime] = {}
    for row in rows.annotate(last=Max("at")):
        hours[row["channel_id"]].append((row["hour"], row["bad"]))
        last[row["channel_id"]] = max(row["last"], last.get(row["channel_id"], row["last"]))
    for channel in channels:
        state, words = channel_state(channel, stops)
        yield SystemRow(
            name=readable_address(channel.address),
            note=f"{Medium(channel.medium).label}, {directory().brands[channel.brand_id].name}",
            icon=_ICONS.get(Medium(channel.medium), "message-square"),
            way="both",
            mark=state,
            state=words,
            url=reverse("comms:channels", args=[slug]),
            at=last.get(channel.pk),
            hours=hour_states(hours[channel.pk], now),
        )


SYSTEM = SystemSource(name="channels", group="messages", permission="comms.set_up", icon="mail", read=channel_systems)
