"""Every list of leads is read from its ordered index: its plan sorts nothing, at any depth, under the policies."""

import os
import re

import psycopg
import pytest
from django.db import connection
from django.http import QueryDict

from crm.jobs.list.job_list import MOST_PRESSING
from crm.jobs.models import Job
from crm.jobs.models.queryset import Candidates
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member, Tenant
from crm.platform.models.tenant import configuration_changed
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.lists.conditions.query import Filters
from crm.web.lists.paging import ROWS
from leads.lead_list import LEADS
from runtime.fixtures import clone_database
from tests.cast import HOUSE

COUNT = 30_000
# Of a rep's few leads in many, a sort looks cheap to the planner wherever it may choose one.
FOR_REPS = ("all", "closed too", "own", "nobody's", "over", "open")

MANY = """
insert into jobs_job (tenant_id, side, clock_started_at, clock_used, allowed, warn_at, due_at, far_at, paused_from,
    pause_reason, level, sort_at, number, title, place, brand_id, pipeline_id, stage_id, member_id, source_id, priority,
    currency, state, came_in_at, entered_at, past, next_step_kind, next_step_label, unread_count, unread_channel,
    ended_reason, waiting_since, value)
select %(tenant)s, 'us', t0, 0, 3600, t0 + interval '1 hour', t0 + interval '2 hours', t0 + interval '3 hours', '', '',
    n %% 6, t0 + interval '2 hours' + interval '1 second' * n, 10000 + n, 'Lead ' || n, 'Tampa',
    (%(brands)s::bigint[])[1 + n %% 2],
    %(pipeline)s, (%(stages)s::bigint[])[1 + n / 7 %% %(steps)s],
    case when n %% 33 = 0 then null when n %% 33 = 1 then (%(members)s::bigint[])[1]
         else (%(members)s::bigint[])[2 + n %% 3] end, (%(sources)s::bigint[])[1 + n %% 3],
    1 + n / 11 %% 4, 'USD', 'open', t0, t0, '', '', '', 0, '', '', case when n %% 9 = 0 then t0 end, n * 100
from (select n, timestamptz '2026-03-02 09:00Z' t0 from generate_series(1, %(count)s) n) row"""


@pytest.fixture(scope="module")
def many(django_db_setup, django_db_blocker):
    """Some thousand leads in the house of the cast, with statistics, which only the owner may gather."""
    with psycopg.connect(os.environ["MIGRATION_DATABASE_URL"], autocommit=True) as owner:

        def column(sql: str) -> list[int]:
            return [pk for (pk,) in owner.execute(sql, [tenant]).fetchall()]

        (tenant,) = owner.execute("select id from platform_tenant where slug = %s", [HOUSE]).fetchone()
        (brand,) = column("select id from platform_brand where tenant_id = %s")
        (other,) = owner.execute(
            """insert into platform_brand (tenant_id, name, country, currency, language, hue, email, phone, is_default)
               values (%s, 'Other', 'US', 'USD', 'en', 1, '', '', false) returning id""",
            [tenant],
        ).fetchone()
        stages = column("select id from jobs_stage where tenant_id = %s order by position")
        owner.execute(
            MANY,
            {
                "tenant": tenant,
                "brands": [brand, other],
                "pipeline": column("select id from jobs_pipeline where tenant_id = %s")[0],
                "stages": stages,
                "steps": len(stages),
                "members": column("select id from platform_member where tenant_id = %s order by id"),
                "sources": column("select id from jobs_source where tenant_id = %s"),
                "count": COUNT,
            },
        )
        owner.execute("analyze jobs_job")
    yield
    with django_db_blocker.unblock():
        connection.close()
    clone_database()


@pytest.fixture
def members(many, db):
    """Rita, a rep, and Mona, a manager, in their tenant."""
    with use_tenant(Tenant.objects.get(slug=HOUSE)):
        configuration_changed()
        yield {name: Member.objects.get(name__startswith=name) for name in ("Rita", "Mona")}


def plan_of(jobs) -> str:
    sql, params = jobs[: ROWS + 1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"explain {sql}", params)
        return "\n".join(row for (row,) in cursor.fetchall())


def assert_ordered(plan: str) -> None:
    assert re.search(r"Index Scan (Backward )?using job_(\w+_)?(order|waiting)", plan), plan
    assert "Sort" not in plan, plan


