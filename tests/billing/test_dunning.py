"""The reminders of late invoices: each step once, in order, and what stops or pauses them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from billing.dunning.ladder_steps import take_steps
from billing.models import DunningAct, DunningStep, Invoice, Payment, PaymentPromise, reverse_payment
from billing.models.invoice import DUNNING
from comms.models import Channel, Message
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.models import Brand, Due
from crm.platform.work.due import run_due_work
from crm.platform.work.tasks import dispatch_events
from crm.web.models import Notice
from followups.models import FollowUp
from service.models import Issue
from tests.billing.conftest import NOON, recorded
from tests.cast import House


@pytest.fixture
def channels(house: House) -> None:
    """The brand has an address for email and a number for texts."""
    brand = Brand.objects.get()
    for medium, address in (("email", "office@suncoast.example"), ("sms", "+18135550100")):
        Channel.create(by=None, brand=brand, medium=medium, role="support", provider="embedded", address=address)


@pytest.fixture
def late(channels: None, bill: Callable[..., Invoice]) -> Invoice:
    """An invoice that is due on 2 December."""
    invoice = bill(362_000, days=7)
    deliver()
    return invoice


def deliver() -> None:
    """Run subscribers and due work until nothing is left."""
    dispatch_events()
    while run_due_work():
        dispatch_events()
    dispatch_events()


def live(days: int) -> None:
    """Let the days after the invoice was issued pass, one by one, at eleven in the morning."""
    for day in range(1, days + 1):
        with clock.at(NOON + timedelta(days=day, hours=1)):
            deliver()


def steps() -> list[str]:
    return list(DunningAct.objects.in_order().values_list("kind", flat=True))


def test_the_steps_come_on_days_three_seven_ten_and_fourteen(house: House, late: Invoice) -> None:
    live(7 + 14)
    acts = DunningAct.objects.in_order()
    assert [(act.kind, act.at.date()) for act in acts] == [
        ("mail", date(2026, 12, 5)),
        ("text", date(2026, 12, 9)),
        ("call", date(2026, 12, 12)),
        ("manager", date(2026, 12, 16)),
    ]
    assert [bool(act.message) for act in acts] == [True, True, False, False]
    assert (bool(acts[1].text), acts[2].follow_up.assignee, acts[3].follow_up.assignee) == (
        True,
        house.rita,
        house.mona,
    )
    told = Notice.objects.filter(kind="invoice.very_late")
    assert set(told.values_list("member__name", flat=True)) == {"Mona Manager", "Ada Admin"}


def test_a_reminder_names_what_is_open(late: Invoice) -> None:
    live(7 + 3)
    message = DunningAct.objects.get().message
    assert late.number in message.subject
    assert "$3,620" in message.text
    assert message.job_id == late.job_id


def test_a_step_is_taken_once(late: Invoice) -> None:
    live(7 + 3)
    with clock.at(NOON + timedelta(days=10, hours=2)):
        take_steps([late.pk])
        take_steps([late.pk])
    assert steps() == ["mail"]


def test_payment_stops_everything(house: House, late: Invoice, pay: Callable[..., Payment]) -> None:
    live(7 + 10)
    call = DunningAct.objects.get(kind="call").follow_up
    with clock.at(NOON + timedelta(days=18)):
        pay(362_000)
        deliver()
    call.refresh_from_db()
    assert (call.is_open, Due.objects.filter(kind=DUNNING).count()) == (False, 0)
    live(40)
    assert len(steps()) == 3


def test_a_reminder_that_has_not_left_is_cancelled(late: Invoice, pay: Callable[..., Payment]) -> None:
    live(7 + 3)
    message = DunningAct.objects.get().message
    Message.objects.filter(pk=message.pk).update(state="held")
    with clock.at(NOON + timedelta(days=11)):
        pay(362_000)
        deliver()
    message.refresh_from_db()
    assert message.state == "cancelled"


def test_a_dispute_stops_it_and_its_end_goes_on(house: House, late: Invoice) -> None:
    late.dispute("The gutter leaks", by=house.rita)
    live(20)
    assert steps() == []
    with clock.at(NOON + timedelta(days=20)):
        late.settle_dispute(by=house.rita)
    with clock.at(NOON + timedelta(days=21, hours=1)):
        deliver()
    assert steps() == ["mail"]


def test_a_complaint_holds_it_back(house: House, late: Invoice) -> None:
    issue = Issue.open(late.job, "damage", "The gate is bent", by=house.sam)
    live(12)
    assert steps() == []
    issue.end(True, "Repaired", by=house.sam)
    live(13)
    assert steps() == ["mail"]


def test_a_promise_pauses_and_is_kept(house: House, late: Invoice, pay: Callable[..., Payment]) -> None:
    promise = PaymentPromise.promise(late, date(2026, 12, 20), by=house.rita, words="After payday")
    live(20)
    assert steps() == []
    with clock.at(NOON + timedelta(days=22)):
        pay(362_000)
        deliver()
    promise.refresh_from_db()
    assert (promise.state, recorded("payment_promise.kept")) == ("kept", 1)


def test_a_broken_promise_asks_a_person_and_goes_on_later(house: House, late: Invoice) -> None:
    PaymentPromise.promise(late, date(2026, 12, 6), by=house.sam)
    live(12)
    asked = FollowUp.objects.get()
    assert (asked.assignee, recorded("payment_promise.broken"), steps()) == (house.sam, 1, [])
    assert "not kept" in asked.subject
    assert Notice.objects.filter(kind="payment_promise.broken").count() == 2
    live(16)
    assert steps() == ["mail"]


def test_a_new_day_replaces_the_promise(house: House, late: Invoice) -> None:
    first = PaymentPromise.promise(late, date(2026, 12, 6), by=house.sam)
    second = PaymentPromise.promise(late, date(2026, 12, 8), by=house.sam)
    assert PaymentPromise.promise(late, date(2026, 12, 8), by=house.sam).pk == second.pk
    first.refresh_from_db()
    assert first.state == "replaced"


@pytest.mark.parametrize(
    ("until", "amount"), [(date(2026, 11, 24), 5), (date(2027, 6, 1), 5), (date(2026, 12, 1), 362_001)]
)
def test_a_promise_is_refused(house: House, late: Invoice, until: date, amount: int) -> None:
    with pytest.raises(Refused):
        PaymentPromise.promise(late, until, by=house.sam, amount=amount)


def test_a_customer_without_an_address_is_not_reached(house: House, late: Invoice) -> None:
    ContactPoint.objects.filter(person=house.cora).delete()
    live(7 + 3)
    act = DunningAct.objects.get()
    assert (act.message, act.text, act.result) == (None, None, "unreached")


def test_a_bounced_check_is_reminded_again(house: House, late: Invoice, pay: Callable[..., Payment]) -> None:
    payment = pay(362_000, method="check")
    deliver()
    reverse_payment(payment, "Bounced", by=house.mona)
    deliver()
    live(7 + 3)
    assert steps() == ["mail"]


def test_the_ladder_is_the_tenants_own(house: House, late: Invoice) -> None:
    days = {"mail": None, "text": 2, "call": 5, "manager": None}
    DunningStep.set_ladder(days, by=house.ada)
    DunningStep.set_ladder(days, by=house.ada)
    live(30)
    assert (steps(), recorded("dunning_step.set")) == (["text", "call"], 4)
    with pytest.raises(Refused, match="at least a day"):
        DunningStep.set_ladder({"mail": 5, "text": 5, "call": 6, "manager": 7}, by=house.ada)


def test_an_invoice_is_sent_once_when_it_is_issued(late: Invoice) -> None:
    late.refresh_from_db()
    deliver()
    assert (
        late.sent_at is not None,
        Message.objects.filter(template_version__template__key="invoice_issued").count(),
    ) == (True, 1)
