"""A message that is queued: what keeps it back in the second before it leaves, though no worker has heard of it."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection

from comms.gate.consent import suppressions
from comms.models import KillSwitch, Message
from comms.outbox.send import send
from comms.sending_lock import hold_addresses
from crm.automation.models import AutomationPolicy
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from followups.sequences.enrolling import enrol
from followups.sequences.member_acts import pause_enrolment, resume_enrolment
from followups.sequences.models import EnrolmentStep, Sequence, SequenceMode
from service.models import Issue
from tests.cast import Cast, House
from tests.followups.preset_acts import MONDAY, writing
from tests.followups.sequences.scenes import DAY, HOUR, lead, message, pass_to, row, sequence, texts_stop, wait, writes
from tests.survival.servers import until
from tests.together import together


def _queue(house: House, **more: Any) -> Message:
    """Enrol the lead, and let the message of its first step be queued."""
    enrol(sequence(message(), wait(1), **more), lead(house), by=house.rita)
    pass_to(HOUR)
    return Message.objects.get(origin__startswith="sequence:")


def _pays(house: House) -> None:
    pay: Any = {"kind": "payment", "subject": "Paid?", "due_at": MONDAY + DAY, "by": house.rita}
    FollowUp.plan(**pay, job=lead(house)).complete("successful", by=house.rita)


def _bounces(house: House) -> None:
    for point in house.cora.contact_points.filter(kind="email"):
        suppressions.suppress(point.value, "hard_bounce", source="provider", medium="email", brand=None)


SECOND = timedelta(seconds=1)
KEPT_BACK: list[tuple[str, Callable[[House], Any]]] = [
    ("dropped", texts_stop),
    ("dropped", _bounces),
    ("dropped", _pays),
    ("dropped", lambda house: lead(house).move_to(house.stage("Quote sent"), by=house.rita)),
    ("held", lambda house: lead(house).pause(reason="HOA", until=MONDAY + 30 * DAY, by=house.rita)),
    ("held", lambda house: pause_enrolment(row(), until=MONDAY + 2 * DAY, by=house.rita)),
    ("held", lambda house: pause_enrolment(row(), until=None, by=house.rita)),
    ("held", lambda house: Issue.open(lead(house), "damage", "The gate is bent", by=house.sam)),
    ("held", lambda house: writes(house, text="We will let you know on Friday.")),
    ("held", lambda house: writes(house, automatic="auto_reply", returns_on="2026-03-10")),
    ("held", lambda house: KillSwitch.switch_on(reason="Storm", by=house.ada)),
    ("held", lambda house: AutomationPolicy.switch(False, by=house.ada)),
    ("held", lambda house: Sequence.objects.get().switch(SequenceMode.OFF, by=house.ada)),
    ("dropped", lambda house: Sequence.objects.get().archive(by=house.ada)),
]


@pytest.mark.parametrize(("state", "act"), KEPT_BACK)
def test_what_happened_a_second_ago_keeps_it_back(house: House, state: str, act: Callable[[House], Any]) -> None:
    queued = _queue(house, stays="where=step:is:Reached", stops=("answered", "job.paid"))
    with clock.at(MONDAY + 2 * HOUR):
        act(house)
        send(house.tenant.pk, queued.pk)
    queued.refresh_from_db()
    assert queued.state == state


TAKEN_UP: list[tuple[Callable[[House], Any], Callable[[House], Any], str]] = [
    (
        lambda house: lead(house).pause(reason="HOA", until=None, by=house.rita),
        lambda house: lead(house).resume(by=house.rita),
        "the lead is on hold",
    ),
    (
        lambda house: lead(house).pause(reason="HOA", until=MONDAY + 30 * DAY, by=house.rita),
        lambda house: lead(house).resume(by=house.rita),
        "the lead is on hold",
    ),
    (
        lambda house: pause_enrolment(row(), until=None, by=house.rita),
        lambda house: resume_enrolment(row(), by=house.rita),
        "paused by a member",
    ),
    (
        lambda house: Sequence.objects.get().switch(SequenceMode.OFF, by=house.ada),
        lambda house: Sequence.objects.get().switch(SequenceMode.ON, by=house.ada),
        "the sequence is off",
    ),
    (
        lambda house: AutomationPolicy.switch(False, by=house.ada),
        lambda house: AutomationPolicy.switch(True, by=house.ada),
        "sending is stopped",
    ),
]


@pytest.mark.parametrize(("rest", "take_up", "why"), TAKEN_UP)
@pytest.mark.parametrize("is_heard", [True, False])
def test_what_waited_is_decided_again_when_the_lead_is_taken_up(
    house: House, rest: Callable[[House], Any], take_up: Callable[[House], Any], why: str, is_heard: bool
) -> None:
    queued = _queue(house)
    with clock.at(MONDAY + 2 * HOUR):
        rest(house)
        send(house.tenant.pk, queued.pk)
    if is_heard:
        pass_to(3 * HOUR)
        assert EnrolmentStep.objects.get().reason == f"The sequence rests: {why}"
    pass_to(2 * DAY, lambda: take_up(house))
    queued.refresh_from_db()
    assert (queued.state, queued.send_at) == ("queued", None)
    send(house.tenant.pk, queued.pk)
    queued.refresh_from_db()
    assert [row.outcome for row in queued.decisions.order_by("pk")][-1] != "drop"
    assert timedelta() <= (row().next_at or MONDAY) - (MONDAY + 3 * DAY) <= SECOND, (
        "the wait counts from when the message leaves"
    )


def test_a_message_held_until_a_day_moves_the_wait_behind_it(house: House) -> None:
    queued = _queue(house)
    with clock.at(MONDAY + 2 * HOUR):
        pause_enrolment(row(), until=MONDAY + 3 * DAY, by=house.rita)
        send(house.tenant.pk, queued.pk)
    Message.objects.filter(pk=queued.pk).update(state="sent", sent_at=MONDAY + 3 * DAY)
    pass_to(3 * DAY)
    assert (row().state, row().next_at) == ("active", MONDAY + 4 * DAY)


def test_the_last_message_waits_too_and_leaves_with_the_archive(house: House) -> None:
    enrol(sequence(message()), lead(house), by=house.rita)
    pass_to(HOUR)
    queued = Message.objects.get(origin__startswith="sequence:")
    assert row().state == "ended"
    with clock.at(MONDAY + 2 * HOUR):
        lead(house).pause(reason="HOA", until=None, by=house.rita)
        send(house.tenant.pk, queued.pk)
    queued.refresh_from_db()
    assert queued.state == "held"
    pass_to(DAY, lambda: Sequence.objects.get().archive(by=house.ada))
    send(house.tenant.pk, queued.pk)
    queued.refresh_from_db()
    assert queued.state == "dropped"


@pytest.mark.django_db(transaction=True)
def test_a_reply_that_is_committed_while_the_gate_decides_keeps_it_back(cast: Cast) -> None:
    """The worker has claimed the message and waits for the customer's lock; then the reply is committed."""
    with writing(cast) as house:
        queued = _queue(house)
    is_held = Event()

    def reply() -> None:
        with use_tenant(house.tenant), clock.at(MONDAY + 2 * HOUR):
            hold_addresses([f"person {house.cora.pk}"])
            is_held.set()
            until(_stands, "the gate waits for the customer")
            writes(house)

    def leave() -> None:
        is_held.wait(60)
        with clock.at(MONDAY + 2 * HOUR):
            send(house.tenant.pk, queued.pk)

    together(reply, leave)
    with use_tenant(house.tenant):
        queued.refresh_from_db()
        assert (queued.state, queued.decisions.get().rule) == ("dropped", "origin")


def _stands() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from pg_locks where locktype = 'advisory' and not granted)")
        return bool(cursor.fetchone()[0])
