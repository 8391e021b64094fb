"""Read the figures of days: kept ones, and what is stale or of today computed live, so that they equal their lists."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Sum

from reports.figures.computation import Figure, compute
from reports.figures.days import Days, today
from reports.models import DailyFigure, FigureDay, Grain


@dataclass(frozen=True)
class Narrowed:
    """Which leads are looked at; None: all. Of members, None among them means nobody's."""

    brands: frozenset[int] | None = None
    pipelines: frozenset[int] | None = None
    members: frozenset[int | None] | None = None

    def keeps(self, figure: Figure) -> bool:
        """Whether a computed figure is of these leads."""
        pairs = (
            (self.brands, figure.brand_id),
            (self.pipelines, figure.pipeline_id),
            (self.members, figure.member_id),
        )
        return all(wanted is None or value in wanted for wanted, value in pairs)

    def condition(self) -> Q:
        """Return the same of kept figures."""
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
    """How many, and what they are worth by currency."""

    count: int = 0
    values: defaultdict[str, int] | None = None

    def add(self, count: int, currency: str, value: int) -> None:
        self.count += count
        self.values = self.values or defaultdict(int)
        self.values[currency] += value

    @property
    def worth(self) -> list[tuple[str, int]]:
        """What they are worth by currency, the most first; never summed across."""
        found = {currency: value for currency, value in (self.values or {}).items() if value}
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def read(days: Days, measures: Collection[str], by: tuple[str, ...], narrowed: Narrowed) -> dict[tuple[Any, ...], Sums]:
    """Return the sums of these measures by columns of DailyFigure, such as ("day", "measure")."""
    holding = set(
        FigureDay.objects.filter(day__range=(days.first, days.last), stale_since=None).values_list("day", flat=True)
    ) - {today()}
    live = [day for day in days if day not in holding]
    sums: dict[tuple[Any, ...], Sums] = defaultdict(Sums)
    for figure in compute(live):
        if figure.measure in measures and narrowed.keeps(figure):
            key = tuple(getattr(figure, column) for column in by)
            sums[key].add(figure.count, figure.currency, figure.value)
    for values in _kept(days, live, measures, by, narrowed):
        sums[tuple(values[column] for column in by)].add(values["leads"], values["currency"], values["worth"])
    return sums


def grain_of(by: tuple[str, ...], narrowed: Narrowed) -> Grain:
    """Return the coarsest grain that has these columns."""
    has_member = narrowed.members is not None or "member_id" in by
    has_step = "stage_id" in by or "outcome" in by
    if has_member:
        return Grain.BOTH if has_step else Grain.MEMBER
    return Grain.STEP if has_step else Grain.TOTAL


def _kept(
    days: Days, live: Collection[Any], measures: Collection[str], by: tuple[str, ...], narrowed: Narrowed
) -> Iterable[dict[str, Any]]:
    rows = DailyFigure.objects.filter(
        narrowed.condition(), grain=grain_of(by, narrowed), day__range=(days.first, days.last), measure__in=measures
    )
    if live:
        rows = rows.exclude(day__in=live)
    found: Any = rows.order_by().values(*{*by, "currency"}).annotate(leads=Sum("count"), worth=Sum("value"))
    return found
