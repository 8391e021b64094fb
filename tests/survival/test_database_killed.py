"""Postgres is killed with -9 while the worker drains and requests write: what was promised is there, and once."""

import random
import time

import pytest

from runtime.stack import is_answering
from tests.survival import clocks
from tests.survival.servers import Ground, Stack, until
from tests.survival.writers import Writer, signed_in, sweep_until_all_told, wrong_jobs, wrong_tellings

pytestmark = pytest.mark.servers

SEED = 20261122
KILLS = 2
KEPT_BACK = 100


def test_database_killed_while_all_work(ground: Ground, stack: Stack) -> None:
    clocks.lay_down(stack, 1500)
    total = clocks.crossings_due(stack)
    stack.start_worker(anew=True)
    stack.start_web(anew=True)
    writer, chance = Writer(signed_in(stack)), random.Random(SEED)
    before = stack.pids()
    with writer.at_work():
        for kill in range(KILLS):
            stack.pass_time("platform_due")
            with stack.kept_back(KEPT_BACK):  # else it may have drained all before the kill
                stack.send("tick")
                goal = total * (1 - kill / KILLS)
                until(lambda goal=goal: clocks.crossings_due(stack) < goal, "the worker drains", on_failure=stack.logs)
                time.sleep(chance.uniform(0, 0.2))
                die_and_come_back(ground, stack, writer)
            assert 0 < clocks.crossings_due(stack) < total, "killed too late to mean anything"
    clocks.drain(stack)
    sweep_until_all_told(stack)
    clocks.require_all_well(stack)
    assert wrong_jobs(stack, writer.told) == []
    assert wrong_tellings(stack) == []
    assert stack.pids() == before, "web and worker recovered by themselves"


def die_and_come_back(ground: Ground, stack: Stack, writer: Writer) -> None:
    ground.kill()
    lost = len(writer.unsure)
    until(lambda: len(writer.unsure) > lost, "somebody is told that it did not work", on_failure=stack.logs)
    assert is_answering("127.0.0.1", stack.port), "the process lives, whatever the database does"
    ground.start()
    many = len(writer.told) + 5
    until(lambda: len(writer.told) > many, "people can work again", on_failure=stack.logs)
