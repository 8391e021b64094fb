"""Data quality figures: the share of open leads without a flaw, and how often each rule is broken."""

from dataclasses import dataclass

from django.db.models import Count

from crm.jobs.models import Flaw, Job
from crm.jobs.quality.rules import GOAL, RULES, QualityRule


@dataclass(frozen=True)
class QualityFigures:
    """Data quality figures of the whole organization."""

    open: int
    flawed: int
    by_rule: list[tuple[QualityRule, int]]

    @property
    def percent(self) -> float:
        """Percentage of open leads without a flaw, rounded down: 98 means 98."""
        if self.open:
            return (self.open - self.flawed) * 1000 // self.open / 10
        return 100.0

    @property
    def step(self) -> int:
        """The percentage in twentieths, for a CSS class."""
        return int(self.percent // 5)

    @property
    def reached(self) -> bool:
        return self.percent >= GOAL


def figures() -> QualityFigures:
    """Count the figures, in three statements over indexes."""
    counted = dict(Flaw.objects.order_by().values_list("rule").annotate(count=Count("pk")))
    flawed = Flaw.objects.values("job_id").distinct().count()
    broken = [(rule, counted.get(key, 0)) for key, rule in RULES.items()]
    return QualityFigures(Job.objects.open().count(), flawed, broken)
