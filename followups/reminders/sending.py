"""Send the reminders whose time has come: one message per member and channel, one reminder per follow-up.

All in one transaction: the claim, the notices and what waits in the outboxes. A killed worker leaves nothing half sent.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from crm.web.models import Notice
from crm.web.notices.delivery.mails import queue_notice_mail
from crm.web.notices.delivery.push_time import push_now
from crm.web.notices.delivery.texts import WHATSAPP, confirmed_number, send_text_notice
from crm.web.notices.notify import NoticeDraft, notify_all
from followups.models import FollowUp
from followups.models.reminder import Reminder, ReminderChannel, SkipReason
from followups.models.reminder_plan import REMIND
from followups.reminders.notices import REMINDER

# Rows that a verb is changing at this moment are looked at again after this.
SOON = timedelta(seconds=5)
# Reminders sent in one transaction, beside those that are due.
MOST = 5_000
# Where a channel does not reach the member, the next one that may.
_INSTEAD = {
    ReminderChannel.PUSH: ReminderChannel.TEXT,
    ReminderChannel.WHATSAPP: ReminderChannel.TEXT,
    ReminderChannel.TEXT: ReminderChannel.EMAIL,
}


@dataclass
class MemberReminders:
    """What one member is reminded of now: notices by channel."""

    member: Member
    notices: dict[str, dict[int, Notice]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, channel: str, notice: Notice) -> None:
        self.notices[channel][notice.pk] = notice

    def take(self, channel: str) -> list[Notice]:
        """Return and forget the notices of a channel, in order."""
        return [notice for _pk, notice in sorted(self.notices.pop(channel, {}).items())]


def send_reminders(reminder_ids: Sequence[int]) -> None:
    """Send these reminders, and whatever else is due for the same members (due work)."""
    now = clock.now()
    rows = _claim_reminders(reminder_ids, now)
    follow_ups = FollowUp.objects.open().in_bulk({row.follow_up_id for row in rows})
    by_follow_up: dict[int, list[Reminder]] = defaultdict(list)
    for row in rows:
        follow_up = follow_ups.get(row.follow_up_id)
        if follow_up is None or follow_up.due_at is None or follow_up.due_at <= now:
            row.skipped_reason = SkipReason.TOO_LATE
        else:
            by_follow_up[row.follow_up_id].append(row)
    latest = [row for reminders in by_follow_up.values() for row in _keep_latest(reminders)]
    _deliver(latest, follow_ups, now)
    bulk_write.save_all(rows, ["sent_at", "skipped_reason"])


def _claim_reminders(reminder_ids: Sequence[int], now: datetime) -> list[Reminder]:
    """Lock and return what is due. Rows that a verb holds are skipped: it deletes them, or plans them again."""
    named = Reminder.objects.waiting().filter(pk__in=reminder_ids)
    member_ids = set(named.values_list("member_id", flat=True))
    due_rows = Reminder.objects.waiting().filter(member_id__in=member_ids, planned_at__lte=now)
    ids = set(due_rows.order_by("planned_at").values_list("pk", flat=True)[:MOST]) | set(reminder_ids)
    waiting = Reminder.objects.waiting().filter(pk__in=ids, planned_at__lte=now)
    rows = list(waiting.order_by("pk").select_for_update(skip_locked=True, no_key=True))
    locked_elsewhere = set(named.filter(planned_at__lte=now).values_list("pk", flat=True)) - {row.pk for row in rows}
    due.schedule_all(REMIND, [(pk, now + SOON) for pk in sorted(locked_elsewhere)])
    return rows


def _keep_latest(reminders: Sequence[Reminder]) -> list[Reminder]:
    """Keep the reminders nearest to the due time; those that an outage has delayed until now are replaced by them."""
    nearest = min(row.minutes_before for row in reminders)
    for row in reminders:
        if row.minutes_before != nearest:
            row.skipped_reason = SkipReason.REPLACED
    return [row for row in reminders if row.minutes_before == nearest]


def _deliver(rows: Sequence[Reminder], follow_ups: dict[int, FollowUp], now: datetime) -> None:
    """Write the notices, and send what goes out by other channels: one message per member and channel."""
    notices = _write_notices(rows, follow_ups, now)
    by_member: dict[int, MemberReminders] = {}
    for row in rows:
        notice = notices.get((row.member_id, _notice_key(row)))
        if notice is None:
            row.skipped_reason = SkipReason.HIDDEN
            continue
        member = directory().members[row.member_id]
        by_member.setdefault(row.member_id, MemberReminders(member)).add(row.channel, notice)
    refused = {pk: _send_messages(reminders) for pk, reminders in by_member.items()}
    for row in rows:
        if row.skipped_reason:
            continue
        row.skipped_reason = refused[row.member_id].get(row.channel, "")
        if not row.skipped_reason:
            row.sent_at = now


def _write_notices(
    rows: Iterable[Reminder], follow_ups: dict[int, FollowUp], now: datetime
) -> dict[tuple[int, str], Notice]:
    """Write a notice for each follow-up to be reminded of; return them by member and key."""
    drafts = {}
    for row in rows:
        minutes = max(round((row.due_at - now) / timedelta(minutes=1)), 1)
        about = follow_ups[row.follow_up_id]
        drafts[row.member_id, _notice_key(row)] = NoticeDraft(
            [row.member_id], _notice_key(row), about, data={"minutes": minutes}, at=now
        )
    notify_all(REMINDER, drafts.values())
    keys = {key for _member_id, key in drafts}
    written = Notice.objects.filter(kind=REMINDER, key__in=keys, member__in={pk for pk, _key in drafts})
    return {(notice.member_id, notice.key): notice for notice in written}


def _notice_key(row: Reminder) -> str:
    return f"{row.follow_up_id}:{row.due_at:%Y%m%d%H%M}:{row.minutes_before}"


def _send_messages(reminders: MemberReminders) -> dict[str, str]:
    """Send a member's reminders by each channel; return why a channel was refused. What it carried goes by the next."""
    refused = {}
    for channel in (ReminderChannel.PUSH, ReminderChannel.WHATSAPP, ReminderChannel.TEXT, ReminderChannel.EMAIL):
        notices = reminders.take(channel)
        reason = ""
        if notices:
            reason = _send_by(channel, reminders.member, notices)
        if reason:
            refused[str(channel)] = reason
            for notice in notices:
                reminders.add(_INSTEAD[channel], notice)
    return refused


def _send_by(channel: str, member: Member, notices: Sequence[Notice]) -> str:
    """Send one message about these notices; return the reason if the channel does not reach the member."""
    if channel == ReminderChannel.PUSH:
        return "" if push_now(member.pk) else SkipReason.NO_DEVICE
    if channel == ReminderChannel.WHATSAPP:
        number = confirmed_number(member, WHATSAPP)
        if not number:
            return SkipReason.NO_WHATSAPP
        send_text_notice(member, number, notices, WHATSAPP)
        return ""
    if channel == ReminderChannel.TEXT:
        number = confirmed_number(member)
        if not number:
            return SkipReason.NO_NUMBER
        send_text_notice(member, number, notices)
        return ""
    queue_notice_mail(member, notices)
    return ""
