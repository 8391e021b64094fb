"""Steps only go forward, and no sequence starts itself; what lasts for months is possible."""

from typing import Any

import pytest
from django.test import Client

from comms.gate.consent.consents import record
from crm.jobs.next_step.signals import contact_logged
from followups.sequences.definition import SequenceAct, SequenceDefinition, compile_steps
from followups.sequences.enrolling import enrol
from followups.sequences.models import Sequence
from followups.sequences.models.sequence import CircleRefused
from followups.sequences.registry import TOUCHED, USUAL_STOPS
from tests.cast import House
from tests.followups.sequences.scenes import (
    DAY,
    HOUR,
    fork,
    lead,
    message,
    pass_to,
    row,
    sent,
    sequence,
    task,
    wait,
)
from tests.followups.sequences.test_editor import fields_of


def start(other: Sequence) -> SequenceAct:
    return SequenceAct("sequence.start", {"sequence": str(other.pk)})


def test_every_way_of_a_fork_goes_forward() -> None:
    steps = [fork("visited", [message(), fork("clicked", [], [task()])], [wait(1)]), message()]
    for node in compile_steps(steps):
        assert all(position > node.position for position in (node.following, node.other) if position is not None)


def test_a_sequence_that_starts_itself_is_refused(house: House) -> None:
    made = sequence(wait(1), name="Yearly")
    with pytest.raises(CircleRefused, match="Yearly → Yearly"):
        made.edit(SequenceDefinition((wait(9), start(made))), by=None)


def test_so_are_several_that_start_one_another(house: House) -> None:
    first, third = sequence(wait(1), name="First"), sequence(wait(1), name="Third")
    second = sequence(fork("visited", [start(third)], []), name="Second")
    first.edit(SequenceDefinition((start(second),)), by=None)
    with pytest.raises(CircleRefused, match="Third → First → Second → Third"):
        third.edit(SequenceDefinition((start(first),)), by=None)


def test_one_after_another_is_no_circle_and_an_archived_one_starts_nothing(house: House) -> None:
    last = sequence(wait(1), name="Last")
    first = sequence(start(last), start(last), name="First")
    first.archive(by=None)
    last.edit(SequenceDefinition((start(first),)), by=None)
    first.restore(by=None)
    with pytest.raises(CircleRefused):
        first.switch("on", by=None)


def test_the_editor_says_so_at_the_steps(house: House) -> None:
    client = Client()
    client.force_login(house.ada.user)
    made = sequence(message(), name="Yearly")
    path = f"/{house.tenant.slug}/sequences/{made.uid}/"
    again = {"s0-of": "sequence.start", "s0-action": "sequence.start", "s0-o-sequence": str(made.pk), "do": "save"}
    answer = client.post(path, fields_of(client.get(path).content.decode()) | again)
    assert answer.status_code == 422
    assert "It would go round in a circle: Yearly → Yearly." in answer.content.decode()


def drip(house: House) -> Sequence:
    """A message every 30 days for a year; whoever came back to our pages within 30 days is called."""
    steps = [step for _month in range(12) for step in (message(template="product_information"), wait(30))]
    return sequence(*steps, fork("visited", [task()], []), stops=(*USUAL_STOPS, TOUCHED), purpose="offers")


def test_a_drip_goes_on_for_a_year(house: House) -> None:
    agrees(house)
    enrol(drip(house), lead(house), by=house.rita)
    for month in range(12):
        pass_to(month * 31 * DAY + HOUR)
    assert len(sent()) == 12
    pass_to(372 * DAY + HOUR)
    assert row().end_reason == "finished"


def test_any_touch_ends_a_drip(house: House) -> None:
    agrees(house)
    enrol(drip(house), lead(house), by=house.rita)
    pass_to(HOUR)
    pass_to(100 * DAY, lambda: _emails(house))
    count = len(sent())
    pass_to(200 * DAY)
    assert (row().end_reason, len(sent())) == ("touched", count)


def _emails(house: House) -> None:
    """Rita notes an email that she wrote."""
    job = lead(house)
    job.contact("email", "sent", by=house.rita)
    contact_logged.send(type(job), job=job, kind="email", outcome="sent", by=house.rita)


def agrees(house: House) -> None:
    """Cora wants offers by email."""
    for point in house.cora.contact_points.filter(kind="email"):
        consent: Any = {"medium": "email", "purpose": "marketing", "given": True, "wording": "Yes", "source": "call"}
        record(point.value, brand=house.job.brand, **consent)
