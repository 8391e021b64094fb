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


class Answers(NamedTuple):
    """How many leads somebody was in touch with, and the median of how many seconds that took."""

    leads: int = 0
    median: float | None = None


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

    def answers(self, days: Days, narrowed: Narrowed) -> Answers:
        """Return how soon somebody was in touch with the leads that came in on these days."""
        return self._answers("null::bigint", days, narrowed).get(None, Answers())

    def answers_by_member(self, days: Days, narrowed: Narrowed) -> dict[int | None, Answers]:
        """Return it for each member who has some of these leads now, and for nobody's."""
        return self._answers("member", days, narrowed)

    def _answers(self, by: str, days: Days, narrowed: Narrowed) -> dict[int | None, Answers]:
        live = [
            (figure.member_id, seconds)
            for figure in self._live_of(days, {CONTACTED}, narrowed)
            for seconds in figure.seconds
        ]
        # Kept in rows without members, and told apart by them here.
        rows = self._kept_of(days, {CONTACTED}, replace(narrowed, members=None)).filter(seconds__isnull=False)
        kept, values = rows.order_by().values_list("seconds_of", "seconds").query.sql_with_params()
        members = narrowed.members
        given = (
            [member for member, _seconds in live],
            [seconds for _member, seconds in live],
            members is None,
            [member for member in members or () if member],
            members is not None and None in members,
        )
        with connection.cursor() as cursor:
            cursor.execute(_ANSWERS.format(kept=kept, by=by), [*values, *given])
            return {member: Answers(count, median) for member, count, median in cursor.fetchall()}

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


# Half of what is sorted at once in an array, which takes half the time of percentile_cont by member.
_ANSWERS = """
select by_whom, cardinality(took), (took[(cardinality(took) + 1) / 2] + took[cardinality(took) / 2 + 1])::float8 / 2
from (
    select {by} as by_whom, array_sort(array_agg(seconds)) as took
    from (
        select unnest(whose) as member, unnest(seconds) as seconds from ({kept}) as kept (whose, seconds)
        union all
        select * from unnest(%s::bigint[], %s::integer[])
    ) as answered
    where %s or member = any(%s::bigint[]) or member is null and %s
    group by 1
) as answers"""


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
