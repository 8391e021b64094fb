"""Sums of very many rows are read from indexes alone; the figures of days are written where they differ."""

import re

import pytest
from django.db import connection
from django.http import QueryDict

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.days import DayRange
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import LEADS
from leads.sources.report.figures import read as read_sources
from leads.sources.report.lead_count import ReportScope
from reports.dashboard.forecast import forecast
from reports.dashboard.open_leads import present
from reports.dashboard.records import decided_days
from reports.dashboard.scope import Scope
from reports.figures.days import last_days
from reports.figures.measures import CAME, WON
from reports.figures.reading import FigureRequest, KeptFigures, read
from reports.figures.sums import Narrowed
from reports.figures.upkeep import DAYS, begin
from reports.models import DailyFigure, Grain
from reports.past.stays import LONGEST_FIRST, changes, spanning
from tests.cast import Cast
from tests.queries import data_queries

pytestmark = pytest.mark.django_db
# By table: the indexes of which one has all that a statement reads.
INDEXES = {
    "jobs_job": ("job_open_sums", "job_untouched", "job_by_arrival"),
    "jobs_stagevisit": ("visit_by_end",),
    "reports_dailyfigure": ("figure_sums",),
}


def columns_of(index: str) -> set[str]:
    """The columns an index has, and those its condition is about."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_indexdef(%s::regclass)", [index])
        return set(re.findall(r"\w+", cursor.fetchone()[0].partition(" USING ")[2]))


def not_by_index_alone(statements: list[str]) -> list[tuple[str, set[str]]]:
    """The tables and columns for which rows themselves would be read."""
    covered = {table: [columns_of(index) for index in indexes] for table, indexes in INDEXES.items()}
    found = []
    for sql in statements:
        for table, ways in covered.items():
            asked = set(re.findall(rf'"{table}"\."(\w+)"', sql))
            if f'FROM "{table}"' in sql and not any(asked <= way for way in ways):
                found.append((table, asked))
    return found


def test_sums_of_very_many_rows_read_indexes_alone(cast: Cast, scene: dict[str, Job]) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        begin()
        DAYS.refresh_days()
        query = QueryDict(f"rep={house.rita.uid}&brand={Brand.objects.get().uid}")
        days, at = last_days(40), clock.now()
        with data_queries() as asked:
            present(Scope.read(query, house.mona, house.tenant.slug))
            everybody = Scope.read(QueryDict(), house.mona, house.tenant.slug)
            past = KeptFigures(FigureRequest(decided_days(), {CAME}))
            forecast(everybody, past, present(everybody))
            read(days, {CAME, WON}, ("member_id", "measure"), Narrowed())
            read(days, {CAME}, ("stage_id", "outcome"), Narrowed(brands=frozenset({1})))
            changes(at, house.mona)
            list(LONGEST_FIRST.of(spanning(at, house.mona, 1))[:50])
            read_sources(LEADS.base(LEADS.filters(), house.mona), ReportScope(DayRange(days.first, days.last)))
        assert {table for table in INDEXES for sql in asked if f'FROM "{table}"' in sql} == set(INDEXES)
        assert not not_by_index_alone(asked)


def test_only_the_figures_that_differ_are_written(cast: Cast, scene: dict[str, Job]) -> None:
    with use_tenant(cast.house.tenant):
        begin()
        DAYS.refresh_days()
        rows = {row.pk: row for row in DailyFigure.objects.all()}
        DAYS.note({row.day for row in rows.values()})
        DAYS.refresh_days()
        assert set(DailyFigure.objects.values_list("pk", flat=True)) == set(rows)
        job = scene["Samir Haddad"]
        Job.objects.filter(pk=job.pk).update(value=(job.value or 0) + 5, member=cast.house.mona)
        DAYS.note({row.day for row in rows.values()})
        DAYS.refresh_days()
        now = {row.pk: row for row in DailyFigure.objects.all()}
        total = [row for row in now.values() if row.grain == Grain.TOTAL and row.measure == CAME]
        assert sum(row.value - rows[row.pk].value for row in total) == 5, "changed in place"
        assert {rows[pk].member_id for pk in set(rows) - set(now)} <= {job.member_id}, "what nobody has is gone"
        assert {now[pk].member_id for pk in set(now) - set(rows)} == {cast.house.mona.pk}
