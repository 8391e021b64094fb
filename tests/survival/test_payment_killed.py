"""The worker is killed with -9 between a call of a payment provider and its commit: nothing is paid twice."""

from collections.abc import Callable, Iterator

import pytest

from tests.billing.providers.peers import StripePeer, serving
from tests.survival.servers import Stack, until

pytestmark = pytest.mark.servers

SESSIONS = "/v1/checkout/sessions"
REFUNDS = "/v1/refunds"
ATTEMPT = "select state, checkout_id from billing_paymentattempt"
PAID = "select count(*), sum(amount) from billing_payment"
OPEN = "select open from billing_invoice"


@pytest.fixture
def peer(stack: Stack) -> Iterator[StripePeer]:
    with serving(StripePeer(), stack.ground.pay_port) as peer:
        yield peer


def test_killed_between_call_and_commit(stack: Stack, peer: StripePeer) -> None:
    stack.start_worker()
    stack.change("delete from platform_due")

    peer.released.clear()
    stack.run_module("begin", "payment")
    kill_in_call(stack, peer, SESSIONS, "billing_paymentattempt")
    settle(stack, lambda: stack.rows(ATTEMPT) == [("open", "cs_1")], "the checkout is known")
    assert peer.posts[SESSIONS] > 1
    assert list(peer.rows) == ["cs_1"], "asked for twice, created once"

    # The customer pays, and no webhook comes; who asks the provider dies before the payment is committed.
    peer.pay()
    with stack.halted("billing_payment"):
        stack.change_free("platform_due", "due_at = now(), run_at = now()", "kind = 'billing.check_attempt'")
        stack.send("tick")
        until(stack.standing, "what was paid is on its way", on_failure=stack.logs)
        kill_worker(stack)
    assert stack.rows(PAID) == [(0, None)], "what was half done is gone"
    settle(stack, lambda: stack.rows(PAID) == [(1, 10_000)], "the payment is received")
    assert stack.value(OPEN) == 0

    peer.released.clear()
    stack.run_module("begin", "refund")
    kill_in_call(stack, peer, REFUNDS, "billing_refund")
    settle(stack, lambda: stack.value("select state from billing_refund") == "done", "the refund is paid back")
    assert [row["amount"] for row in peer.refunds.values()] == [3_000]
    assert stack.value("select sum(amount) from billing_ledgerline where account = 'cards'") == 7_000


def kill_in_call(stack: Stack, peer: StripePeer, path: str, table: str) -> None:
    """Kill the worker once the provider has done what it was asked for, and before its answer is in the table."""
    settle(stack, lambda: peer.posts[path] > 0, "the provider is called")
    with stack.halted(table):
        peer.released.set()
        until(stack.standing, f"its answer is on the way into {table}", on_failure=stack.logs)
        kill_worker(stack)


def kill_worker(stack: Stack) -> None:
    """Kill it and start another one, for which leases have run out."""
    stack.kill("worker")
    stack.start_worker()


def settle(stack: Stack, holds: Callable[[], bool], what: str) -> None:
    """Let leases run out and tick, until it holds; each tick and sweep comes twice."""

    def has_settled() -> bool:
        stack.pass_time("platform_due")
        stack.pass_time("platform_undispatched")
        for task in ("tick", "sweep") * 2:
            stack.send(task)
        return holds()

    until(has_settled, what, pause=0.5, on_failure=stack.logs)
