"""Read the figures of days: kept ones, and what is stale or of today computed live, so that they equal their lists."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, Sum

from reports.figures.computation import Figure, compute
from reports.figures.days import Days, today
from reports.figures.measures import CONTACTED
from reports.figures.upkeep import DAYS
from reports.models import DailyFigure, Grain


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


class Medians(NamedTuple):
    """The median of some seconds, of all and by member; None, and no member, where there are none."""

    of_all: float | None
    by_member: dict[int | None, float]


class KeptFigures:
    """The figures of some days: of those that hold as they are kept, of the others as the rows are now.

    Read once for a page, however many sums are asked of it. `measures`: those that will be.
    """

    def __init__(self, spans: Iterable[Days], measures: Collection[str]) -> None:
        days = {day for span in spans for day in span}
        holding = DAYS.holding(min(days), max(days)) - {today()}
        self._live = days - holding
        self._computed = compute(self._live, measures)

    def sums(
        self, days: Days, measures: Collection[str], by: tuple[str, ...], narrowed: Narrowed
    ) -> dict[tuple[Any, ...], Sums]:
        """Return the sums of these measures by columns of DailyFigure, such as ("day", "measure")."""
        found: dict[tuple[Any, ...], Sums] = defaultdict(Sums)
        for figure in self._live_of(days, measures, narrowed):
            key = tuple(getattr(figure, column) for column in by)
            found[key].add(figure.count, figure.currency, figure.value)
        rows: Any = self._kept_of(days, measures, narrowed).filter(grain=grain_of(by, narrowed)).order_by()
        for row in rows.values(*{*by, "currency"}).annotate(leads=Sum("count"), worth=Sum("value")):
            found[tuple(row[column] for column in by)].add(row["leads"], row["currency"], row["worth"])
        return found

    def medians(self, days: Days, narrowed: Narrowed) -> Medians:
        """Return how long the first contacts of these days took."""
        live = [
            (figure.member_id, seconds)
            for figure in self._live_of(days, {CONTACTED}, narrowed)
            for seconds in figure.seconds
        ]
        # Kept without members, and told apart by them below.
        rows = self._kept_of(days, {CONTACTED}, replace(narrowed, members=None)).filter(seconds__isnull=False)
        kept, values = rows.order_by().values_list("seconds_of", "seconds").query.sql_with_params()
        members = narrowed.members
        with connection.cursor() as cursor:
            cursor.execute(
                _MEDIANS.format(kept=kept),
                [
                    *values,
                    [member for member, _seconds in live],
                    [seconds for _member, seconds in live],
                    members is None,
                    [member for member in members or () if member],
                    members is not None and None in members,
                ],
            )
            found = cursor.fetchall()
        return Medians(
            next((median for is_all, _member, median in found if is_all), None),
            {member: median for is_all, member, median in found if not is_all},
        )

    def _live_of(self, days: Days, measures: Collection[str], narrowed: Narrowed) -> Iterator[Figure]:
        for figure in self._computed:
            if days.first <= figure.day <= days.last and figure.measure in measures and narrowed.keeps(figure):
                yield figure

    def _kept_of(self, days: Days, measures: Collection[str], narrowed: Narrowed) -> Any:
        rows = DailyFigure.objects.filter(
            narrowed.condition(), day__range=(days.first, days.last), measure__in=measures
        )
        live = [day for day in days if day in self._live]
        return rows.exclude(day__in=live) if live else rows


# Of all together too, which is no sum of theirs.
_MEDIANS = """
select grouping(member) = 1, member, percentile_cont(0.5) within group (order by took)
from (
    select unnest(whose) as member, unnest(seconds) as took from ({kept}) as kept (whose, seconds)
    union all
    select * from unnest(%s::bigint[], %s::integer[])
) as answered
where %s or member = any(%s::bigint[]) or member is null and %s
group by grouping sets ((member), ())"""


def read(days: Days, measures: Collection[str], by: tuple[str, ...], narrowed: Narrowed) -> dict[tuple[Any, ...], Sums]:
    """Return sums of these days, where nothing else is asked of them."""
    return KeptFigures([days], measures).sums(days, measures, by, narrowed)


def grain_of(by: tuple[str, ...], narrowed: Narrowed) -> Grain:
    """Return the coarsest grain that has these columns."""
    has_member = narrowed.members is not None or "member_id" in by
    has_step = "stage_id" in by or "outcome" in by
    if has_member:
        return Grain.BOTH if has_step else Grain.MEMBER
    return Grain.STEP if has_step else Grain.TOTAL
