"""The worker is killed with -9 between the calls of a webhook and noting their answers: each is made again, once."""

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.survival.servers import Stack, until

pytestmark = pytest.mark.servers

EVENTS = 6
STATES = "select count(*) from automation_webhookcall where state = %s"


class HookPeer(ThreadingHTTPServer):
    """Counts requests by their webhook-id, and answers none before it may."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), HookRequest)
        self.taken: Counter[str] = Counter()
        self.may_answer = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class HookRequest(BaseHTTPRequestHandler):
    server: HookPeer

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken[self.headers["webhook-id"]] += 1
        self.server.may_answer.wait(60)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def test_killed_between_the_calls_and_their_commit(stack: Stack) -> None:
    peer = HookPeer()
    stack.start_worker(queues="celery")
    stack.run_module("subscribe", str(peer.server_port), str(EVENTS))
    until(lambda: _tick(stack) or stack.value(STATES, "queued") == EVENTS, "all are queued", on_failure=stack.logs)
    stack.start_io_worker()
    until(lambda: _tick(stack) or len(peer.taken) == EVENTS, "all are under way", on_failure=stack.logs)
    stack.kill("worker-io")
    stack.kill("worker")
    assert stack.value(STATES, "sending") == EVENTS
    peer.may_answer.set()
    stack.await_disconnection()
    stack.start_worker(queues="celery")
    stack.start_io_worker()
    # Once, for to pass time again would end the lease of the second calls, too.
    stack.pass_time("platform_due")
    until(lambda: _tick(stack) or stack.value(STATES, "sent") == EVENTS, "all are sent", on_failure=stack.logs)
    assert set(peer.taken.values()) == {2}, "the other side knows a second call by its id"
    peer.shutdown()


def _tick(stack: Stack) -> None:
    stack.send("tick")
