"""The worker is killed with -9 in the middle of a long run's slice; it goes on, and nothing is done twice."""

import pytest

from tests.survival import clocks
from tests.survival.ear.begin import ROWS
from tests.survival.servers import Stack, until

pytestmark = pytest.mark.servers

LEADS = 1200
# Where a slice of it stands still when nobody can write there.
RUNS = {
    "bulk": ("jobs_bulkrun", "platform_event"),
    "export": ("web_exportrun", "web_exportrun"),
    "import": ("leads_importrun", "leads_importrow"),
}


@pytest.mark.parametrize("kind", RUNS)
def test_killed_in_mid_slice(stack: Stack, kind: str) -> None:
    table, halted = RUNS[kind]
    clocks.lay_down(stack, LEADS)
    stack.run_module("begin", kind)
    stack.change("delete from platform_due where kind = 'job.clock'")
    stack.start_worker()
    with stack.halted(halted):
        stack.send("tick")
        until(stack.standing, "a slice stands still", on_failure=stack.logs)
        stack.kill("worker")
    stack.await_disconnection()
    assert stack.rows(f"select status, done from {table}") == [("running", 0)]
    stack.start_worker()

    def is_over() -> bool:
        stack.pass_time("platform_due")
        stack.send("tick")
        return bool(stack.value(f"select finished_at is not null from {table}"))

    until(is_over, "it goes on to its end", pause=0.5, on_failure=stack.logs)
    status, done, total, problem = stack.rows(f"select status, done, total, problem from {table}")[0]
    assert (status, done, problem) == ("done", total, "")
    require_once(stack, kind, total)


def require_once(stack: Stack, kind: str, total: int) -> None:
    """Every row was done, and once."""
    if kind == "bulk":
        facts = "select count(*), count(distinct job_id) from platform_event where kind = 'job.prioritized'"
        assert stack.rows(facts) == [(total, total)]
        assert stack.value("select changed_count from jobs_bulkrun") == total > LEADS / 2
    elif kind == "export":
        (path,) = (stack.ground.var / "files").rglob("*.csv")
        numbers = [line.partition(",")[0] for line in path.read_text().splitlines()[1:]]
        assert len(numbers) == len(set(numbers)) == total > LEADS / 2
    else:
        titles = "select count(*), count(distinct title) from jobs_job where title like 'Lead %%'"
        assert stack.rows(titles) == [(ROWS, ROWS)]
        assert stack.value("select new_count from leads_importrun") == total == ROWS
