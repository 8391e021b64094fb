"""The worker is killed with -9 in mid-batch, at other moments, and in three ways; nothing is lost, nothing double."""

import random
import time

import pytest

from tests.survival import clocks
from tests.survival.stack import Stack, until

pytestmark = pytest.mark.servers

SEED = 20261121


def drain(stack: Stack) -> None:
    """Let leases run out and tick until nothing is due."""
    stack.pass_time("platform_due")
    stack.send("tick")
    until(lambda: clocks.crossings_due(stack) == 0, "every crossing that was due is done", on_failure=stack.logs)


def require_all_well(stack: Stack) -> None:
    assert clocks.wrong_levels(stack) == []
    assert clocks.wrong_events(stack) == []
    assert clocks.wrong_dues(stack) == []


def test_killed_in_mid_batch(stack: Stack) -> None:
    clocks.lay_down(stack, 1000)
    stack.start_worker()
    with stack.connect() as connection, connection.transaction():
        # The batch stops where its levels are written and its facts are not.
        connection.execute("lock table platform_event in share row exclusive mode")
        stack.send("tick")
        until(lambda: stack.value("select count(*) from pg_locks where not granted"), "a batch stands still")
        stack.kill("worker")
    until(lambda: not stack.clients(), "Postgres has noticed")
    assert stack.value("select count(*) from platform_event where kind = 'job.overdue'") == 0
    assert stack.value("select count(*) from platform_due where attempts = 1") == 1000, "leased to the dead"
    stack.start_worker()
    drain(stack)
    require_all_well(stack)


def test_killed_again_and_again(stack: Stack) -> None:
    clocks.lay_down(stack, 2400)
    total = clocks.crossings_due(stack)
    chance = random.Random(SEED)
    ways = [stack.kill, stack.kill_alone, stack.kill_child] * 2
    chance.shuffle(ways)
    remaining = []
    for round_, way in enumerate(ways):
        if "worker" not in stack.running:
            stack.start_worker()
        stack.pass_time("platform_due")
        stack.send("tick")
        goal = total * (1 - round_ / len(ways))
        until(lambda goal=goal: clocks.crossings_due(stack) < goal, f"round {round_} is at work", pause=0.005)
        time.sleep(chance.uniform(0, 0.15))
        way("worker")
        remaining.append(clocks.crossings_due(stack))
    print(remaining)
    assert any(0 < left < total for left in remaining), f"no kill came in between: {remaining} of {total}"
    if "worker" not in stack.running:
        stack.start_worker()
    drain(stack)
    require_all_well(stack)
