"""A follow-up that waits for the customer: done when they answer, or look, and by nothing that a machine does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from comms.channels.interface import ProviderReport
from comms.models import Channel, Message
from comms.outbox.delivery import is_machine
from comms.outbox.reports import record_report
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.events import events
from crm.platform.models import Brand, Event
from crm.platform.tenancy.context import use_tenant
from followups.models import CustomerAct, FollowUp
from followups.next_step.customer_acts import complete_by_answers, complete_by_clicks, complete_by_visit
from tests.cast import House
from tests.followups.conftest import NOON, Browser
from tests.tickets.messages import message

HOUR = timedelta(hours=1)


def answer(house: House, medium: str = "email", **more: Any) -> list[Event]:
    """Have a message of Cora's arrive, let the subscriber hear of it, and return its event."""
    values = {"medium": medium, "direction": "in", "state": "received", "person": house.cora, "at": clock.now()}
    message = Message.objects.create(brand=Brand.objects.get(), **(values | more))
    events.record("message.received", subject=message, by=None, job_id=message.job_id)
    heard = list(Event.objects.of(message).filter(kind="message.received"))
    complete_by_answers(heard)
    return heard


def click(house: House, *, seconds: int, agent: str = "") -> None:
    """Have an email to Cora delivered now, and its link opened so many seconds later."""
    channel = Channel.create(
        by=None,
        brand=Brand.objects.get(),
        medium="email",
        role="support",
        provider="postmark",
        address="us@sun.example",
    )
    sent = message("out", at=clock.now(), medium="email", job=house.job, person=house.cora, channel=channel)
    Message.objects.filter(pk=sent.pk).update(provider_id="p1")
    at = clock.now() + timedelta(seconds=seconds)
    record_report(ProviderReport("p1", "delivered", "e1", clock.now()), channel)
    with clock.at(at):
        record_report(ProviderReport("p1", "clicked", "e2", at, is_machine=is_machine(agent)), channel)
    complete_by_clicks(list(Event.objects.of(sent).filter(kind="message.clicked")))


@pytest.mark.parametrize("medium", ["email", "sms", "whatsapp", "portal"])
def test_an_answer_on_any_channel_completes_it_and_says_why(
    house: House, planned: Callable[..., FollowUp], medium: str
) -> None:
    row = planned(completes_on=CustomerAct.ANSWER)
    with use_tenant(house.tenant), clock.at(NOON + HOUR):
        answer(house, medium)
        row.refresh_from_db()
        assert (row.status, row.outcome, row.completed_by) == ("completed", "successful", None)
    assert "the customer answered" in Browser(house, house.rita).get(f"followups/{row.uid}/")


def test_what_does_not_wait_for_them_stays(house: House, planned: Callable[..., FollowUp]) -> None:
    row = planned()
    with use_tenant(house.tenant), clock.at(NOON + HOUR):
        answer(house)
        complete_by_visit(person_id=house.cora.pk, at=clock.now())
        row.refresh_from_db()
        assert row.is_open


def test_an_automatic_answer_an_earlier_one_and_one_about_another_lead_complete_nothing(
    house: House, planned: Callable[..., FollowUp]
) -> None:
    row = planned(completes_on=CustomerAct.ANSWER)
    with use_tenant(house.tenant), clock.at(NOON + HOUR):
        other = Job.objects.exclude(pk=house.job.pk).filter(brand=house.job.brand).first()
        answer(house, automatic="auto_reply")
        answer(house, at=NOON - HOUR)
        answer(house, person=Person.objects.exclude(pk=house.cora.pk).first())
        if other:
            answer(house, job=other)
        row.refresh_from_db()
        assert row.is_open


def test_a_stop_is_no_answer(house: House, planned: Callable[..., FollowUp]) -> None:
    row = planned(completes_on=CustomerAct.ANSWER)
    with use_tenant(house.tenant), clock.at(NOON + HOUR):
        answer(house, "sms", text="STOP", request="stop")
        row.refresh_from_db()
        assert row.is_open


def test_reopened_it_is_not_completed_by_the_same_answer_but_by_the_next(
    house: House, planned: Callable[..., FollowUp]
) -> None:
    row = planned(completes_on=CustomerAct.ANSWER)
    with use_tenant(house.tenant), clock.at(NOON + HOUR):
        heard = answer(house)
        FollowUp.objects.get(pk=row.pk).reopen(by=house.rita)
        complete_by_answers(heard)  # delivered again
        assert FollowUp.objects.get(pk=row.pk).is_open
    with use_tenant(house.tenant), clock.at(NOON + 2 * HOUR):
        answer(house)
        assert not FollowUp.objects.get(pk=row.pk).is_open


def test_a_click_completes_what_waits_for_a_look_and_not_what_waits_for_an_answer(
    house: House, planned: Callable[..., FollowUp]
) -> None:
    look, reply = planned(completes_on=CustomerAct.LOOK), planned(completes_on=CustomerAct.ANSWER)
    with use_tenant(house.tenant), clock.at(NOON + HOUR):
        click(house, seconds=60)
        assert not FollowUp.objects.get(pk=look.pk).is_open
        assert FollowUp.objects.get(pk=reply.pk).is_open


@pytest.mark.parametrize(("seconds", "agent"), [(2, ""), (60, "Barracuda Sentinel")])
def test_a_machine_s_click_completes_nothing(
    house: House, planned: Callable[..., FollowUp], seconds: int, agent: str
) -> None:
    row = planned(completes_on=CustomerAct.LOOK)
    with use_tenant(house.tenant), clock.at(NOON + HOUR):
        click(house, seconds=seconds, agent=agent)
        assert FollowUp.objects.get(pk=row.pk).is_open


def test_a_visit_to_the_portal_completes_what_waits_for_a_look(house: House, planned: Callable[..., FollowUp]) -> None:
    row = planned(completes_on=CustomerAct.LOOK)
    with use_tenant(house.tenant), clock.at(NOON + HOUR):
        complete_by_visit(person_id=house.cora.pk, at=clock.now())
        done = Event.objects.get(kind="followup.completed")
        assert (done.subject_id, done.data["cause"]) == (row.pk, "portal.visited")


def test_it_is_chosen_in_the_form_and_on_the_page(house: House) -> None:
    browser = Browser(house, house.rita)
    wanted = {"job": house.job.number, "text": "call tomorrow 9", "completes_on": "look"}
    browser.post("followups/new/", wanted)
    with use_tenant(house.tenant):
        row = FollowUp.objects.get()
    assert row.completes_on == CustomerAct.LOOK
    page = browser.get(f"followups/{row.uid}/")
    assert "when they answer or look at what we sent" in page
    browser.post(f"followups/{row.uid}/completes-on/", {"version": row.version, "completes_on": ""})
    with use_tenant(house.tenant):
        assert FollowUp.objects.get().completes_on == ""


def test_what_is_for_no_customer_waits_for_none(house: House) -> None:
    browser = Browser(house, house.rita)
    wanted = {"text": "call the printer tomorrow 9", "completes_on": "answer", "job": "none"}
    browser.post("followups/new/", wanted, status=422)
    with use_tenant(house.tenant):
        row = FollowUp.plan(kind="task", subject="Print", due_at=None, by=house.rita, assignee=house.rita)
        with pytest.raises(Refused):
            row.set_completes_on(CustomerAct.ANSWER, by=house.rita)
