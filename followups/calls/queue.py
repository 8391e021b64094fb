"""The call list of a member: the calls that are overdue or due today, and those they have made today."""

from dataclasses import dataclass

from django.db.models import Q

from crm.jobs.models import Priority
from crm.platform.models import Member
from crm.web.reader import Reader
from followups.models import FollowUp, FollowUpStatus
from followups.models.kind import FollowUpKind
from followups.models.kind_setup import kinds
from followups.time_choices import Bounds

# More calls nobody makes in a day; the rest come up as these are made.
MOST = 200


@dataclass(frozen=True)
class CallQueue:
    """The calls still to make, most urgent first, and those made today, earliest first."""

    waiting: list[FollowUp]
    made: list[FollowUp]

    @property
    def size(self) -> int:
        return len(self.waiting) + len(self.made)

    @property
    def percent(self) -> int:
        """How many of a hundred calls are made."""
        if not self.size:
            return 0
        return round(100 * len(self.made) / self.size)

    @property
    def minutes_left(self) -> int:
        """How long the calls still to make take, by their own minutes or the usual ones of their types."""
        return sum(row.minutes for row in self.waiting)

    def after(self, follow_up: FollowUp) -> FollowUp | None:
        """Return the call that comes after this one; after the last the first, None if there is no other."""
        ids = [row.pk for row in self.waiting]
        if follow_up.pk not in ids:
            return next(iter(self.waiting), None)
        following = self.waiting[(ids.index(follow_up.pk) + 1) % len(ids)]
        if following.pk == follow_up.pk:
            return None
        return following


def call_kinds() -> list[str]:
    """Return the codes of the types that are calls: the built-in one, and the tenant's own with a telephone."""
    icon = FollowUpKind.CALL.icon
    return [kind.code for kind in kinds().all.values() if kind.icon == icon]


def read_queue(member: Member, reader: Reader) -> CallQueue:
    """Read the member's call list of today."""
    bounds = Bounds.of(reader)
    calls = FollowUp.objects.filter(kind__in=call_kinds())
    due = calls.open().filter(assignee_id=member.pk, sort_at__lt=bounds.day_end)
    waiting = list(due.by_time()[:MOST])
    waiting.sort(key=lambda row: _urgency(row, reader))
    done_today = Q(status=FollowUpStatus.COMPLETED, completed_at__gte=bounds.day_start)
    made = calls.filter(done_today, completed_by_id=member.pk).order_by("completed_at", "pk")
    return CallQueue(waiting, list(made[:MOST]))


def _urgency(follow_up: FollowUp, reader: Reader) -> tuple[object, ...]:
    """Sort overdue calls first, those of high priority before others; the rest by their time."""
    is_overdue = follow_up.is_overdue(reader.now)
    priority = Priority.NORMAL
    if is_overdue:
        priority = Priority(follow_up.priority)
    return not is_overdue, priority, follow_up.sort_at, follow_up.pk
