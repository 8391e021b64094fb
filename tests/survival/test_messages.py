"""The worker is killed with -9 at each step of sending, and the broker forgets: nothing lost, nothing sent twice."""

from collections.abc import Iterator

import pytest

from tests.survival.peer import Peer
from tests.survival.servers import Stack, until

pytestmark = pytest.mark.servers


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer() as peer:
        yield peer


@pytest.fixture
def stack(stack: Stack) -> Stack:
    stack.start_worker()
    stack.change("delete from platform_due")
    return stack


def queue(stack: Stack, peer: Peer, *names: str) -> None:
    stack.run_module("begin", "messages", str(peer.port), *names)


def states(stack: Stack) -> dict[str, str]:
    return dict(stack.rows("select split_part(address, '@', 1), state from comms_message"))  # type: ignore[arg-type]


def settle(stack: Stack, expected: dict[str, str], what: str) -> None:
    """Let leases and pauses run out and tick, until the messages stand as expected."""

    def is_so() -> bool:
        stack.pass_time("platform_due")
        stack.change_free("platform_due", "due_at = now(), run_at = now()", "due_at > now()")
        stack.change_free("comms_message", "send_at = now()", "send_at > now()")
        stack.send("tick")
        return states(stack) == expected

    until(is_so, what, pause=0.5, on_failure=lambda: f"{states(stack)}\n{stack.logs()}")


def test_every_answer_of_the_peer(stack: Stack, peer: Peer) -> None:
    queue(stack, peer, "plain", "grey", "busy", "gone", "spam", "drop")
    refused = {"gone": "failed", "spam": "failed", "drop": "unknown"}
    settle(stack, {"plain": "sent", "grey": "sent", "busy": "sent", **refused}, "all is settled")
    assert peer.taken == {"plain": 1, "grey": 1, "busy": 1, "drop": 1}


def test_killed_at_each_step(stack: Stack, peer: Peer) -> None:
    with stack.halted("comms_decision"):
        queue(stack, peer, "plain")  # its hint reaches the worker, which stands where the gate writes
        until(stack.standing, "it stands before the claim", on_failure=stack.logs)
        again(stack)
    settle(stack, {"plain": "sent"}, "not begun: sent after all")

    queue(stack, peer, "hold")
    until(lambda: peer.taken["hold"] == 1, "the peer has it", on_failure=stack.logs)
    again(stack)
    peer.released.set()
    assert states(stack)["hold"] == "sending"
    settle(stack, {"plain": "sent", "hold": "unknown"}, "in mid-call: a person decides")

    for table, state in [("comms_message", "unknown"), ("platform_due", "sent")]:
        peer.released.clear()
        stack.change("update comms_message set address = id || '@past.example' where address = 'hold@users.example'")
        before = peer.taken["hold"]
        queue(stack, peer, "hold")
        until(lambda before=before: peer.taken["hold"] == before + 1, "the peer has it", on_failure=stack.logs)
        with stack.halted(table):
            peer.released.set()
            until(stack.standing, f"its answer is on the way into {table}", on_failure=stack.logs)
            again(stack)
        settle(stack, states(stack) | {"hold": state}, f"killed at {table}")
        assert peer.taken["hold"] == before + 1
    assert peer.taken == {"plain": 1, "hold": 3}


def again(stack: Stack) -> None:
    """Kill the worker and the broker, which forgets all it had, and start both anew."""
    stack.kill("worker")
    stack.kill("valkey")
    stack.start_broker()
    stack.start_worker()
