"""Reminders to customers: off by default, through the gate, never about what is closed or has moved."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comms.gate import decide
from comms.gate.consent.suppressions import suppress
from comms.library.seeding import create_library
from comms.models import Channel, Message, Suppression
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from crm.web.reader import Reader
from followups.customer_reminders.models import CustomerReminder
from followups.customer_reminders.planning import plan_customer_reminders
from followups.customer_reminders.settings import set_customer_reminders
from followups.customer_reminders.texts import SHARED
from followups.details.reminder_block import reminder_block
from followups.models import FollowUp, FollowUpOutcome
from tests.automation.rules import work
from tests.cast import Cast, House
from tests.markup import flat
from tickets.models import Entry, Ticket

# A Wednesday, ten in the morning in New York; the call is on Friday at three.
NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
DAY = 24 * 60


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(NOW):
        brand = Brand.objects.get()
        brand.edit(by=None, phone="+18135550100")
        for medium, address in (("email", "desk@suncoast.example"), ("sms", "+18135550100")):
            Channel.create(by=None, brand=brand, medium=medium, role="support", provider="embedded", address=address)
        create_library(["en", "nl"])
        set_customer_reminders("video", template=SHARED, times=[(DAY, "email")], by=cast.house.ada)
        yield cast.house


@pytest.fixture
def agreed(house: House) -> Callable[..., FollowUp]:
    def plan(*times: tuple[int, str], **changed: Any) -> FollowUp:
        values: dict[str, Any] = {"kind": "video", "job": house.job, "assignee": house.rita, "by": house.rita}
        values |= {"due_at": FRIDAY, "customer_reminders": [list(one) for one in times or [(DAY, "email")]]}
        follow_up = FollowUp.plan(subject="Ask about the money", **values | changed)
        work()
        return follow_up

    return plan


def message() -> Message:
    found: Message = Message.objects.get()
    return found


def test_nobody_is_reminded_unless_somebody_chose_it(house: House) -> None:
    FollowUp.plan(kind="video", subject="Talk", due_at=FRIDAY, job=house.job, assignee=house.rita, by=house.rita)
    work(FRIDAY - timedelta(hours=1))
    assert not CustomerReminder.objects.exists()


def test_it_is_queued_at_its_time_from_the_template_without_our_own_words(
    house: House, agreed: Callable[..., FollowUp]
) -> None:
    agreed()
    work(FRIDAY - timedelta(hours=25))
    assert not Message.objects.exists()
    work(FRIDAY - timedelta(hours=24))
    sent = message()
    assert (sent.person_id, sent.job_id, sent.useful_until) == (house.cora.pk, house.job.pk, FRIDAY)
    assert "Video call, Friday, November 27, 3:00" in flat(sent.subject)
    assert "money" not in sent.text + sent.html
    work(FRIDAY - timedelta(hours=23))
    assert Message.objects.count() == 1


def test_the_gate_refuses_who_has_said_stop_and_the_page_says_so(house: House, agreed: Callable[..., FollowUp]) -> None:
    follow_up = agreed()
    work(FRIDAY - timedelta(hours=24))
    suppress(message().address, Suppression.Reason.STOP, source="message")
    verdict = decide(message())
    assert (verdict.outcome, verdict.rule) == ("drop", "stops")
    Message.objects.update(state=Message.State.DROPPED)
    notes = [row.note for row in reminder_block(follow_up, Reader.of(house.rita, clock.now()))["fields"]]
    assert any(note.startswith("Not sent: They asked us to stop") for note in notes)


def test_what_was_moved_or_done_since_does_not_leave(house: House, agreed: Callable[..., FollowUp]) -> None:
    follow_up = agreed()
    work(FRIDAY - timedelta(hours=24))
    assert decide(message()).outcome == "send"
    follow_up.reschedule(FRIDAY + timedelta(days=4), by=house.rita)
    verdict = decide(message())
    assert (verdict.outcome, verdict.reason) == ("drop", "reminder_over")


def test_another_time_plans_it_again_and_closing_withdraws_it(house: House, agreed: Callable[..., FollowUp]) -> None:
    follow_up = agreed()
    follow_up.reschedule(FRIDAY + timedelta(days=3), by=house.rita)
    work()
    assert CustomerReminder.objects.get().planned_at == FRIDAY + timedelta(days=2)
    follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    work()
    assert not CustomerReminder.objects.exists()


def test_a_text_leaves_before_quiet_hours(agreed: Callable[..., FollowUp]) -> None:
    # Twelve hours before is three in the night. See docs/rules.md#k3.
    agreed((12 * 60, "text"))
    planned_at = CustomerReminder.objects.get().planned_at
    assert planned_at < FRIDAY - timedelta(hours=12)
    assert planned_at.astimezone(UTC).hour in (0, 1), "before eight in the evening there"


def test_after_an_outage_one_of_several(agreed: Callable[..., FollowUp]) -> None:
    agreed((DAY, "email"), (60, "email"))
    work(FRIDAY - timedelta(minutes=30))
    rows = CustomerReminder.objects.order_by("minutes_before")
    assert [bool(row.message_id) for row in rows] == [True, False]
    assert rows[1].skipped_reason == "A later reminder was sent instead."


def test_a_customer_without_an_address_is_named(house: House, agreed: Callable[..., FollowUp]) -> None:
    house.cora.contact_points.filter(kind="email").delete()
    agreed()
    work(FRIDAY - timedelta(hours=24))
    assert "no address" in CustomerReminder.objects.get().skipped_reason


def test_wrong_choices_are_refused(house: House, agreed: Callable[..., FollowUp]) -> None:
    with pytest.raises(Refused, match="no customer"):
        agreed(job=None)
    follow_up = agreed()
    with pytest.raises(Refused, match="email, text message or WhatsApp"):
        follow_up.set_reminders(None, customer_times=[(60, "app")], by=house.rita)
    with pytest.raises(Refused, match="no longer available"):
        set_customer_reminders("call", template="gone", times=[], by=house.ada)


def test_those_of_many_that_stay_cost_the_queries_of_one(agreed: Any, house: House) -> None:
    rows = [agreed((6 * DAY, "email")) for _row in range(4)]  # skipped: that day has passed
    with CaptureQueriesContext(connection) as one:
        plan_customer_reminders(rows[:1])
    with CaptureQueriesContext(connection) as many:
        plan_customer_reminders(rows)
    assert CustomerReminder.objects.exclude(skipped_reason="").count() == 4
    assert len(many) == len(one)


def queries_of(rows: list[FollowUp]) -> int:
    """How many queries it takes to plan them where nothing is planned yet."""
    CustomerReminder.objects.all().delete()
    with CaptureQueriesContext(connection) as captured:
        plan_customer_reminders(rows)
    return len(captured)


def test_new_and_moved_ones_of_many_cost_the_queries_of_one(agreed: Any) -> None:
    rows = [agreed((DAY, "email"), (12 * 60, "text")) for _row in range(4)]
    queries_of(rows)  # what is cached per organization
    one, many = queries_of(rows[:1]), queries_of(rows)
    assert CustomerReminder.objects.count() == 8
    assert many == one
    later = FRIDAY + timedelta(days=3)
    FollowUp.objects.update(due_at=later, sort_at=later)
    with CaptureQueriesContext(connection) as moved:
        plan_customer_reminders(rows)
    assert CustomerReminder.objects.filter(planned_at__gt=FRIDAY).count() == 8
    assert len(moved) <= one + 1, "one statement for all that have moved"


def test_it_is_on_the_conversation_that_its_follow_up_is_about(house: House, agreed: Callable[..., FollowUp]) -> None:
    ours, other = (
        Ticket.begin(brand=Brand.objects.get(), subject=subject, person=house.cora, medium="email", by=house.rita)
        for subject in ("The roof", "A later one, about something else")
    )
    agreed(job=None, about=ours)
    work(FRIDAY - timedelta(hours=24))
    entry = Entry.objects.get(message=message())
    assert entry.ticket == ours
    assert not Entry.objects.filter(ticket=other).exists()
