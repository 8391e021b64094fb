"""When to push a notice to devices: at once or batched, and only within working hours if so set."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from crm.kernel import clock
from crm.kernel.business_hours import HoursError
from crm.platform.work import due_io
from crm.web.models import Notice, NoticePreference, NoticeWay, PushSubscription
from crm.web.models.push_subscription import SEND
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.member_hours import hours_for
from crm.web.notices.recipients import NoticeRecipient

# What comes within so long is one push.
GATHER = timedelta(seconds=20)
# What has waited longer than this was lost, and is scheduled anew.
LOST = timedelta(minutes=2)
# Whoever wants a kind once an hour or a day does not want it on the phone at once.
RARELY = (NoticeWay.HOURLY, NoticeWay.DAILY, NoticeWay.OFF)


def schedule_push(kind: NoticeKind, rows: Sequence[Notice], all_recipients: Mapping[int, NoticeRecipient]) -> None:
    """Schedule pushing newly written notices to their members' devices. At most three statements."""
    notified = {pk: all_recipients[pk] for pk in {row.member_id for row in rows}}
    members = [pk for pk, member in notified.items() if member.has_devices and _wants_push(kind, member.preference)]
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
    due_io.schedule_all(SEND, [(one.pk, _next_opening(kind, at, notified[one.member_id])) for one in idle])


def push_now(member_id: int) -> bool:
    """Push a member's unread notices to their devices now. Returns False if they have none."""
    now = clock.now()
    devices = PushSubscription.objects.filter(member_id=member_id)
    ids = list(devices.order_by("pk").values_list("pk", flat=True))
    PushSubscription.objects.filter(pk__in=ids).update(waiting_since=now)
    due_io.schedule_all(SEND, [(pk, now) for pk in ids])
    return bool(ids)


def _wants_push(kind: NoticeKind, preference: NoticePreference | None) -> bool:
    way = (preference.ways.get(kind.name) if preference else None) or kind.default
    return way not in RARELY


def _next_opening(kind: NoticeKind, at: datetime, member: NoticeRecipient) -> datetime:
    """Return the instant, or the next opening if the member gets this kind in working hours only."""
    hours = hours_for(kind, member.member_id, member.preference)
    try:
        if hours:
            return hours.opening(at)
        return at
    except HoursError:
        return at