def filters(rep: Member) -> dict[str, Filters]:
    brand = str(directory().default_brand.uid)
    pipeline = str(pipeline_setup().default_pipeline.uid)
    return {
        "all": LEADS.filters(),
        "closed too": LEADS.filters(closed="all"),
        "own": LEADS.filters(rep="me"),
        "nobody's": LEADS.filters(rep="nobody"),
        "a rep's": LEADS.filters(rep=str(rep.uid)),
        "over": LEADS.filters(level="over"),
        "open": LEADS.filters(level="open"),
        "urgent": LEADS.filters(priority="1"),
        "source": LEADS.filters(source=next(iter(pipeline_setup().sources.values())).name),
        "brand": LEADS.filters(brand=brand),
        "pipeline": LEADS.filters(pipeline=pipeline),
        "phase": LEADS.filters(phase="2"),
        "waiting": LEADS.filters(waiting="1"),
        "two at once": LEADS.filters(brand=brand, priority="2"),
        "own, open": LEADS.filters(rep="me", level="open"),
        "own, waiting": LEADS.filters(rep="me", waiting="1"),
    }


def test_first_and_deep_pages_walk_the_ordered_index(members):
    for who, member in members.items():
        for name, chosen in filters(members["Rita"]).items():
            if who == "Rita" and name not in FOR_REPS:
                continue
            jobs = LEADS.apply(chosen, member)
            found = list(jobs.in_list_order()[: ROWS * 2])
            assert found, name
            assert_ordered(plan_of(MOST_PRESSING.of(jobs)))
            place = MOST_PRESSING.place_of(found[-1])
            assert_ordered(plan_of(MOST_PRESSING.of(MOST_PRESSING.after(jobs, place))))
            assert_ordered(plan_of(MOST_PRESSING.of(MOST_PRESSING.before(jobs, place), backwards=True)))


@pytest.mark.parametrize("sort", LEADS.sorts)
def test_other_orders_walk_an_index_of_their_own(members, sort):
    jobs, order = LEADS.apply(LEADS.filters(sort=sort), members["Mona"]), LEADS.sorts[sort].order
    name = "job_value_order" if "value" in sort else "job_age_order"
    place = order.place_of(list(order.of(jobs)[: ROWS * 2])[-1])
    for rows in (
        order.of(jobs),
        order.of(order.after(jobs, place)),
        order.of(order.before(jobs, place), backwards=True),
    ):
        plan = plan_of(rows)
        assert_ordered(plan)
        assert name in plan


@pytest.mark.parametrize("sort", [sort for sort in LEADS.sorts if "age" in sort])
def test_a_reps_own_by_age_walk_one_too(members, sort):
    plan = plan_of(LEADS.sorts[sort].order.of(LEADS.apply(LEADS.filters(sort=sort), members["Rita"])))
    assert_ordered(plan)
    assert "job_member_age_order" in plan


CONDITIONS = [
    "where=value:min:20000 USD",
    "where=came:within:3000",
    "where=entered:older:3",
    "where=touched:older:3",
    "where=rep:not:me&where=priority:not:4",
    "next=missing&side=us",
    "any1=priority:is:1&any1=priority:is:2",
    "any1=priority:is:1&any1=value:min:20000 USD",
    "any1=level:is:crit&any1=waiting:is:1",
    "rep=me&any1=priority:is:1&any1=phase:is:2",
    "any1=rep:is:me&any1=rep:is:nobody&any2=source:is:Referral&any2=waiting:is:1",
]


@pytest.mark.parametrize("query", CONDITIONS)
def test_conditions_walk_the_ordered_index_too(members, query):
    """An OR beside the order tempts Postgres to gather a bitmap and sort it."""
    mona = members["Mona"]
    chosen = LEADS.read(QueryDict(query), mona)
    assert not chosen.dropped
    jobs = LEADS.apply(chosen, mona)
    assert_ordered(plan_of(MOST_PRESSING.of(jobs)))


def test_a_text_reads_the_leads_of_those_it_may_mean_alone(members):
    few = range(1, 100)
    for meant in (Candidates(people=few), Candidates(people=few, companies=few, sites=few, number=1)):
        plan = plan_of(Job.objects.visible_to(members["Mona"]).meant_by(meant).in_list_order())
        assert "jobs_job_person_id_tenant" in plan, plan
        assert not re.search(r"Seq Scan|job_(\w+_)?order", plan), plan


def test_the_policy_is_in_force(members):
    """Else the plans above would prove nothing: the owner's are others."""
    assert "One-Time Filter" in plan_of(Job.objects.in_list_order())
