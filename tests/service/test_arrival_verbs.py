"""A crew's word of its coming: one a day, changed as it goes, refused while the work rests, told once."""

from datetime import timedelta
from typing import Any

import pytest

from comms.models import Channel, Message
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.models import Brand, Event, Team
from crm.platform.work.tasks import dispatch_events
from service.arrivals.telling import tell
from service.models import Arrival, Project
from service.models.arrival import DELAYS
from service.projects.project_list import local_day
from tests.cast import House
from tests.followups.conftest import Browser
from tests.service.conftest import NOON, recorded, said


@pytest.fixture
def say(house: House, project: Project) -> Any:
    def act(state: str, minutes: int = 0) -> Arrival:
        return Arrival.say(project, state, local_day(), minutes=minutes, by=house.sam)

    return act


@pytest.fixture
def channels(house: House) -> None:
    for medium, address in (("email", "hello@suncoast.example"), ("sms", "+18135550100")):
        Channel.create(
            by=None, brand=Brand.objects.get(), medium=medium, role="support", provider="embedded", address=address
        )


def test_a_day_has_one_word_the_last(say: Any) -> None:
    for state, minutes in (("driving", 0), ("late", 30), ("here", 0)):
        say(state, minutes)
    assert [(row.state, row.minutes) for row in Arrival.objects.all()] == [("here", 0)]


def test_said_twice_it_is_recorded_once(say: Any) -> None:
    say("late", 30)
    say("late", 30)
    say("late", 45)
    assert recorded("arrival.late") == 2


def test_the_next_day_is_another(house: House, project: Project, say: Any) -> None:
    say("here")
    with clock.at(NOON + timedelta(days=1)):
        Arrival.say(project, "driving", local_day(), by=house.sam)
    assert Arrival.objects.count() == 2


@pytest.mark.parametrize("minutes", [0, -15, 20, 150])
def test_a_crew_is_late_by_what_a_button_says(say: Any, minutes: int) -> None:
    assert minutes not in DELAYS
    with pytest.raises(Refused, match="how late"):
        say("late", minutes)


def test_minutes_are_of_a_crew_that_is_late_alone(say: Any) -> None:
    assert say("driving", 30).minutes == 0


def test_a_word_that_is_none_is_refused(say: Any) -> None:
    with pytest.raises(ValueError, match="lost"):
        say("lost")


def test_of_finished_work_nobody_comes(house: House, project: Project, say: Any) -> None:
    project.finish(by=house.sam)
    with pytest.raises(Refused, match="finished, or on hold"):
        say("driving")


@pytest.mark.parametrize("typed", [{}, {"state": "lost"}, {"state": "late", "minutes": "x"}])
def test_the_form_says_one_of_three_things(sam: Browser, project: Project, typed: dict[str, str]) -> None:
    assert said(sam.post(f"service/projects/{project.uid}/coming/", typed)).startswith("Choose")
    assert not Arrival.objects.exists()


def test_there_the_customer_gets_no_message(sam: Browser, project: Project, channels: None) -> None:
    assert said(sam.post(f"service/projects/{project.uid}/coming/", {"state": "here"})) == "Noted."
    dispatch_events()
    assert not Message.objects.exists()


def test_the_customer_reads_which_crew_comes(house: House, project: Project, say: Any, channels: None) -> None:
    project.give_to(Team.create("Crew A", by=None), by=house.sam)
    say("driving")
    dispatch_events()
    message = Message.objects.get()
    assert ("Crew A" in message.text, message.medium) == (True, "sms")


def test_without_a_number_the_customer_is_told_by_mail(say: Any, channels: None) -> None:
    ContactPoint.objects.filter(kind="phone").delete()
    say("late", 45)
    dispatch_events()
    assert ("45 minutes late" in Message.objects.get().text, Message.objects.get().medium) == (True, "email")


def test_a_word_that_was_overtaken_is_not_told(say: Any, channels: None) -> None:
    say("driving")
    say("here")
    dispatch_events()
    assert not Message.objects.exists()


def test_who_was_erased_is_told_nothing(house: House, say: Any, channels: None) -> None:
    house.cora.erased_at = NOON
    house.cora.save(update_fields=["erased_at"])
    say("driving")
    tell(list(Event.objects.filter(kind="arrival.driving")))
    assert not Message.objects.exists()
