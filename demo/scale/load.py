"""Fill a database for benchmarks, as its owner: many tenants of uneven size, a million jobs in a few minutes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

from django.db import connection, transaction

from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member, Role, Tenant
from crm.platform.tenancy import secrets
from crm.platform.tenancy.context import use_tenant
from demo.organization import OrganizationPlan, create_tenant, set_up
from demo.scale.statements import ALL, TABLES
from demo.scale.templates import COLUMNS, templates
from demo.scale.words import words
from demo.suncoast.setup import PLAN

REPS = 50
TEMPLATES = 1500
# From here on it pays to build the plain indexes once, after the rows.
MANY = 20_000
BIGGEST = 0.3


def shares(tenants: int, jobs: int) -> list[int]:
    """Split the jobs between tenants: three tenths for the first, each further one a quarter less than the last."""
    if tenants == 1:
        return [jobs]
    weights = [0.75**nth for nth in range(tenants - 1)]
    first = round(jobs * BIGGEST)
    rest = [int((jobs - first) * weight / sum(weights)) for weight in weights]
    return [first + (jobs - first - sum(rest)), *rest]


def load(tenants: int, jobs: int, now: datetime, say: Callable[[str], None]) -> None:
    """Create the tenants scale-1, scale-2 … with their jobs, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local maintenance_work_mem = '512MB'")
        # Django's own keys are checked at the commit, which would keep a list of eight million rows till then.
        cursor.execute("set constraints all immediate")
        cursor.execute(f"lock table {', '.join(TABLES)} in exclusive mode")
        indexes = _drop_plain_indexes() if jobs > MANY else []
        for nth, count in enumerate(shares(tenants, jobs), 1):
            _fill(_plan(nth), count, now)
            say(f"scale-{nth}: {count:,} jobs")
        for statement in indexes:
            cursor.execute(statement)
        say(f"{len(indexes)} indexes built")
    with connection.cursor() as cursor:
        cursor.execute(f"vacuum (analyze) {', '.join(TABLES)}")
        cursor.execute("analyze")


def _plan(nth: int) -> OrganizationPlan:
    staff = {
        "manager": ("Mona Manager", Role.MANAGER.value),
        "admin": ("Ada Admin", Role.ADMIN.value),
        **{f"rep{at}": (f"Rep {at:02d}", Role.REP.value) for at in range(1, REPS + 1)},
    }
    return replace(PLAN, slug=f"scale-{nth}", name=f"Scale {nth}", staff=staff, teams={})


def _fill(plan: OrganizationPlan, count: int, now: datetime) -> None:
    tenant = create_tenant(plan)
    with use_tenant(tenant), connection.cursor() as cursor:
        set_up(plan, now.date())
        _copy_templates(templates(min(TEMPLATES, count), now, Random(plan.slug)))  # noqa: S311 (made-up data)
        cursor.execute("select count(*) from job_template")
        values = words() | _parameters(tenant, count, now) | {"templates": cursor.fetchone()[0]}
        for statement in ALL:
            cursor.execute(statement, values)
        for table in ("people_person", "people_property", "jobs_job"):
            cursor.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))")
        cursor.execute("drop table job_template")


def _copy_templates(rows: list[list[object]]) -> None:
    names = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"create temp table job_template as select 0 example, {names} from jobs_job where false")
        with cursor.copy(f"copy job_template (example, {names}) from stdin") as copy:
            for example, row in enumerate(rows, 1):
                copy.write_row([example, *row])
        cursor.execute("analyze job_template")


def _parameters(tenant: Tenant, count: int, now: datetime) -> dict[str, Any]:
    reps = Member.objects.filter(role=Role.REP).order_by("pk").values_list("pk", flat=True)
    inner, outer = secrets.fingerprint_pads()
    return {
        "inner": inner,
        "outer": outer,
        "tenant": tenant.pk,
        "count": count,
        "now": now,
        "members": list(reps),
        "sources": sorted(pipeline_setup().sources),
        "first_person": _highest("people_person"),
        "first_place": _highest("people_property"),
        "first_job": _highest("jobs_job"),
    }


def _highest(table: str) -> int:
    """Return the greatest id given out so far."""
    with connection.cursor() as cursor:
        cursor.execute(f"select coalesce(pg_sequence_last_value(pg_get_serial_sequence('{table}', 'id')), 0)")
        return int(cursor.fetchone()[0])


def _drop_plain_indexes() -> list[str]:
    """Drop the indexes no constraint needs; returns the statements that create them again."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
               where indrelid = any(%s::regclass[]) and not indisunique""",
            [list(TABLES)],
        )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f"drop index {name}")
    return [definition for _, definition in found]
