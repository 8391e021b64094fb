"""The same work given twice: by a task published twice, by a lease that runs out in mid-batch, by a broker that waited.

The listener of these tests (tests/survival/ear) forgives nothing: it writes a note whenever it is told.
"""

import pytest

from crm.config.celery import VISIBILITY_TIMEOUT
from tests.survival import clocks
from tests.survival.ear.apps import DUE
from tests.survival.servers import Stack, until

pytestmark = pytest.mark.servers


def lay_down(stack: Stack, count: int) -> None:
    """For each of `count` jobs in each tenant two events somebody listens to, the first in bulk, and something due."""
    clocks.lay_down(stack, count)
    jobs = f"(select id, tenant_id from jobs_job where title like '{clocks.TITLE} %%') job"
    stack.change(
        f"""with facts as (
                insert into platform_event (tenant_id, at, kind, subject_kind, subject_id, job_id, data)
                select tenant_id, now(), 'job.opened', 'jobs.job', id, id, to_jsonb(nth)
                from {jobs}, generate_series(1, 2) nth order by nth returning id, tenant_id, data)
            insert into platform_undispatched (event_id, tenant_id, run_at, in_bulk, attempts, last_error)
            select id, tenant_id, now(), data = '1', 0, '' from facts"""
    )
    stack.change(
        f"""insert into platform_due (tenant_id, kind, subject_id, key, due_at, run_at, attempts, last_error)
            select tenant_id, %s, id, 'ear:' || id, now(), now(), 0, '' from {jobs}""",
        DUE,
    )


def waiting(stack: Stack) -> int:
    """How many rows wait for a listener of ours, and messages for a worker (one is in neither place for a moment)."""
    due = stack.value("select count(*) from platform_due where kind = %s", DUE)
    return int(due + stack.value("select count(*) from platform_undispatched") + sum(stack.messages()))


def require_once(stack: Stack, count: int) -> None:
    """Both listeners were called once for all of so many jobs, of each job in order, and nothing waits."""
    assert stack.value("select count(*) from platform_due where kind = %s", DUE) == 0
    assert stack.value("select count(*) from platform_undispatched") == 0
    notes = "select body like 'heard %%', count(*), count(distinct (job_id, body)) from jobs_note group by 1 order by 1"
    assert stack.rows(notes) == [(False, count, count), (True, 2 * count, 2 * count)]
    told = """select array_agg(substr(body, 7)::bigint order by id) told
              from jobs_note where body like 'heard %%' group by job_id"""
    assert stack.value(f"select count(*) from ({told}) job where told[1] > told[2]") == 0


def test_published_twice(stack: Stack) -> None:
    lay_down(stack, 600)
    stack.start_worker()
    for task in ("tick", "dispatch_events") * 2:
        stack.send(task, task_id=f"always-the-same-{task}")
    until(lambda: waiting(stack) + clocks.crossings_due(stack) == 0, "all is worked off", on_failure=stack.logs)
    require_once(stack, 2 * 600)
    clocks.require_all_well(stack)


def test_a_lease_that_runs_out_in_mid_batch(stack: Stack) -> None:
    lay_down(stack, 30)
    for table in ("platform_due", "platform_undispatched"):  # one batch, which both will want
        stack.change(f"delete from {table} where tenant_id = (select max(tenant_id) from {table})")
    stack.change("delete from platform_due where kind = 'job.clock'")
    stack.start_worker()
    for task in ("tick", "dispatch_events"):
        with stack.halted("jobs_note"):
            stack.send(task)
            until(stack.standing, "one process is in mid-batch", on_failure=stack.logs)
            other = stack.start_module("ahead", task)
            until(lambda other=other: other.poll() is not None or stack.standing() > 1, "another tried")
        until(lambda other=other: other.poll() is not None, "the other is through")
        assert other.returncode == 0, stack.log("ahead")
    until(lambda: waiting(stack) == 0, "the first as well", on_failure=stack.logs)
    require_once(stack, 30)


def test_delivered_again_after_the_visibility_timeout(stack: Stack) -> None:
    lay_down(stack, 30)
    stack.change("delete from platform_due where kind = 'job.clock'")  # members are told of what stands still
    stack.start_worker()
    stack.send("tick")
    until(lambda: waiting(stack) == 2 * 2 * 30, "what is due is done", on_failure=stack.logs)
    with stack.halted("jobs_note"):
        stack.send("dispatch_events")
        until(stack.standing, "a batch is in the middle", on_failure=stack.logs)
        stack.kill("worker")
    stack.await_disconnection()
    assert stack.messages()[1] > 0, "the broker keeps what was not acknowledged"
    stack.outwait(VISIBILITY_TIMEOUT)
    stack.pass_time("platform_undispatched")
    stack.start_worker()
    until(lambda: stack.value("select count(*) from platform_undispatched") == 0, "done", on_failure=stack.logs)
    require_once(stack, 2 * 30)
