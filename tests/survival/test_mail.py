"""Mail to users against a real peer: once, again when that may help, and never again when nobody can know."""

from collections.abc import Iterator

import pytest

from tests.survival.peer import Peer
from tests.survival.servers import Ground, Stack, until

pytestmark = pytest.mark.servers


@pytest.fixture
def peer(ground: Ground) -> Iterator[Peer]:
    """Where every worker of these tests sends."""
    with Peer(ground.mail_port) as peer:
        yield peer


@pytest.fixture
def stack(stack: Stack, peer: Peer) -> Stack:
    """With a worker."""
    stack.start_worker()
    return stack


def queue(stack: Stack, *names: str) -> None:
    for name in names:
        stack.change(
            """insert into platform_staffmail ("to", subject, body, state, attempts, run_at, last_error, created_at)
               values (%s, 'Hello', 'A link', 'queued', 0, now(), '', now())""",
            f"{name}@users.example",
        )


def states(stack: Stack) -> dict[str, str]:
    return dict(stack.rows("""select split_part("to", '@', 1), state from platform_staffmail"""))  # type: ignore[arg-type]


def send(stack: Stack, times: int = 1) -> None:
    """Publish the task; several times with one id, as a broker delivers twice."""
    for _ in range(times):
        stack.send("send_staff_mail", task_id="one-and-the-same")


def test_every_answer_of_the_peer(stack: Stack, peer: Peer) -> None:
    queue(stack, "plain", "grey", "busy", "gone", "spam", "drop")
    send(stack)
    first = {"plain": "sent", "grey": "queued", "busy": "queued", "gone": "failed", "spam": "failed", "drop": "unknown"}
    try_all(stack, first, tries=1)
    pause = "select min(run_at - now()) > interval '15 seconds' from platform_staffmail where state = 'queued'"
    assert stack.value(pause), "a pause first"
    again(stack, first | {"grey": "sent"}, tries=2)
    longer = pause.replace("15", "45")
    assert stack.value(longer), "and then a longer one"
    again(stack, first | {"grey": "sent", "busy": "sent"}, tries=3)
    again(stack, first | {"grey": "sent", "busy": "sent"}, tries=3)
    assert peer.taken == {"plain": 1, "grey": 1, "busy": 1, "drop": 1}


def again(stack: Stack, expected: dict[str, str], tries: int) -> None:
    stack.pass_time("platform_staffmail")
    send(stack)
    try_all(stack, expected, tries)


def try_all(stack: Stack, expected: dict[str, str], tries: int) -> None:
    """Wait until what can be tried has been, and compare."""
    waiting = "select count(*) from platform_staffmail where state in ('queued', 'sending') and run_at <= now()"
    sending = "select count(*) from platform_staffmail where state = 'sending'"
    until(lambda: stack.value(waiting) + stack.value(sending) == 0, f"try {tries} is over", on_failure=stack.logs)
    assert states(stack) == expected, stack.logs()
    assert stack.value("select max(attempts) from platform_staffmail") == tries


def test_killed_between_the_call_and_its_answer(stack: Stack, peer: Peer) -> None:
    queue(stack, "hold")
    send(stack)
    until(lambda: peer.taken["hold"] == 1, "the peer has it", on_failure=stack.logs)
    stack.kill("worker")
    peer.released.set()
    assert states(stack) == {"hold": "sending"}
    stack.start_worker()
    stack.pass_time("platform_staffmail")
    stack.send("sweep")
    until(lambda: states(stack) == {"hold": "unknown"}, "it is left to a person", on_failure=stack.logs)
    queue(stack, "plain")
    stack.send("sweep")
    until(lambda: states(stack)["plain"] == "sent", "others go out", on_failure=stack.logs)
    assert peer.taken == {"hold": 1, "plain": 1}


def test_the_same_task_delivered_twice(stack: Stack, peer: Peer) -> None:
    names = [f"user{number}" for number in range(60)]
    queue(stack, *names)
    send(stack, times=3)
    until(lambda: set(states(stack).values()) == {"sent"}, "all are sent", on_failure=stack.logs)
    assert peer.taken == dict.fromkeys(names, 1)
