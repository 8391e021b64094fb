"""Compute the results of the leads of given days, by source and campaign: one statement for any number of days."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id

COLUMNS = (
    *("day", "currency", "source_id", "campaign_id", "leads", "qualified", "quoted", "won", "revenue", "unpriced"),
    *("paid", "came_back", "brought_back", "minutes", "lost_for", "lost_worth", "lost_gap", "lost_days", "lost_rival"),
)


@dataclass(frozen=True)
class SourceFigureLine:
    """The results of a day, source and campaign, with the columns of SourceFigure."""

    day: date
    currency: str
    source_id: int
    campaign_id: int
    leads: int
    qualified: int
    quoted: int
    won: int
    revenue: int
    unpriced: int
    paid: int
    came_back: int
    brought_back: int
    minutes: list[int]
    lost_for: list[int]
    lost_worth: list[int]
    lost_gap: list[int | None]
    lost_days: list[int | None]
    lost_rival: list[str]

    @property
    def key(self) -> tuple[str, int, int]:
        return self.currency, self.source_id, self.campaign_id

    @property
    def counts(self) -> tuple[int, ...]:
        """Its counts, in the order of the columns."""
        brought = (self.leads, self.qualified, self.quoted, self.won, self.revenue)
        return (*brought, self.unpriced, self.paid, self.came_back, self.brought_back)

    @property
    def lost(self) -> Iterator[tuple[int, int | None, int | None, str]]:
        """For each lead lost for a reason: the reason, and the number asked for it."""
        rows = zip(self.lost_for, self.lost_gap, self.lost_days, self.lost_rival, strict=True)
        return (row for row in rows if row[0])


def compute(days: Collection[date]) -> list[SourceFigureLine]:
    """Compute the lines of these days from the present rows."""
    if not days:
        return []
    with connection.cursor() as cursor:
        cursor.execute(COMPUTED, _statement_parameters(days))
        return [SourceFigureLine(*row) for row in cursor.fetchall()]


def keep(days: Collection[date]) -> None:
    """Compute and store these days."""
    with connection.cursor() as cursor:
        values = _statement_parameters(days)
        cursor.execute("delete from leads_sourcefigure where tenant_id = %(tenant)s and day = any(%(days)s)", values)
        cursor.execute(_KEPT, values)


def _statement_parameters(days: Collection[date]) -> dict[str, Any]:
    ordered = sorted(days)
    zone = directory().zone
    return {
        "tenant": required_tenant_id(),
        "days": ordered,
        "begins": [datetime.combine(day, time(), zone) for day in ordered],
        "ends": [datetime.combine(day + timedelta(days=1), time(), zone) for day in ordered],
    }


# A day's leads by index, and what belongs to them by all their keys at once: what the planner guesses of a range would
# read whole tables, and a look-up for each lead costs twice as much. Full joins, of what is among those leads: they are
# hashed, where the planner might take few for one and compare each with each. The same is said as conditions of a list
# in leads/sources/report/lead_count.py; a test holds the two together.
COMPUTED = """
with asked as materialized (
    select * from unnest(%(days)s::date[], %(begins)s::timestamptz[], %(ends)s::timestamptz[]) as row(day, since, till)
), came as materialized (
    select asked.day, job.* from asked cross join lateral (
        select id, currency, source_id, value, ended_at, state = 'lost' as is_lost, exists (
            select from jobs_job earlier
            where tenant_id = %(tenant)s and person_id = jobs_job.person_id and came_in_at < jobs_job.came_in_at
        ) as came_before
        from jobs_job
        where tenant_id = %(tenant)s and came_in_at >= asked.since and came_in_at < asked.till offset 0
    ) job
), lead as materialized (
    select job_id, campaign_id, won_at, quoted_at, qualified_at, actual_value, quoted_value, cost from leads_lead
    where tenant_id = %(tenant)s and job_id = any(array(select id from came))
), contact as materialized (
    select job_id, seconds from leads_firstcontact
    where tenant_id = %(tenant)s and job_id = any(array(select id from came)) and seconds is not null
), why as materialized (
    select job.id as job_id, lost.* from came job cross join lateral (
        select reason_id, gap, offered, wanted, rival from jobs_lostcase
        where tenant_id = %(tenant)s and job_id = job.id and ended_at = job.ended_at offset 0
    ) lost
    where job.is_lost
)
select job.day, job.currency, coalesce(job.source_id, 0), coalesce(lead.campaign_id, 0), count(*),
    count(*) filter (where lead.won_at is not null or lead.quoted_at is not null or lead.qualified_at is not null),
    count(*) filter (where lead.won_at is not null or lead.quoted_at is not null),
    count(*) filter (where lead.won_at is not null),
    coalesce(sum(coalesce(lead.actual_value, job.value)) filter (where lead.won_at is not null), 0)::bigint,
    count(*) filter (where lead.cost is null),
    coalesce(sum(lead.cost), 0)::bigint,
    count(*) filter (where came_before),
    coalesce(sum(coalesce(lead.actual_value, job.value)) filter (where came_before and won_at is not null), 0)::bigint,
    coalesce(array_agg(contact.seconds / 60) filter (where contact.seconds is not null), '{}'),
    coalesce(array_agg(coalesce(why.reason_id, 0)) filter (where is_lost), '{}'),
    coalesce(array_agg(coalesce(lead.quoted_value, job.value, 0)) filter (where is_lost), '{}'),
    coalesce(array_agg(why.gap) filter (where is_lost), '{}'),
    coalesce(array_agg(why.offered - why.wanted) filter (where is_lost), '{}'),
    coalesce(array_agg(coalesce(why.rival, '')) filter (where is_lost), '{}')
from came job
full join lead on lead.job_id = job.id
full join contact on contact.job_id = job.id
full join why on why.job_id = job.id
group by 1, 2, 3, 4"""
_KEPT = (
    f"insert into leads_sourcefigure ({', '.join(COLUMNS)}, tenant_id) select *, %(tenant)s from ({COMPUTED}) as line"
)
