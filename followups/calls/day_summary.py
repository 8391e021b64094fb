"""DaySummary: the results of the calls a member made today, and the customers to call again today."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from comms.models import Medium, Message
from crm.platform.models import Member
from crm.web.reader import Reader
from followups.calls.queue import CallQueue
from followups.models import FollowUp, FollowUpOutcome
from followups.time_choices import Bounds

# Who asks for another call was reached.
REACHED = (FollowUpOutcome.SUCCESSFUL, FollowUpOutcome.RESCHEDULED)


@dataclass(frozen=True)
class DaySummary:
    """Counts of the calls made today. `again`: the next try of each call that has one, by the id of that call."""

    made: Sequence[FollowUp]
    again: dict[int, FollowUp]
    # Minutes on the telephone, by the telephone's own records; 0 without such calls.
    minutes: int
    again_today: Sequence[FollowUp]

    @property
    def reached(self) -> int:
        return sum(row.outcome in REACHED for row in self.made)


def summarize_day(queue: CallQueue, member: Member, reader: Reader) -> DaySummary:
    """Return the results of the calls made today. Two queries."""
    bounds = Bounds.of(reader)
    following = FollowUp.objects.open().filter(after_id__in=[row.pk for row in queue.made], assignee_id=member.pk)
    again = {row.after_id: row for row in following.filter(kind__in={row.kind for row in queue.made}).by_time()}
    telephoned = Message.objects.filter(author=member, medium=Medium.CALL, at__gte=bounds.day_start)
    seconds = telephoned.aggregate(total=Sum("duration"))["total"] or 0
    soon = [row for row in again.values() if row.sort_at < bounds.day_end]
    return DaySummary(queue.made, again, round(seconds / 60), sorted(soon, key=lambda row: row.sort_at))
