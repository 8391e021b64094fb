"""The web server under slow clients: none of them holds a thread, and each is given up in the end."""

import http.client
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path

import pytest

from crm.config import web_worker
from crm.config.web_worker import Inbox, Unacceptable
from runtime import child
from runtime.servers.ports import free_port, is_taken

ROOT = Path(__file__).resolve().parents[2]
Serve = Callable[..., int]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serve the small site by one worker with two threads; returns its port."""
    log_file = tmp_path_factory.mktemp("web") / "log"
    with ExitStack() as stack:

        @cache
        def start(*options: str) -> int:
            port = free_port()
            argv = [sys.executable, "-m", "gunicorn", "--config=python:crm.config.web_server"]
            argv += [f"--bind=127.0.0.1:{port}", "--threads=2", *options, "tests.runtime.small_site:application"]
            log = stack.enter_context(log_file.open("ab"))
            process = child.spawn(argv, cwd=ROOT, log=log)
            stack.callback(child.stop, process, (15,), grace=10)
            child.wait_until(lambda: is_taken(port), process, seconds=60, refusal=log_file.read_text)
            return port

        yield start


def ask(port: int, method: str = "GET", path: str = "/", body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, body or None, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def client(port: int, sent: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(sent)
    return connection


def heard(connection: socket.socket, answer: bytes, times: int = 1) -> None:
    """Read until the answer came so many times."""
    come = b""
    while come.count(answer) < times:
        part = connection.recv(1000)
        assert part, come
        come += part


SLOW = {
    "nothing": b"",
    "half a line": b"GET / HT",
    "half the headers": b"GET / HTTP/1.1\r\nHost: localhost\r\n",
    "half a body": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nname=",
    "half a body in chunks": b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nname=",
}


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW)
def test_slow_clients_hold_no_thread(serve: Serve, sent: bytes) -> None:
    port = serve()
    slow = [client(port, sent) for _ in range(12)]
    assert ask(port) == (200, b"GET '' 0")
    assert ask(port, "POST", "/", b"a" * 3_000_000) == (200, b"POST '' 3000000")
    [one.close() for one in slow]


def test_who_is_too_slow_is_given_up(serve: Serve) -> None:
    port = serve("--worker-class=tests.runtime.small_site.HastyWorker")
    silent, *slow = [client(port, sent) for sent in SLOW.values()]
    assert silent.recv(1000) == b""
    assert [one.recv(1000)[:12] for one in slow] == [b"HTTP/1.1 408"] * len(slow)


def test_who_does_not_read_is_given_up(serve: Serve) -> None:
    port = serve("--worker-class=tests.runtime.small_site.HastyWorker")
    deaf = [client(port, b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(6)]
    assert ask(port) == (200, b"GET '' 0")
    [one.close() for one in deaf]


def test_a_request_that_takes_too_long_ends_and_others_are_answered(serve: Serve) -> None:
    port = serve("--worker-class=tests.runtime.small_site.HastyWorker", "--graceful-timeout=1")
    stuck = client(port, b"GET /stuck HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert ask(port) == (200, b"GET '' 0")
    with suppress(ConnectionResetError):
        assert stuck.recv(1000) == b""
    assert ask(port) == (200, b"GET '' 0")


def test_one_connection_takes_several_requests(serve: Serve) -> None:
    port = serve()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path, answer in (("/", b"POST '' 300000"), ("/unread", b"POST '' -1"), ("/", b"POST '' 300000")):
        connection.request("POST", path, b"a" * 300_000 if path == "/" else b"a" * 30_000)
        assert connection.getresponse().read() == answer
    at_once = client(port, 2 * b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    heard(at_once, b"GET '' 0", times=2)
    in_chunks = client(port, SLOW["half a body in chunks"])
    in_chunks.sendall(b"\r\n0\r\n\r\n")
    heard(in_chunks, b"POST '' 5")


def test_nobody_says_where_the_product_is_mounted(serve: Serve) -> None:
    assert ask(serve(), SCRIPT_NAME="/elsewhere") == (200, b"GET '' 0")


# What is refused


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, Inbox]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield theirs, Inbox(ours)


HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000, 431),
        (HEAD + b"Content-Length: 1001\r\n\r\n" + b"x" * 1001, 413),
        (HEAD + b"Content-Length: 10000000000\r\n\r\n" + b"x" * 9000, 413),
        (HEAD + b"Content-Length: 900\r\n\r\n" + b"x" * 900, 503),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"x" * 400_000, 411),
    ],
)
def test_what_is_too_long_is_refused(
    pair: tuple[socket.socket, Inbox], monkeypatch: pytest.MonkeyPatch, sent: bytes, status: int
) -> None:
    monkeypatch.setattr(web_worker, "MOST_BODY", 1000)
    monkeypatch.setattr(web_worker, "MOST_HELD", 800)
    monkeypatch.setattr(web_worker, "IN_MEMORY", 100)
    theirs, inbox = pair
    theirs.setblocking(False)

    def send() -> None:
        rest = sent
        while rest:
            rest = rest[theirs.send(rest) :]
            assert not inbox.fill() or not rest

    with pytest.raises(Unacceptable) as refused:
        send()
    assert refused.value.status == status
    inbox.close()
    assert Inbox.held == 0


def test_a_body_has_time_by_its_length(pair: tuple[socket.socket, Inbox]) -> None:
    theirs, inbox = pair
    assert inbox.deadline == inbox.began + inbox.idle
    theirs.sendall(HEAD)
    assert not inbox.fill()
    assert inbox.deadline == inbox.began + inbox.head
    theirs.sendall(b"Content-Length: 1600000\r\n\r\n")
    assert not inbox.fill()
    assert inbox.deadline == inbox.last + inbox.stall
    inbox.last += 10_000  # the last part came late
    assert 100 < inbox.deadline - inbox.began < 111
