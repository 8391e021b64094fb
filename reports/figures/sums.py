"""Narrowed: a restriction to some leads. Sums and Answers: totals of figures."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q

from reports.figures.computation import Figure


@dataclass(frozen=True)
class Narrowed:
    """Restriction to some leads; None is no restriction. None among the members means unassigned."""

    brands: frozenset[int] | None = None
    pipelines: frozenset[int] | None = None
    members: frozenset[int | None] | None = None

    def keeps(self, figure: Figure) -> bool:
        """True if a computed figure passes the restriction."""
        pairs = (
            (self.brands, figure.brand_id),
            (self.pipelines, figure.pipeline_id),
            (self.members, figure.member_id),
        )
        return all(wanted is None or value in wanted for wanted, value in pairs)

    def condition(self) -> Q:
        """Return the restriction as a condition on stored figures."""
        condition = Q()
        if self.brands is not None:
            condition &= Q(brand_id__in=self.brands)
        if self.pipelines is not None:
            condition &= Q(pipeline_id__in=self.pipelines)
        if self.members is not None:
            mine = Q(member_id__in=[one for one in self.members if one is not None])
            condition &= mine | Q(member_id__isnull=True) if None in self.members else mine
        return condition


@dataclass
class Sums:
    """A number of leads, and their value by currency."""

    count: int = 0
    values: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, count: int, currency: str, value: int) -> None:
        self.count += count
        self.values[currency] += value

    def include(self, others: "Sums") -> None:
        """Add the totals of other leads."""
        self.count += others.count
        for currency, value in others.values.items():
            self.values[currency] += value

    @property
    def worth(self) -> list[tuple[str, int]]:
        """Their value by currency, highest first; currencies are never summed."""
        amounts = {currency: value for currency, value in self.values.items() if value}
        return sorted(amounts.items(), key=lambda pair: (-pair[1], pair[0]))


class Answers(NamedTuple):
    """The number of leads contacted, and the median of the seconds until then."""

    leads: int = 0
    median: float | None = None
