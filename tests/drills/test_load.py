"""The logic of the mixed load; the load itself is not part of this suite."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from crm.platform.tenancy.context import use_tenant
from drills.load.measurements import Measurements, find_percentile, list_descendants, read_memory
from drills.load.people import open_endpoint
from tests.cast import Cast


@pytest.fixture
def child() -> Iterator[int]:
    """A process below this one that waits."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process.pid
    process.kill()
    process.communicate()


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert find_percentile([float(number) for number in range(1, 101)], 0.95) == 95
    assert find_percentile([7.0], 0.95) == 7


def test_no_answer_and_500_are_errors_and_409_is_a_refusal() -> None:
    measurements = Measurements()
    for status in (0, 200, 409, 500):
        measurements.add("move", status, 0.1)
    assert measurements.count_errors() == 2
    assert measurements.count_refusals("move") == 1


def test_memory_is_that_of_all_processes_below(child: int) -> None:
    assert child in list_descendants(os.getpid())
    assert read_memory(os.getpid())["other"] > 1_000_000


def test_the_next_load_uses_the_endpoint_of_the_last(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        first, second = open_endpoint(), open_endpoint()
    assert first == second
