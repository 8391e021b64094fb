"""The card of a call: may they be called now, when were they reached before, what to open with, what else is open."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from comms.gate.consent.consents import record
from comms.models import Direction, KillSwitch, Message
from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tickets.models import Ticket

ZONE = ZoneInfo("America/New_York")
MORNING = datetime(2026, 11, 23, 15, tzinfo=UTC)


def readable(page: str) -> str:
    return page.replace("\xa0", " ")


def card(as_member: Any, follow_up: FollowUp) -> str:
    return readable(as_member("rita").get(f"followups/calls/{follow_up.uid}/"))


def test_the_card_asks_for_the_best_time_to_call(as_member: Any, planned: Any, house: Any) -> None:
    assert f"/timing/lead/{house.job.number}/?brief=call" in card(as_member, planned())


def test_the_card_says_the_time_there_and_that_they_may_be_called(as_member: Any, planned: Any, house: Any) -> None:
    page = card(as_member, planned())
    assert "10:00 AM there" in page
    assert "Call: allowed now" in page
    assert "They have an open job with us" in page


def test_in_quiet_hours_the_card_says_when_they_may_be_called(as_member: Any, planned: Any, house: Any) -> None:
    follow_up = planned()
    with clock.at(datetime(2026, 11, 25, 11, 30, tzinfo=UTC)):
        page = card(as_member, follow_up)
    assert "Call: quiet hours until today, 9:00 AM" in page
    assert 'class="btn" href="tel:' in page


def test_a_channel_that_is_stopped_for_a_time_is_no_quiet_hour(as_member: Any, planned: Any, house: Any) -> None:
    follow_up = planned()
    with use_tenant(house.tenant):
        KillSwitch.switch_on(reason="Storm", by=house.ada, until=clock.now() + timedelta(hours=2))
    page = card(as_member, follow_up)
    assert "quiet hours until" not in page
    assert "not before today" in page
    assert "Storm" in page


def test_who_said_no_to_calls_is_not_offered_as_allowed(as_member: Any, planned: Any, house: Any) -> None:
    no = {"medium": "call", "purpose": "service", "given": False, "wording": "Don’t call", "source": "call"}
    with use_tenant(house.tenant):
        record("+18135550142", brand=house.job.brand, **no)
    page = card(as_member, planned())
    assert "Call: not allowed" in page
    assert "Text message: allowed now" in page


def message(house: Any, **columns: Any) -> Message:
    with use_tenant(house.tenant):
        values = {
            "medium": "email",
            "direction": Direction.IN,
            "state": Message.State.RECEIVED,
            "address": "cora@example.com",
            "text": "Can you leave the skylight out?",
            "at": clock.now() - timedelta(hours=2),
            "brand_id": house.job.brand_id,
            "job": house.job,
            "person": house.cora,
        }
        row: Message = Message.objects.create(**values | columns)
        return row


def test_their_last_message_opens_the_call(as_member: Any, planned: Any, house: Any) -> None:
    message(house)
    page = card(as_member, planned())
    assert "Cora, this is Rita from" in page
    assert "You wrote to us today: “Can you leave the skylight out?”" in page


def test_our_unanswered_message_opens_the_call_and_an_old_one_does_not(
    as_member: Any, planned: Any, house: Any
) -> None:
    ours = message(house, direction=Direction.OUT, state=Message.State.SENT)
    follow_up = planned()
    assert "Did you see what we wrote to you today?" in card(as_member, follow_up)
    with use_tenant(house.tenant):
        Message.objects.filter(pk=ours.pk).update(delivery="clicked")
    assert "You had a look at what we sent you today." in card(as_member, follow_up)
    with use_tenant(house.tenant):
        Message.objects.filter(pk=ours.pk).update(at=clock.now() - timedelta(days=90))
    assert "To open with" not in card(as_member, follow_up)


def test_what_waits_to_be_sent_is_not_what_was_said_last(as_member: Any, planned: Any, house: Any) -> None:
    message(house, direction=Direction.OUT, state=Message.State.QUEUED, text="Tomorrow at eight")
    assert "Tomorrow at eight" not in card(as_member, planned())


def test_what_else_is_open_is_listed_but_not_what_others_have(as_member: Any, planned: Any, house: Any) -> None:
    with use_tenant(house.tenant):
        open_job(title="New gutters", person=house.cora, member=house.rita, by=None)
        open_job(title="Secret shed", person=house.cora, member=house.mona, by=None)
        Ticket.begin(by=None, subject="Financing", person=house.cora, brand=house.job.brand)
    planned("Send the papers", kind="email")
    page = card(as_member, planned())
    assert all(
        words in page for words in ("Also open for this customer", "New gutters", "Financing", "Send the papers")
    )
    assert "Secret shed" not in page


def test_todays_calls_are_summed_up(as_member: Any, planned: Any, house: Any) -> None:
    rita, first, second = as_member("rita"), planned("First", hours=-3), planned("Second", hours=-2)
    planned("Third", hours=1)
    for follow_up, outcome in ((first, "reached"), (second, "no_answer")):
        data = {"version": str(follow_up.version), "outcome": outcome}
        rita.post(f"followups/calls/{follow_up.uid}/end/", data)
    page = readable(rita.get("followups/calls/"))
    assert "1 of 2</dd>" in page.replace(" </dd>", "</dd>")
    assert "Again today" in page
    assert "No answer, 10:00 AM · again 12:00 PM" in page
    assert 'class="is-back"' in page


def test_minutes_on_the_phone_are_the_members_own(as_member: Any, planned: Any, house: Any) -> None:
    first = planned("First", hours=-3)
    rita: Member = house.rita
    message(house, medium="call", direction=Direction.OUT, state=Message.State.SENT, author=rita, duration=840)
    message(house, medium="call", direction=Direction.OUT, state=Message.State.SENT, author=house.mona, duration=600)
    browser = as_member("rita")
    browser.post(f"followups/calls/{first.uid}/end/", {"version": str(first.version), "outcome": "reached"})
    planned("Second", hours=1)
    assert "<dd>14 min</dd>" in browser.get("followups/calls/")
