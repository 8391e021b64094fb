"""The condition that a customer has not written since the step, the quote, our last message."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from comms.automation.customer_silence import SINCE_MESSAGE, SINCE_QUOTE, SINCE_STEP, silent_since
from comms.models import Message
from crm.automation.setup import organization_viewer
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from tests.automation.test_engine import MONDAY
from tests.cast import Cast, House

HOUR = timedelta(hours=1)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


def write(house: House, direction: str, hours: int, **more: object) -> None:
    state = "received" if direction == "in" else "sent"
    about = {"person": house.cora, "brand": Brand.objects.get(), "address": "cora@home.example", "medium": "email"}
    Message.objects.create(direction=direction, state=state, at=MONDAY + hours * HOUR, **about, **more)


def silences(house: House) -> set[str]:
    choices = (SINCE_STEP, SINCE_QUOTE, SINCE_MESSAGE)
    return {
        each
        for each in choices
        if Job.objects.filter(silent_since(each, organization_viewer()), pk=house.job.pk).exists()
    }


def test_the_customer_is_silent_until_they_write_after_the_instant(house: House) -> None:
    write(house, "in", -1)
    job = Job.objects.get(pk=house.job.pk)
    job.move_to(house.stage("Quote sent"), by=None)
    assert silences(house) == {SINCE_STEP, SINCE_QUOTE}
    write(house, "out", 1)
    write(house, "in", 2, automatic="auto_reply")
    write(house, "in", 2, request="stop")
    assert silences(house) == {SINCE_STEP, SINCE_QUOTE, SINCE_MESSAGE}
    write(house, "in", 3)
    assert silences(house) == set()
