"""Counts beside the steps of a sequence: who stands there now, and how many got that far. Each opens its list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Case, Count, DurationField, ExpressionWrapper, F, Q, When
from django.db.models.functions import Extract
from django.urls import reverse

from crm.kernel import clock, durations
from crm.platform.database.percentile import Percentile
from followups.models import FollowUp
from followups.sequences.definition import SequenceFork, SequenceWait
from followups.sequences.models import EndReason, Enrolment, EnrolmentStep, Sequence, SequenceVersion, StepResult
from followups.sequences.models.step_record import ORIGIN

# Of fewer, a median or a share says nothing.
FEWEST = 5


@dataclass(frozen=True)
class LinkedCount:
    """A number and the list it opens."""

    count: int = 0
    url: str = ""


NOBODY = LinkedCount()


class StepCount(NamedTuple):
    """The counts of one step. `share`: how many per cent of those who began got this far; None for a wait."""

    here: int = 0
    here_url: str = ""
    reached: int = 0
    reached_url: str = ""
    share: int | None = None
    overdue: LinkedCount = NOBODY


@dataclass(frozen=True)
class WayCount:
    """How many went one way of a fork, the list of them, and how many per cent of all that is."""

    count: int = 0
    url: str = ""
    share: int = 0


@dataclass(frozen=True)
class SequenceCounts:
    """The counts of a sequence's present version."""

    began: LinkedCount = NOBODY
    finished: LinkedCount = NOBODY
    # After what time those at the end got there, the median; blank for too few.
    lasted: str = ""
    inside: int = 0
    # Inside now, on an older version.
    inside_older: int = 0
    steps: Mapping[int, StepCount] = field(default_factory=dict)
    ways: Mapping[tuple[int, str], WayCount] = field(default_factory=dict)

    def at(self, position: int | None) -> StepCount | None:
        """Return the counts of a saved step; None for a new one."""
        if position is not None:
            return self.steps.get(position)
        return None


def enrolments_url(slug: str, **filters: object) -> str:
    """Return the URL of the list of enrolments with filters; of a list of values one must hold."""
    parts = []
    for name, value in filters.items():
        if isinstance(value, list | tuple):
            parts += [f"any1={name}:is:{one}" for one in value]
        else:
            parts.append(f"{name}={value}")
    return f"{reverse('sequences:enrolments', args=[slug])}?{'&'.join(parts)}"


def sequence_url(sequence: Sequence, slug: str, **filters: object) -> str:
    """Return the URL of the list of a sequence's enrolments; in test mode of those in the test."""
    if sequence.is_in_test:
        filters["test"] = 1
    return enrolments_url(slug, sequence=sequence.uid, **filters)


def stay_seconds() -> Extract:
    """Return the expression for how long an enrolment lasted, in seconds."""
    stay = ExpressionWrapper(F("ended_at") - F("entered_at"), output_field=DurationField())
    return Extract(stay, "epoch")


def median_text(count: int, seconds: float | None) -> str:
    """Return a median of so many as text; blank for too few."""
    if count < FEWEST or seconds is None:
        return ""
    return durations.short_duration(seconds)


class StepCounter:
    """Counts the steps of a sequence's present version; in test mode those of the test. Six queries."""

    def __init__(self, sequence: Sequence, slug: str) -> None:
        version = sequence.version
        assert version is not None, "a sequence is added with a version"
        self.sequence = sequence
        self.version: SequenceVersion = version
        self.slug = slug
        self.is_test = sequence.is_in_test
        self.rows = Enrolment.objects.in_test(self.is_test).filter(version_id=version.pk).order_by()
        self.standing = Enrolment.objects.counts_by_position(version.pk, is_test=self.is_test)
        self.reached = EnrolmentStep.objects.counts_by_position(version.pk, is_test=self.is_test)
        self.results = EnrolmentStep.objects.results_by_position(version.pk, is_test=self.is_test)

    def url(self, **filters: object) -> str:
        """Return the URL of a list; tests are in it only if it is of one."""
        if self.is_test:
            filters["test"] = 1
        return enrolments_url(self.slug, **filters)

    def counts(self) -> SequenceCounts:
        """Return all counts."""
        is_at_end = Q(state="ended", end_reason=EndReason.FINISHED)
        totals = self.rows.aggregate(
            began=Count("pk"),
            finished=Count("pk", filter=is_at_end),
            median=Percentile(Case(When(is_at_end, then=stay_seconds())), at=0.5),
        )
        inside = sum(self.standing.values())
        everywhere = Enrolment.objects.inside().in_test(self.is_test).filter(sequence_id=self.sequence.pk).count()
        return SequenceCounts(
            LinkedCount(totals["began"], self.url(version=self.version.pk)),
            LinkedCount(totals["finished"], self.url(version=self.version.pk, reason=EndReason.FINISHED)),
            median_text(totals["finished"], totals["median"]),
            inside,
            everywhere - inside,
            self._step_counts(totals["began"]),
            self._way_counts(),
        )

    def _step_counts(self, began: int) -> dict[int, StepCount]:
        overdue = self._overdue_by_position()
        return {
            node.position: self._count_step(node.position, node.step, began, overdue) for node in self.version.nodes
        }

    def _overdue_by_position(self) -> dict[int, int]:
        """Return at which positions how many stand whose follow-up is overdue."""
        late = FollowUp.objects.open().filter(due_at__lt=clock.now(), origin__startswith=ORIGIN)
        rows = self.rows.inside().filter(task_id__in=late.order_by().values("pk"))
        return dict(rows.values_list("position").annotate(count=Count("pk")))

    def _count_step(self, position: int, step: object, began: int, overdue: Mapping[int, int]) -> StepCount:
        place = f"{self.version.pk}.{position}"
        count = StepCount(self.standing.get(position, 0), self.url(at=place))
        if isinstance(step, SequenceWait):
            return count
        passed = self.reached.get(position, 0)
        share = 0
        if began:
            share = round(100 * passed / began)
        late = LinkedCount(overdue.get(position, 0), self.url(at=place, late=1))
        return count._replace(reached=passed, reached_url=self.url(reached=place), share=share, overdue=late)

    def _way_counts(self) -> dict[tuple[int, str], WayCount]:
        ways = {}
        for node in self.version.nodes:
            if not isinstance(node.step, SequenceFork):
                continue
            counts = {way: self.results.get((node.position, way), 0) for way in (StepResult.YES, StepResult.NO)}
            total = sum(counts.values())
            for way, count in counts.items():
                url = self.url(went=f"{self.version.pk}.{node.position}.{way}")
                ways[node.position, str(way)] = WayCount(count, url, round(100 * count / max(total, 1)))
        return ways


def count_steps_of(sequence: Sequence, slug: str) -> SequenceCounts:
    """Return the counts of a sequence's present version; in test mode those of the test."""
    return StepCounter(sequence, slug).counts()
