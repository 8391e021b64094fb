"""The worker is killed with -9 in the middle of a sequence's steps: no message is lost, and none is sent twice."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.survival.peer import Peer
from tests.survival.servers import Stack, until

pytestmark = pytest.mark.servers

LEADS = 6
# Where a step stands still if nobody can write there, from its first table to its last.
TABLES = ("comms_message", "followups_followup", "followups_enrolmentstep", "followups_enrolment")
MADE = (
    "select count(*) from comms_message where origin like 'sequence:%%'",
    "select count(*) from followups_followup where origin like 'sequence:%%'",
    "select count(*) from followups_enrolmentstep",
)


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer() as peer:
        yield peer


def test_killed_in_mid_step(stack: Stack, peer: Peer) -> None:
    stack.start_io_worker()  # what is committed leaves while the steps' worker is dead
    for number, table in enumerate(TABLES):
        before = _counts(stack)
        stack.run_module("enrol", str(peer.port), f"lead{number}x", str(LEADS))
        with stack.halted(table):
            stack.start_worker(queues="celery")
            stack.send("tick")
            until(lambda at=table: _stands(stack, at), f"a step stands still at {table}", on_failure=stack.logs)
            stack.kill("worker")
        assert _counts(stack) == before, f"what was half done at {table} is gone"
        stack.start_worker(queues="celery")
        until(lambda n=number: _all_done(stack, peer, LEADS * (n + 1)), "all steps are done", on_failure=stack.logs)
        stack.kill("worker")
    expected = Counter(f"lead{number}x{lead}" for number in range(len(TABLES)) for lead in range(LEADS))
    assert peer.taken == expected


def _counts(stack: Stack) -> list[int]:
    return [stack.value(query) for query in MADE]


def _stands(stack: Stack, table: str) -> bool:
    """True if somebody waits to write to a table."""
    return bool(stack.value("select count(*) from pg_locks where not granted and relation = %s::regclass", table))


def _all_done(stack: Stack, peer: Peer, leads: int) -> bool:
    """Let leases run out and tick, as often as it takes; each tick comes twice."""
    stack.pass_time("platform_due")
    for _ in range(2):
        stack.send("tick")
    return _counts(stack) == [leads, leads, 2 * leads] and peer.taken.total() >= leads
