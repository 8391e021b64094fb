"""The reminders on the page of a follow-up."""

from typing import Any

from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.web.reader import Reader
from followups.models import FollowUp, Reminder
from followups.models.reminder import SkipReason
from followups.models.reminder_plan import wanted_times
from followups.reminders.fields import describe_times, list_fields


def reminder_block(follow_up: FollowUp, reader: Reader) -> dict[str, Any]:
    """Return the reminders of a follow-up for its page: when each is sent, or why it was not."""
    times = wanted_times(follow_up)
    rows = {(row.minutes_before, row.channel): row for row in Reminder.objects.filter(follow_up=follow_up)}
    notes = [_describe_state(rows.get((one.minutes, one.channel)), reader) for one in times]
    return {
        "is_own": follow_up.own_reminders is not None,
        "words": describe_times(times),
        "fields": list_fields(times, notes),
    }


def _describe_state(row: Reminder | None, reader: Reader) -> str:
    """Format the state of a reminder: "Tue, May 19, 2:45 PM", "Sent …", "Not sent: …"."""
    if row is None:
        return ""
    if row.skipped_reason:
        return _("Not sent: %(why)s") % {"why": SkipReason(row.skipped_reason).label}
    if row.sent_at:
        return _("Sent %(when)s") % {"when": reader.moment(row.sent_at)}
    if row.planned_at < clock.now():
        return ""
    return reader.moment(row.planned_at)
