"""The logic of the mixed load; the load itself is not part of this suite."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from bench.web import Browser
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


def test_a_browser_asks_again_after_an_answer_that_did_not_come() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_answer_first_of_each, args=[server], daemon=True).start()
        browser = Browser(server.getsockname()[1], patience=1)
        assert browser.get("/").status == 204
        with pytest.raises(TimeoutError):
            browser.get("/")
        browser.patience = 30
        assert browser.get("/").status == 204


def _answer_first_of_each(server: socket.socket) -> None:
    """Answer the first request of two connections, and no other; keep them open."""
    connections = []
    for _connection in range(2):
        connection, _address = server.accept()
        connections.append(connection)
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
    connections.clear()
