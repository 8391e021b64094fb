"""One tenant's slow mailboxes: the messages of the others leave at once, as do those of its own other channels."""

import socketserver
import threading
from collections.abc import Iterator

import pytest

from tests.survival.peer import Peer
from tests.survival.servers import Stack, until

pytestmark = pytest.mark.servers

MAILBOXES, SOON = 4, 10


class SlowServer(socketserver.ThreadingTCPServer):
    """A mailbox that says a line every ten seconds, none of which is the answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SlowConversation)
        self.port, self.ended, self.visits = self.server_address[1], threading.Event(), 0

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever visits gives up."""


class SlowConversation(socketserver.BaseRequestHandler):
    server: SlowServer

    def handle(self) -> None:
        self.server.visits += 1
        while not self.server.ended.wait(10):
            self.request.sendall(b"* OK wait\r\n")


@pytest.fixture
def slow() -> Iterator[SlowServer]:
    with SlowServer() as server:
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield server
        server.ended.set()
        server.shutdown()


def test_other_tenants_messages_leave_at_once(stack: Stack, slow: SlowServer) -> None:
    stack.start_worker(queues="celery")
    stack.start_io_worker()
    stack.change("delete from platform_due")
    stack.run_module("begin", "0", "mailboxes", str(slow.port), str(MAILBOXES))
    until(lambda: slow.visits, "a mailbox is being visited", on_failure=stack.logs)
    with Peer() as peer:
        for tenant, name in (("1", "plain"), ("0", "own")):
            stack.run_module("begin", tenant, "messages", str(peer.port), name)
            until(lambda name=name: peer.taken[name], f"{name} has left", seconds=SOON, on_failure=stack.logs)
    boxes = "select count(*) from platform_due where kind = 'comms.fetch_mail' and claimed_at is null"
    assert stack.value(boxes) == MAILBOXES - 1, "the others wait for their turn"
