"""Figures of follow-ups by type or member: done, on time, time to complete, outcomes, missed and still open.

Four statements, however many follow-ups and lines. What was done is read by followup_completed, what is open by
followup_open; both are limited to the days of the period.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Extract

from crm.platform.database.percentile import Percentile
from followups.filters import on_time
from followups.models import FollowUpOutcome, FollowUpQuerySet, FollowUpStatus

# What a line is of: the column of the follow-up.
BY = {"type": "kind", "member": "assignee_id"}


@dataclass
class FollowUpLine:
    """Figures of one type, one member or all of them. Times in seconds, None without data."""

    value: Any = None
    is_total: bool = False
    done: int = 0
    in_time: int = 0
    median: float | None = None
    p90: float | None = None
    successful: int = 0
    no_answer: int = 0
    missed: int = 0

    @property
    def late(self) -> int:
        return self.done - self.in_time

    @property
    def on_time_percent(self) -> int | None:
        return percent(self.in_time, self.done)

    @property
    def success_percent(self) -> int | None:
        return percent(self.successful, self.done)


def percent(part: int, whole: int) -> int | None:
    """Return a share in whole percent; None of nothing."""
    if whole:
        return round(100 * part / whole)
    return None


def count_lines(
    rows: FollowUpQuerySet, since: datetime, until: datetime, now: datetime, by: str
) -> tuple[FollowUpLine, list[FollowUpLine]]:
    """Return the line of all, and those of each type or member: done in the period; due in it, open and missed."""
    done = rows.filter(status=FollowUpStatus.COMPLETED, completed_at__gte=since, completed_at__lt=until).order_by()
    missed = rows.overdue(now).filter(sort_at__gte=since, sort_at__lt=until).order_by()
    figures = _done_figures()
    everything = FollowUpLine(is_total=True, **done.aggregate(**figures), missed=missed.count())
    lines: dict[Any, FollowUpLine] = {}
    for values in done.values(value=F(BY[by])).annotate(**figures):
        lines[values["value"]] = FollowUpLine(**values)
    for value, count in missed.values_list(BY[by]).annotate(count=Count("pk")):
        lines.setdefault(value, FollowUpLine(value)).missed = count
    return everything, sorted(lines.values(), key=lambda line: (-line.done, -line.missed, str(line.value)))


def _done_figures() -> dict[str, Any]:
    took = Extract(ExpressionWrapper(F("completed_at") - F("created_at"), output_field=DurationField()), "epoch")
    return {
        "done": Count("pk"),
        "in_time": Count("pk", filter=on_time()),
        "median": Percentile(took, at=0.5),
        "p90": Percentile(took, at=0.9),
        "successful": Count("pk", filter=Q(outcome=FollowUpOutcome.SUCCESSFUL)),
        "no_answer": Count("pk", filter=Q(outcome=FollowUpOutcome.NO_ANSWER)),
    }
