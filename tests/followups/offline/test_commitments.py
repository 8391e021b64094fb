"""Whether a member is free at the time that a choice between two versions leads to."""

from datetime import timedelta
from typing import Any

import pytest

from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.jobs.models.assignment.absence import Absence
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from crm.web.reader import Reader
from followups.models import FollowUp
from followups.offline.commitments import MemberDay
from tests.cast import House
from tests.followups.test_calendar_busy import make_busy

# Tomorrow at two in the afternoon in New York, from NOON on.
HOURS = 28


@pytest.fixture
def visit(planned: Any, house: House) -> FollowUp:
    row: FollowUp = planned("Roof visit", hours=HOURS)
    return row


def check(house: House, visit: FollowUp, member: Any = None) -> tuple[bool, str]:
    """What Rita reads of a member, else of herself, at the time of the visit."""
    viewer = house.rita
    with use_tenant(house.tenant):
        assert visit.due_at is not None
        result = MemberDay(member or viewer, visit.due_at, visit, viewer, Reader.of(viewer, clock.now())).check()
    return result.is_free, result.words.replace("\xa0", " ")


def test_a_free_time_is_said_with_what_comes_next(house: House, visit: FollowUp, planned: Any) -> None:
    assert check(house, visit) == (True, "Rita Rep is free for the rest of the day.")
    planned("Call Hector", hours=HOURS + 2)
    planned("Call Cora", hours=HOURS - 2)
    assert check(house, visit) == (True, "Rita Rep is free until 4:00 PM.")


def test_another_follow_up_is_in_the_way(house: House, visit: FollowUp, planned: Any) -> None:
    planned("Call Hector", hours=HOURS)
    planned("Somebody else's", hours=HOURS, assignee=house.mona)
    assert check(house, visit) == (False, "Rita Rep also has “Call Hector” at 2:00 PM.")
    planned("Call Cora", hours=HOURS)
    assert check(house, visit)[1].endswith("and 1 more.")


def test_an_appointment_is_in_the_way(house: House, visit: FollowUp) -> None:
    with use_tenant(house.tenant):
        kind = AppointmentType.add("Inspection", by=house.ada, minutes=60, travel_minutes=0)
        Appointment.book(house.job, kind, visit.due_at, [house.rita], by=house.rita, anyway=True)
    is_free, words = check(house, visit)
    assert not is_free
    assert words == f"Rita Rep is at “{house.job.title}” from 2:00 PM to 3:00 PM."


def test_what_the_viewer_may_not_see_is_not_named(house: House, visit: FollowUp, planned: Any) -> None:
    planned("Talk about pay", hours=HOURS, job=None, assignee=house.mona, by=house.mona)
    assert check(house, visit, house.mona)[1] == "Mona Manager has another follow-up at 2:00 PM."


def test_a_time_of_their_own_calendar_and_an_absence_are_in_the_way(house: House, visit: FollowUp) -> None:
    make_busy(house, house.rita, HOURS, 1, title="Dentist")
    assert check(house, visit) == (
        False,
        "Rita Rep is busy from 2:00 PM to 3:00 PM, by their own calendar.",
    )
    with use_tenant(house.tenant):
        Absence.plan(house.rita, clock.now() + timedelta(hours=24), None, by=house.rita)
    assert check(house, visit)[1] == "Rita Rep is away then and 1 more."


def test_the_page_says_it_for_each_choice(device: Any, planned: Any, house: House) -> None:
    call = planned("Roof visit")
    seen = device.show(call)
    with use_tenant(house.tenant):
        FollowUp.objects.get(pk=call.pk).reschedule(call.due_at + timedelta(days=3), by=house.mona)
    device.send(seen, "reschedule", when="tomorrow")
    planned("Call Hector", hours=HOURS)
    link = next(line for line in device.browser.get("followups/today/").split('"') if "/followups/versions/" in line)
    url = link.removeprefix(f"/{house.tenant.slug}/")
    assert "Rita Rep is free for the rest of the day." in device.browser.get(url)
    assert "Rita Rep also has “Call Hector” at" in device.browser.get(f"{url}?act=mine", htmx=True)
