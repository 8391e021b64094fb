"""The worker is killed with -9 in mid-batch, at other moments, and in three ways; nothing is lost, nothing double."""

import random
import time

import pytest

from tests.survival import clocks
from tests.survival.servers import Stack, until

pytestmark = pytest.mark.servers

SEED = 20261121
KEPT_BACK = 100


def test_killed_in_mid_batch(stack: Stack) -> None:
    clocks.lay_down(stack, 1000)
    stack.start_worker()
    with stack.halted("platform_event"):  # there the levels are written and the facts are not
        stack.send("tick")
        until(stack.standing, "a batch stands still", on_failure=stack.logs)
        stack.kill("worker")
    stack.await_disconnection()
    assert stack.value("select count(*) from platform_event where kind = 'job.overdue'") == 0
    assert stack.value("select count(*) from platform_due where claimed_at is not null") == 1000, "leased to the dead"
    stack.start_worker()
    clocks.drain(stack)
    clocks.require_all_well(stack)


def test_killed_again_and_again(stack: Stack) -> None:
    clocks.lay_down(stack, 1800)
    total = clocks.crossings_due(stack)
    chance = random.Random(SEED)
    ways = [stack.kill, stack.kill_alone, stack.kill_child, stack.kill_alone]
    chance.shuffle(ways)
    remaining = []
    for round_, way in enumerate(ways):
        if "worker" not in stack.running:
            stack.start_worker()
        stack.pass_time("platform_due")
        with stack.kept_back(KEPT_BACK):  # else all may be drained before the first kill
            stack.send("tick")
            goal = total * (1 - round_ / len(ways))
            until(lambda goal=goal: clocks.crossings_due(stack) < goal, f"round {round_} is at work", pause=0.005)
            time.sleep(chance.uniform(0, 0.15))
            way("worker")
            remaining.append(clocks.crossings_due(stack))
    assert any(0 < left < total for left in remaining), f"no kill came in between: {remaining} of {total}"
    if "worker" not in stack.running:
        stack.start_worker()
    clocks.drain(stack)
    clocks.require_all_well(stack)
