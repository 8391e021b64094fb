"""A message that is queued: what keeps it back in the second before it leaves, though no worker has heard of it."""

from collections.abc import Callable
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
from followups.sequences.member_acts import pause_enrolment
from followups.sequences.models import Sequence, SequenceMode
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


KEPT_BACK: list[tuple[str, Callable[[House], Any]]] = [
    ("dropped", texts_stop),
    ("dropped", _bounces),
    ("dropped", _pays),
    ("dropped", lambda house: lead(house).move_to(house.stage("Quote sent"), by=house.rita)),
    ("held", lambda house: lead(house).pause(reason="HOA", until=MONDAY + 30 * DAY, by=house.rita)),
    ("held", lambda house: pause_enrolment(row(), until=MONDAY + 2 * DAY, by=house.rita)),
    ("dropped", lambda house: pause_enrolment(row(), until=None, by=house.rita)),
    ("dropped", lambda house: Issue.open(lead(house), "damage", "The gate is bent", by=house.sam)),
    ("held", lambda house: writes(house, text="We will let you know on Friday.")),
    ("dropped", lambda house: KillSwitch.switch_on(reason="Storm", by=house.ada)),
    ("dropped", lambda house: AutomationPolicy.switch(False, by=house.ada)),
    ("dropped", lambda house: Sequence.objects.get().switch(SequenceMode.OFF, by=house.ada)),
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
