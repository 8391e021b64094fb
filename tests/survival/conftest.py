"""The ground (a cluster, a template) once, and a stack of servers for each test; nothing outlives either."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from runtime import testing
from runtime.servers import logins
from tests.survival.servers import Ground, Stack

_numbers = count(1)


@pytest.fixture(scope="session")
def ground(django_db_setup: None) -> Iterator[Ground]:
    """A cluster of its own: these tests kill it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    ground = Ground(Path(os.environ["VAR_DIR"]).parent / f"survival-{worker}")  # goes with the folder of the run
    try:
        ground.create(os.environ["CRM_TEST_ADMIN_URL"])
        yield ground
    finally:
        ground.stop()


@pytest.fixture
def new_stack(ground: Ground, tmp_path: Path) -> Iterator[Callable[..., Stack]]:
    """Makes a stack with a database of its own; variables of the environment may be given.

    Whatever a test or the end of one stack left undone, every stack is ended and the next test finds a database.
    """
    endings = ExitStack()
    endings.callback(ground.revive)

    def make(**environment: str) -> Stack:
        database = f"survival_{next(_numbers)}"
        logins.create_database(ground.cluster.admin_url, database, template=testing.TEMPLATE)
        (folder := tmp_path / database).mkdir()
        stack = Stack(ground, folder, database, **environment)
        stack.change("delete from platform_undispatched")  # the making of the cast: each telling counts from here on
        endings.callback(stack.end)
        return stack

    with endings:
        yield make


@pytest.fixture
def stack(new_stack: Callable[..., Stack]) -> Stack:
    """A stack with a broker; the test starts what else it needs."""
    stack = new_stack()
    stack.start_broker()
    return stack
