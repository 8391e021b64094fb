"""Figures of customer updates: due, sent, missed, seen, answered, and contacts before and after one.

Two statements, however many updates: what became of them, and how many messages and calls stand around them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from comms.models import Message
from crm.kernel import formats
from portal.models import CustomerUpdate
from portal.updates.queue.filters import AROUND, ARRIVED, asked_around

# What a line is of: the column of the update.
BY = {"member": "member_id", "brand": "brand_id"}
_SENT = Q(state=CustomerUpdate.State.SENT)


@dataclass(frozen=True)
class UpdateFiguresLine:
    """Figures of one member or brand. `measured`: updates whose days after sending are over."""

    value: Any
    due: int = 0
    sent: int = 0
    missed: int = 0
    skipped: int = 0
    delivered: int = 0
    seen: int = 0
    answered: int = 0
    unseen: int = 0
    measured: int = 0
    # Updates around which the customer asked something, and how many messages and calls these were.
    asked_before: int = 0
    asked_after: int = 0
    messages_before: int = 0
    messages_after: int = 0

    @property
    def avoided(self) -> int:
        """Number of contacts after an update less than before it; negative if there were more."""
        return self.messages_before - self.messages_after


def share_of(count: int, of: int) -> str:
    """Return a percentage; a dash if the total is 0."""
    if of:
        return formats.whole_percent(100 * count / of)
    return "–"


def figures_by(
    updates: QuerySet[CustomerUpdate], since: datetime, until: datetime, now: datetime, by: str
) -> list[UpdateFiguresLine]:
    """Compute figures of updates due within a period, those with most updates first."""
    key = BY[by]
    rows = updates.filter(due_at__gte=since, due_at__lt=until).order_by()
    by_key: dict[Any, dict[str, Any]] = {
        line["key"]: dict(line) for line in rows.values(key=F(key)).annotate(**_count_fields(now))
    }
    measured = rows.filter(_SENT, sent_at__lte=now - AROUND)
    sums = measured.annotate(before=_count_messages("before"), after=_count_messages("after")).values(key=F(key))
    for line in sums.annotate(messages_before=Sum("before"), messages_after=Sum("after")):
        by_key[line["key"]] |= {name: line[name] for name in ("messages_before", "messages_after")}
    lines = [UpdateFiguresLine(value=line.pop("key"), **line) for line in by_key.values()]
    return sorted(lines, key=lambda line: (-line.due, str(line.value)))


def _count_fields(now: datetime) -> dict[str, Count]:
    conditions = {
        "due": Q(),
        "sent": _SENT,
        "missed": Q(missed_at__isnull=False),
        "skipped": Q(state=CustomerUpdate.State.SKIPPED),
        "delivered": _SENT & Q(message__delivery__in=ARRIVED),
        "seen": Q(seen_at__isnull=False),
        "answered": Q(answered_at__isnull=False),
        "unseen": ~Q(proposed_medium=""),
        "measured": _SENT & Q(sent_at__lte=now - AROUND),
        "asked_before": asked_around("before", now),
        "asked_after": asked_around("after", now),
    }
    return {name: Count("pk", filter=condition) if condition else Count("pk") for name, condition in conditions.items()}


def _count_messages(days: str) -> Any:
    """Count the messages and calls of the customer about the job, in the days before or after the update."""
    theirs = Message.objects.answers().filter(job_id=OuterRef("job_id")).order_by()
    if days == "before":
        theirs = theirs.filter(at__gte=OuterRef("sent_at") - AROUND, at__lt=OuterRef("sent_at"))
    else:
        theirs = theirs.filter(at__gt=OuterRef("sent_at"), at__lte=OuterRef("sent_at") + AROUND)
    counted = theirs.values("job_id").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
