"""Channels on the health page: whether each works, and when it last received, sent and failed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Max, Q, When
from django.db.models.functions import TruncMinute
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.channels.capability import registration_lack
from comms.channels.directory import all_channels, channels_in_use
from comms.models import Channel, KillSwitch, Medium, Message
from crm.kernel import clock
from crm.kernel.whole_numbers import read_number
from crm.platform.organization.configuration import directory
from crm.web.health.findings import Finding, HealthPart, HealthState, PartMinutes
from crm.web.health.snapshot import HealthSnapshot

# What is older is not looked for: a channel that nobody used for a week has no last message here.
LOOKED_BACK = timedelta(days=7)
HOUR = timedelta(hours=1)
_State = Message.State
_Delivery = Message.Delivery
FAILED_MESSAGE = Q(state__in=(_State.FAILED, _State.UNKNOWN)) | Q(delivery__in=(_Delivery.FAILED, _Delivery.BOUNCED))


def parts(look: HealthSnapshot) -> list[HealthPart]:
    """Return the channels of brands, and members' own ones with a problem, in four queries."""
    stops = list(KillSwitch.objects.on().filter(person=None))
    times = _last_times()
    minutes = _active_minutes(look.now)
    channels = [channel for channel in current_channels() if channel.owner_id is None or channel.problem]
    return [
        replace(
            _channel_part(channel, stops, times.get(channel.pk, {})), minutes=minutes.get(channel.pk, PartMinutes())
        )
        for channel in channels
    ]


def channel_findings(look: HealthSnapshot) -> Iterable[Finding]:
    """Check every channel by its last test, fetch or send."""
    channels = current_channels()
    if not channels:
        yield Finding(HealthState.SLOW, _("No channel is set up"), page="comms:channels")
        return
    broken = [channel for channel in channels if channel.problem]
    for channel in broken:
        words = _("%(address)s does not work") % {"address": channel.address}
        yield Finding(HealthState.DOWN, words, channel.problem, "comms:channels", str(channel.pk))
    for channel in channels:
        if not channel.problem and (lack := registration_lack(channel)):
            yield Finding(HealthState.SLOW, f"{channel.address}: {lack}", page="comms:channels", about=str(channel.pk))
    if not broken:
        count = len(channels)
        words = ngettext("%(n)s channel works", "%(n)s channels work", count) % {"n": count}
        yield Finding(HealthState.OK, words)


def name_of(about: str) -> str:
    """Return the address of a finding's channel; blank if it is gone."""
    channel = all_channels().get(read_number(about) or 0)
    if channel:
        return channel.address
    return ""


def current_channels() -> list[Channel]:
    """Return the current channels in use; test results don't invalidate the cached configuration."""
    channel_ids = {channel.pk for channel in channels_in_use()}
    if channel_ids:
        return list(Channel.objects.in_use().filter(pk__in=channel_ids).order_by("medium", "pk"))
    return []


def _last_times() -> dict[int, dict[str, Any]]:
    recent = Message.objects.filter(at__gte=clock.now() - LOOKED_BACK, channel__isnull=False).order_by()
    rows = recent.values("channel_id").annotate(
        last_in=Max("at", filter=Q(direction="in")),
        last_out=Max("sent_at", filter=Q(state=_State.SENT)),
        last_failed=Max("at", filter=FAILED_MESSAGE),
    )
    return {row["channel_id"]: row for row in rows}


def _active_minutes(now: datetime) -> dict[int, PartMinutes]:
    """Return the minutes of the last hour in which each channel was active, and in which something failed."""
    recent = Message.objects.filter(at__gt=now - HOUR, at__lte=now, channel__isnull=False).order_by()
    rows = recent.annotate(minute=TruncMinute("at"), bad=Case(When(FAILED_MESSAGE, then=True), default=False))
    worked = defaultdict[int, set[int]](set)
    failed = defaultdict[int, set[int]](set)
    for channel_id, minute, bad in rows.values_list("channel_id", "minute", "bad").distinct():
        ago = int((now - minute).total_seconds() // 60)
        if ago < 60:
            (failed if bad else worked)[channel_id].add(ago)
    return {pk: PartMinutes(frozenset(worked.get(pk, ())), frozenset(failed.get(pk, ()))) for pk in {*worked, *failed}}


def _channel_part(channel: Channel, stops: list[KillSwitch], times: dict[str, Any]) -> HealthPart:
    state, words = channel_state(channel, stops)
    brand = directory().brands[channel.brand_id].name
    figures = (
        (_("in"), times.get("last_in")),
        (_("out"), times.get("last_out")),
        (_("failed"), times.get("last_failed")),
    )
    return HealthPart(
        channel.address, f"{Medium(channel.medium).label}, {brand}", state, words, figures, "comms:channels"
    )


def channel_state(channel: Channel, stops: list[KillSwitch]) -> tuple[HealthState, str]:
    stopped = any(
        stop.scope == "tenant" or channel.pk == stop.channel_id or channel.brand_id == stop.brand_id
        for stop in stops
        if not stop.purpose
    )
    if channel.problem:
        return HealthState.DOWN, _("does not work")
    if stopped:
        return HealthState.OFF, _("stopped")
    if registration_lack(channel):
        return HealthState.SLOW, _("not registered")
    return HealthState.OK, _("works")
