"""The ground (a cluster, a template) once, and a stack of servers for each test; nothing outlives either."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.survival.servers import Ground, Stack


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
def stack(ground: Ground, tmp_path: Path) -> Iterator[Stack]:
    """A stack with a database of its own and a broker; the test starts what else it needs.

    Whatever a test or the end of its stack left undone, every stack is ended and the next test finds a database.
    """
    with ExitStack() as endings:
        endings.callback(ground.revive)
        stack = Stack(ground, tmp_path)
        endings.callback(stack.end)
        stack.change("delete from platform_undispatched")  # the making of the cast: each telling counts from here on
        stack.start_broker()
        yield stack
