"""Effect of sequences: leads that were in one, next to leads of the same step and period that were never in it.

Both groups came into the step in the period. Those of the sequence were put in while they stood in that step. Leads
that were in the sequence at another time are in neither group.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q

from crm.jobs.models import Job, StageVisit
from followups.figures.lines import percent
from followups.sequences.models import Enrolment

# With fewer leads in either group, a difference says nothing.
FEWEST = 10


@dataclass(frozen=True)
class GroupResult:
    """How many leads a group has, and how many of them were won so far."""

    count: int = 0
    won: int = 0

    @property
    def percent(self) -> int | None:
        return percent(self.won, self.count)


@dataclass(frozen=True)
class SequenceEffect:
    """The two groups of a sequence and a step."""

    sequence_id: int
    stage_id: int
    enrolled: GroupResult
    others: GroupResult

    @property
    def difference(self) -> int | None:
        """Percentage points by which more of the enrolled leads were won; None if a group is too small."""
        if min(self.enrolled.count, self.others.count) < FEWEST:
            return None
        return (self.enrolled.percent or 0) - (self.others.percent or 0)


def measure_effects(jobs: Any, since: datetime, until: datetime) -> list[SequenceEffect]:
    """Compare each sequence and step in which leads were put in. Two statements; `jobs`: the leads that count."""
    visits = visits_begun(since, until).filter(job_id__in=jobs.order_by().values("pk")).order_by()
    totals = {row["stage_id"]: GroupResult(row["count"], row["won"]) for row in _count_won(visits.values("stage_id"))}
    inside = Enrolment.objects.in_test(False).filter(
        job__visits__entered_at__gte=since, job__visits__entered_at__lt=until, job__visits__stage__isnull=False
    )
    inside = inside.filter(job_id__in=jobs.order_by().values("pk")).order_by()
    during = Q(entered_at__gte=F("job__visits__entered_at")) & (
        Q(job__visits__left_at__isnull=True) | Q(entered_at__lt=F("job__visits__left_at"))
    )
    won = Q(job__lead__won_at__isnull=False)
    groups = inside.values("sequence_id", stage_id=F("job__visits__stage_id")).annotate(
        ever=Count("job_id", distinct=True),
        ever_won=Count("job_id", distinct=True, filter=won),
        count=Count("job_id", distinct=True, filter=during),
        won=Count("job_id", distinct=True, filter=during & won),
    )
    return sorted(_compare(groups, totals), key=lambda one: (-one.enrolled.count, one.sequence_id, one.stage_id))


def _compare(groups: Iterable[Any], totals: dict[int, GroupResult]) -> Iterable[SequenceEffect]:
    for row in groups:
        total = totals.get(row["stage_id"], GroupResult())
        if row["count"]:
            others = GroupResult(total.count - row["ever"], total.won - row["ever_won"])
            yield SequenceEffect(row["sequence_id"], row["stage_id"], GroupResult(row["count"], row["won"]), others)


def _count_won(visits: Any) -> Any:
    return visits.annotate(
        count=Count("job_id", distinct=True),
        won=Count("job_id", distinct=True, filter=Q(job__lead__won_at__isnull=False)),
    )


def visits_begun(since: datetime, until: datetime) -> Any:
    """Return the stays in steps that began in the period; visit_by_end has all that is read of them."""
    lasting = Q(left_at__isnull=True) | Q(left_at__gte=since)
    return StageVisit.objects.filter(lasting, entered_at__gte=since, entered_at__lt=until, stage__isnull=False)


def leads_of_group(
    sequence_id: int, stage_id: int, since: datetime, until: datetime, *, enrolled: bool, won: bool
) -> Q:
    """Return the condition of the leads of one group, or of those of them that were won."""
    visits = visits_begun(since, until).filter(stage_id=stage_id).order_by()
    entries = Enrolment.objects.in_test(False).filter(sequence_id=sequence_id).order_by()
    if enrolled:
        during = entries.filter(
            Q(job__visits__left_at__isnull=True) | Q(entered_at__lt=F("job__visits__left_at")),
            job__visits__stage_id=stage_id,
            job__visits__entered_at__gte=since,
            job__visits__entered_at__lt=until,
            entered_at__gte=F("job__visits__entered_at"),
        )
        condition = Q(pk__in=during.values("job_id"))
    else:
        condition = Q(pk__in=visits.values("job_id")) & ~Q(pk__in=entries.values("job_id"))
    if won:
        condition &= Q(pk__in=Job.objects.filter(lead__won_at__isnull=False).order_by().values("pk"))
    return condition
