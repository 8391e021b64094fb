"""Read daily figures: stored ones, and stale days and today computed live, so that they equal their lists."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Sum

from reports.figures.computation import Figure, compute
from reports.figures.days import ZonedDays, today
from reports.figures.measures import CONTACTED
from reports.figures.sums import Answers, Narrowed, Sums
from reports.figures.upkeep import DAYS
from reports.models import DailyFigure, Grain


class FigureRequest(NamedTuple):
    """The days and measures a page reads."""

    days: ZonedDays
    measures: Collection[str]


class KeptFigures:
    """The figures of some days: stored if up to date, else computed.

    Read once for a page, however many sums are asked of it; `wanted`: the days and measures of all of them.
    """

    def __init__(self, *wanted: FigureRequest) -> None:
        measures_of: defaultdict[date, frozenset[str]] = defaultdict(frozenset)
        for days, measures in wanted:
            for day in days:
                measures_of[day] |= frozenset(measures)
        holding = DAYS.fresh_days(min(measures_of), max(measures_of)) - {today()}
        self._live = measures_of.keys() - holding
        alike = defaultdict(list)
        for day in self._live:
            alike[measures_of[day]].append(day)
        self._computed = [figure for measures, days in alike.items() for figure in compute(days, measures)]
        self._sums: dict[tuple[Any, ...], dict[tuple[Any, ...], Sums]] = {}

    def sums(
        self, days: ZonedDays, measures: Collection[str], by: tuple[str, ...], narrowed: Narrowed
    ) -> dict[tuple[Any, ...], Sums]:
        """Return sums of these measures by columns of DailyFigure, e.g. ("day", "measure"); treat them as read-only."""
        key = days, frozenset(measures), by, narrowed
        if key not in self._sums:
            self._sums[key] = self._read_sums(*key)
        return self._sums[key]

    def _read_sums(
        self, days: ZonedDays, measures: Collection[str], by: tuple[str, ...], narrowed: Narrowed
    ) -> dict[tuple[Any, ...], Sums]:
        sums: dict[tuple[Any, ...], Sums] = defaultdict(Sums)
        for figure in self._live_of(days, measures, narrowed):
            key = tuple(getattr(figure, column) for column in by)
            sums[key].add(figure.count, figure.currency, figure.value)
        rows: Any = self._kept_of(days, measures, narrowed).filter(grain=grain_of(by, narrowed)).order_by()
        for row in rows.values(*{*by, "currency"}).annotate(leads=Sum("count"), worth=Sum("value")):
            sums[tuple(row[column] for column in by)].add(row["leads"], row["currency"], row["worth"])
        return sums

    def answers(self, days: ZonedDays, narrowed: Narrowed) -> Answers:
        """Return the response times of the leads that came in on these days."""
        return self._read_answers(_OF_ALL, days, narrowed).get((True, None), Answers())

    def answers_by_member(self, days: ZonedDays, narrowed: Narrowed) -> tuple[Answers, dict[int | None, Answers]]:
        """Return the response times of all leads, of each member's and of unassigned ones."""
        answers = self._read_answers(_OF_EACH, days, narrowed)
        everybodys = answers.pop((True, None), Answers())
        return everybodys, {member: one for (_is_all, member), one in answers.items()}

    def _read_answers(
        self, statement: str, days: ZonedDays, narrowed: Narrowed
    ) -> dict[tuple[bool, int | None], Answers]:
        live = [
            (figure.member_id, seconds)
            for figure in self._live_of(days, {CONTACTED}, narrowed)
            for seconds in figure.seconds or ()
        ]
        # Kept in rows without members, and told apart by them here.
        rows = self._kept_of(days, {CONTACTED}, replace(narrowed, members=None)).filter(seconds__isnull=False)
        kept, values = rows.order_by().values_list("seconds_of", "seconds").query.sql_with_params()
        members = narrowed.members
        parameters = (
            [member for member, _seconds in live],
            [seconds for _member, seconds in live],
            members is None,
            [member for member in members or () if member],
            members is not None and None in members,
        )
        with connection.cursor() as cursor:
            cursor.execute(statement.format(kept=kept), [*values, *parameters])
            return {(is_all, member): Answers(count, median) for is_all, member, count, median in cursor.fetchall()}

    def _live_of(self, days: ZonedDays, measures: Collection[str], narrowed: Narrowed) -> Iterator[Figure]:
        for figure in self._computed:
            if days.first <= figure.day <= days.last and figure.measure in measures and narrowed.keeps(figure):
                yield figure

    def _kept_of(self, days: ZonedDays, measures: Collection[str], narrowed: Narrowed) -> Any:
        rows = DailyFigure.objects.filter(
            narrowed.condition(), day__range=(days.first, days.last), measure__in=measures
        )
        live = [day for day in days if day in self._live]
        if live:
            return rows.exclude(day__in=live)
        return rows


def _median_statement(of_whom: str, by: str) -> str:
    """Return the SQL of a median; sorting an array once takes half the time of percentile_cont."""
    return f"""
select is_all, member, cardinality(took),
    (took[(cardinality(took) + 1) / 2] + took[cardinality(took) / 2 + 1])::float8 / 2
from (
    select {of_whom}, array_sort(array_agg(seconds)) as took
    from (
        select unnest(whose) as member, unnest(seconds) as seconds
        from ({{kept}} union all select %s::bigint[], %s::integer[]) as kept (whose, seconds)
    ) as answered
    where %s or member = any(%s::bigint[]) or member is null and %s
    group by {by} having count(*) > 0
) as answers"""


_OF_ALL = _median_statement("true as is_all, null::bigint as member", "()")
_OF_EACH = _median_statement("grouping(member) = 1 as is_all, member", "grouping sets ((member), ())")


def read(
    days: ZonedDays, measures: Collection[str], by: tuple[str, ...], narrowed: Narrowed
) -> dict[tuple[Any, ...], Sums]:
    """Return sums for these days alone."""
    return KeptFigures(FigureRequest(days, measures)).sums(days, measures, by, narrowed)


def grain_of(by: tuple[str, ...], narrowed: Narrowed) -> Grain:
    """Return the coarsest grain with these columns."""
    has_member = narrowed.members is not None or "member_id" in by
    has_step = "stage_id" in by or "outcome" in by
    if has_member:
        is_alone = narrowed.brands is None and narrowed.pipelines is None and not {"brand_id", "pipeline_id"} & set(by)
        if has_step:
            return Grain.BOTH
        if is_alone:
            return Grain.MEMBER_ALONE
        return Grain.MEMBER
    if has_step:
        return Grain.STEP
    return Grain.TOTAL
