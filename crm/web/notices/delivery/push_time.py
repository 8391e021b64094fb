"""When a notice is pushed to a member's devices: at once, or with what comes along, and in working hours only."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from crm.kernel import clock
from crm.kernel.business_hours import HoursError
from crm.platform.work import due_io
from crm.web.models import Notice, NoticePreference, PushSubscription, Way
from crm.web.models.push_subscription import SEND
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.member_hours import hours_for
from crm.web.notices.recipients import Recipient

# What comes within so long is one push.
GATHER = timedelta(seconds=20)
# What has waited longer than this was lost, and is scheduled anew.
LOST = timedelta(minutes=2)
# Whoever wants a kind once an hour or a day does not want it on the phone at once.
RARELY = (Way.HOURLY, Way.DAILY, Way.OFF)


def push_later(kind: NoticeKind, rows: Sequence[Notice], known: Mapping[int, Recipient]) -> None:
    """Have notices that were just written pushed to the devices of their members: three statements, or none."""
    told = {pk: known[pk] for pk in {row.member_id for row in rows}}
    members = [pk for pk, member in told.items() if member.has_devices and _wants(kind, member.preference)]
    devices = []
    if members:
        devices = list(PushSubscription.objects.filter(member_id__in=members).order_by("pk"))
    now = clock.now()
    idle = [one for one in devices if one.waiting_since is None or now - one.waiting_since > LOST]
    if not idle:
        return
    PushSubscription.objects.filter(pk__in=[one.pk for one in idle]).update(waiting_since=now)
    if kind.gathers:
        at = now + GATHER
    else:
        at = now
    due_io.schedule_all(SEND, [(one.pk, _opening(kind, at, told[one.member_id])) for one in idle])


def _wants(kind: NoticeKind, preference: NoticePreference | None) -> bool:
    way = (preference.ways.get(kind.name) if preference else None) or kind.default
    return way not in RARELY


def _opening(kind: NoticeKind, at: datetime, member: Recipient) -> datetime:
    """Return the instant itself, or the next opening for whoever is to be told in working hours only."""
    hours = hours_for(kind, member.member_id, member.preference)
    try:
        if hours:
            return hours.opening(at)
        return at
    except HoursError:
        return at
