"""The live process over real HTTP: who hears what, and what is left when the broker or the process itself is killed."""

import os
import signal
import time
from contextlib import suppress
from datetime import timedelta

import pytest

from crm.kernel import clock
from crm.platform.events.hint_channel import TICKET_SECONDS, issue_ticket, job_topic
from tests.cast import HOUSE, OTHER, PASSWORD
from tests.survival.live_listener import Ear, ask, ticket_of
from tests.survival.servers import HANGS, Stack, until
from tests.survival.visitor import Visitor
from tests.survival.writers import signed_in

pytestmark = pytest.mark.servers


@pytest.fixture
def live(stack: Stack) -> Stack:
    """Broker, live process and web."""
    stack.start_live()
    stack.start_web()
    return stack


def opens_a_job(visitor: Visitor) -> int:
    answer = visitor.post(f"/{HOUSE}/ear/open/", title="Told by hint")
    assert answer.status == 201, answer
    return int(answer.text)


def test_a_change_is_heard_in_its_tenant_alone(live: Stack) -> None:
    rita = signed_in(live)
    otto = Visitor(live.port)
    assert otto.sign_in(f"otto@{OTHER}.example", PASSWORD).status == 302
    ear, elsewhere = Ear(live.live_port, ticket_of(rita)), Ear(live.live_port, ticket_of(otto, OTHER))
    late_ticket = ticket_of(rita)
    tenant = int(live.value("select id from platform_tenant where slug = %s", HOUSE))
    job = opens_a_job(rita)
    until(lambda: "jobs" in ear.topics, "a hint", on_failure=live.logs)
    assert ear.topics == {"jobs", job_topic(tenant, job)}
    assert {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}.items() <= {
        name.title(): value for name, value in ear.headers.items()
    }.items()
    # Told between the making of a page and its connection: not lost.
    late = Ear(live.live_port, late_ticket)
    until(lambda: "jobs" in late.topics, "what was missed")
    assert "*" not in late.topics
    assert elsewhere.topics == set()
    # A ticket of the other tenant's, with this one's number put in, is forged.
    assert ask(live.live_port, f"ticket={tenant}.{ticket_of(otto, OTHER).partition('.')[2]}")[0] == 401


def test_who_is_refused(stack: Stack) -> None:
    stack.start_live()
    port, good = stack.live_port, issue_ticket(1, 1)
    with clock.at(clock.now() - timedelta(seconds=TICKET_SECONDS + 5)):
        old = issue_ticket(1, 1)
    for query in ("", "ticket=", f"ticket={old}", f"ticket={good}x", f"ticket={good.replace('1.1.', '2.1.')}"):
        status, headers, text = ask(port, query)
        assert (status, text) == (401, "No ticket, or one that has run out.\n")
        assert not any(name.lower().startswith("access-control") for name in headers)
    assert ask(port, f"ticket={good}", Origin="https://elsewhere.example")[0] == 403
    assert ask(port, f"ticket={good}", path="/account/live/more/")[0] == 404
    assert ask(port, "", path="/healthz")[::2] == (200, '{"app": "throughline", "ok": true}')
    ear = Ear(port, good)
    allowed = {name.lower(): value for name, value in ear.headers.items()}["access-control-allow-origin"]
    assert allowed == f"http://localhost:{stack.port}"


def test_a_connection_ends_with_its_ticket(stack: Stack) -> None:
    stack.start_live()
    for left in (3, 10, 30):  # more than a busy machine needs to connect
        with clock.at(clock.now() - timedelta(seconds=TICKET_SECONDS - left)):
            ticket = issue_ticket(1, 1)
        with suppress(AssertionError):
            ear = Ear(stack.live_port, ticket)
            break
    assert ear.ended.wait(HANGS)
    assert ear.events[0].startswith("hello ")
    assert ask(stack.live_port, f"ticket={ticket}")[0] == 401


def test_hints_resume_after_the_broker_was_killed(live: Stack) -> None:
    rita = signed_in(live)
    ear = Ear(live.live_port, ticket_of(rita))
    live.kill("valkey")
    opens_a_job(rita)  # nobody can be told
    time.sleep(1)
    assert ear.topics == set()
    live.start_broker()
    until(lambda: "*" in ear.topics, "everybody is told to look", on_failure=live.logs)
    ear.forget()

    def heard_again() -> bool:
        opens_a_job(rita)
        time.sleep(0.3)
        return bool(ear.topics)

    until(heard_again, "hints arrive again", on_failure=live.logs)
    assert not ear.ended.is_set()


def test_without_the_process_pages_work_and_a_new_one_makes_up_for_it(live: Stack) -> None:
    rita = signed_in(live)
    ear = Ear(live.live_port, ticket_of(rita))
    live.kill("live")
    assert ear.ended.wait(HANGS)
    opens_a_job(rita)
    assert rita.get(f"/{HOUSE}/leads/").status == 200
    assert rita.get("/healthz").status == 200
    ticket = ticket_of(rita)
    live.start_live()
    # It heard nothing five seconds ago, nor did anybody: the page is told to look once.
    again = Ear(live.live_port, ticket, back=5)
    until(lambda: "*" in again.topics, "what nobody heard")
    again.forget()
    opens_a_job(rita)
    until(lambda: "jobs" in again.topics, "hints arrive again")


def test_it_ends_when_asked_though_pages_are_open(stack: Stack) -> None:
    stack.start_live()
    ears = [Ear(stack.live_port, issue_ticket(1, member)) for member in range(1, 20)]
    process = stack.running["live"]
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(HANGS) in (0, -signal.SIGTERM)
    assert all(ear.ended.wait(HANGS) for ear in ears)
