"""Thousands of jobs whose instants have come, laid down by SQL, and what must be true of them in the end."""

from tests.survival.servers import Stack, until

TITLE = "Clock"
# Six kinds of job by turns: due soon, over, over twice, over twice without status, a pause that ended, not yet due.
_KINDS = """
    select n, n %% 6 as kind, now() - interval '1 hour' as gone, now() + interval '1 hour' as next,
           now() + interval '2 hours' as later
    from generate_series(1, %(count)s) n
"""
_COLUMNS = {
    "number": "600000 + n",
    "title": f"'{TITLE} ' || n",
    "stage_id": "case when kind = 3 then null else stage_id end",
    "side": "case when kind = 4 then 'paused' else 'us' end",
    "paused_from": "case when kind = 4 then 'us' else '' end",
    "pause_ends_at": "case when kind = 4 then gone end",
    "clock_started_at": "now() - interval '10 days'",
    "allowed": "864000",
    "calendar_id": "null",
    "warn_at": "case when kind = 5 then next when kind <> 4 then gone - interval '2 minutes' end",
    "due_at": "case when kind in (1, 2, 3) then gone - interval '1 minute' when kind <> 4 then next end",
    "far_at": "case when kind in (2, 3) then gone when kind <> 4 then later end",
    "level": "case when kind = 3 then 0 when kind = 4 then 5 else 4 end",
    "sort_at": "gone",
}
_INSTANTS = """lateral (
    values ('job.due_soon', warn_at), ('job.overdue', due_at), ('job.far_overdue', far_at)) c(crossing, at)"""


def lay_down(stack: Stack, count: int) -> None:
    """`count` jobs in each tenant, copies of the cast's one, as they were before their instants came."""
    names = [name for (name,) in stack.rows(
        "select column_name from information_schema.columns where table_name = 'jobs_job' and column_name <> 'id'"
    )]  # fmt: skip
    values = ", ".join(_COLUMNS.get(name, f'"{name}"') for name in names)
    with stack.connect() as connection:
        connection.execute(
            f"insert into jobs_job ({', '.join(names)}) select {values} from jobs_job, ({_KINDS}) kinds",
            {"count": count},
        )
        connection.execute(
            f"""insert into platform_due (tenant_id, kind, subject_id, key, due_at, run_at, attempts, last_error)
                select tenant_id, 'job.clock', id, 'job.clock:' || id, at, at, 0, ''
                from (select *, coalesce(pause_ends_at, warn_at) as at from jobs_job) job
                where title like '{TITLE} %'"""
        )


def drain(stack: Stack) -> None:
    """Let leases run out, and tick as beat does, until nothing is due."""

    def drained() -> bool:
        stack.pass_time("platform_due")
        stack.send("tick")
        return crossings_due(stack) == 0

    until(drained, "every crossing that was due is done", pause=0.5, on_failure=stack.logs)


def require_all_well(stack: Stack) -> None:
    """Levels are the derived ones, every crossing is recorded once, nothing is left over."""
    assert wrong_levels(stack) == []
    assert wrong_events(stack) == []
    assert wrong_dues(stack) == []


def crossings_due(stack: Stack) -> int:
    """How many rows still wait though their time has come."""
    return int(stack.value("select count(*) from platform_due where kind = 'job.clock' and due_at <= now()"))


def wrong_levels(stack: Stack) -> list[tuple[object, ...]]:
    """Jobs whose level is not the one their instants give."""
    return stack.rows(
        f"""select id, level, derived from (
                select *, case when side = 'paused' then 5 when stage_id is null then 0 when now() >= far_at then 1
                               when now() >= due_at then 2 when now() >= warn_at then 3 else 4 end as derived
                from jobs_job where title like '{TITLE} %%') job
            where level <> derived"""
    )


def wrong_events(stack: Stack) -> list[tuple[object, ...]]:
    """Crossings and ends of pauses recorded never, twice, or without having happened."""
    return stack.rows(
        f"""with expected as (
                select id as job_id, crossing as kind from jobs_job, {_INSTANTS}
                where at <= now() and title like '{TITLE} %%'
                union all
                select id, 'job.resumed' from jobs_job where title like '{TITLE} %%' and number %% 6 = 4
            ), recorded as (
                select job_id, kind, count(*) as times from platform_event
                where kind in ('job.due_soon', 'job.overdue', 'job.far_overdue', 'job.resumed')
                and job_id in (select id from jobs_job where title like '{TITLE} %%') group by job_id, kind
            )
            select * from expected full join recorded using (job_id, kind)
            where times is distinct from 1 or expected.kind is null"""
    )


def wrong_dues(stack: Stack) -> list[tuple[object, ...]]:
    """Rows left over, parked or leased, and jobs whose next crossing nobody waits for."""
    return stack.rows(
        f"""with expected as (
                select id, min(at) as at from jobs_job, {_INSTANTS}
                where at > now() and title like '{TITLE} %%' group by id
            )
            select * from expected full join (
                select * from platform_due where kind = 'job.clock'
                and subject_id in (select id from jobs_job where title like '{TITLE} %%')
            ) row on row.subject_id = expected.id
            where row.due_at is distinct from at or row.run_at is distinct from at or row.attempts <> 0
                or row.claimed_at is not null"""
    )
