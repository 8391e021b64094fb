"""An open invoice in parts: agreed on, shown, reminded part by part, taken back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from billing.models import DunningAct, InstalmentPlan, Invoice, Payment, PaymentPromise, reverse_payment
from billing.models.instalment_plan import propose_parts
from comms.models import Channel, Message
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Brand
from tests.billing.conftest import NOON, recorded
from tests.billing.test_dunning import deliver
from tests.cast import House
from tests.followups.conftest import Browser

FIRST, SECOND = date(2026, 12, 10), date(2027, 1, 10)
PARTS = [(FIRST, 6_000), (SECOND, 4_000)]


@pytest.fixture
def invoice(bill: Callable[..., Invoice]) -> Invoice:
    """An invoice of $100, due on 2 December."""
    brand = Brand.objects.get()
    Channel.create(
        by=None, brand=brand, medium="email", role="support", provider="embedded", address="office@suncoast.example"
    )
    row = bill(10_000, days=7)
    deliver()
    return row


@pytest.fixture
def plan(house: House, invoice: Invoice) -> InstalmentPlan:
    return InstalmentPlan.agree(invoice, PARTS, by=house.sam)


def live_until(day: date) -> None:
    """Let the days until a day pass, one by one, at eleven in the morning."""
    for count in range(1, (day - NOON.date()).days + 1):
        with clock.at(NOON + timedelta(days=count, hours=1)):
            deliver()


def missing(plan: InstalmentPlan) -> list[int]:
    found = InstalmentPlan.find_open(Invoice.objects.get(pk=plan.invoice_id))
    assert found
    return [part.missing for part in found.parts()]


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([(FIRST, 10_000)], "two to 6"),
        ([(SECOND, 6_000), (FIRST, 4_000)], "after the one before"),
        ([(date(2026, 11, 24), 6_000), (FIRST, 4_000)], "has passed"),
        ([(FIRST, 6_000), (date(2028, 1, 1), 4_000)], "within a year"),
        ([(FIRST, 6_000), (SECOND, 3_999)], "add up"),
        ([(FIRST, 10_000), (SECOND, 0)], "above zero"),
    ],
)
def test_parts_that_are_none_are_refused(
    house: House, invoice: Invoice, parts: list[tuple[date, int]], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        InstalmentPlan.agree(invoice, parts, by=house.sam)


def test_the_same_again_is_agreed_once_and_others_replace_it(house: House, invoice: Invoice) -> None:
    first = InstalmentPlan.agree(invoice, PARTS, by=house.sam)
    assert InstalmentPlan.agree(invoice, PARTS, by=house.sam).pk == first.pk
    second = InstalmentPlan.agree(invoice, [(FIRST, 5_000), (SECOND, 5_000)], by=house.sam)
    first.refresh_from_db()
    assert (first.state, second.state, recorded("instalment_plan.agreed")) == ("back", "open", 2)


def test_it_takes_the_place_of_a_promise(house: House, invoice: Invoice) -> None:
    promise = PaymentPromise.promise(invoice, FIRST, by=None, amount=3_000, wants_parts=True)
    InstalmentPlan.agree(invoice, PARTS, by=house.sam)
    promise.refresh_from_db()
    assert promise.state == "replaced"


def test_what_is_paid_covers_the_first_part_first(plan: InstalmentPlan, pay: Callable[..., Payment]) -> None:
    payment = pay(7_000)
    assert missing(plan) == [0, 3_000]
    reverse_payment(payment, "Slip", by=None)
    assert missing(plan) == [6_000, 4_000]


def test_all_of_it_keeps_the_agreement(plan: InstalmentPlan, pay: Callable[..., Payment]) -> None:
    pay(10_000)
    deliver()
    plan.refresh_from_db()
    assert (plan.state, recorded("instalment_plan.kept")) == ("kept", 1)


def test_the_customer_gets_the_parts(plan: InstalmentPlan) -> None:
    deliver()
    [message] = [one for one in Message.objects.all() if "in parts" in one.subject]
    assert "$60 by Dec 10, 2026, $40 by Jan 10, 2027" in message.text


def test_reminders_follow_the_parts(plan: InstalmentPlan, pay: Callable[..., Payment]) -> None:
    deliver()
    live_until(date(2026, 12, 14))
    assert [(act.kind, act.at.date()) for act in DunningAct.objects.in_order()] == [("mail", date(2026, 12, 13))]
    reminder = DunningAct.objects.get().message
    assert reminder
    assert ("$60" in reminder.text, "Dec 10, 2026" in reminder.text) == (True, True)
    pay(6_000)
    deliver()
    live_until(date(2027, 1, 14))
    acts = list(DunningAct.objects.in_order())
    assert [(act.kind, act.instalment.due_on) for act in acts] == [("mail", FIRST), ("mail", SECOND)]


def test_taken_back_the_invoice_is_reminded_by_its_own_day(house: House, plan: InstalmentPlan) -> None:
    deliver()
    for _time in range(2):
        plan.take_back(by=house.sam)
    deliver()
    live_until(date(2026, 12, 6))
    acts = [(act.kind, act.at.date(), act.instalment) for act in DunningAct.objects.in_order()]
    assert (acts, recorded("instalment_plan.taken_back")) == ([("mail", date(2026, 12, 5), None)], 1)


def test_equal_parts_a_month_apart_are_proposed(invoice: Invoice) -> None:
    parts = propose_parts(invoice, date(2026, 11, 30))
    assert [(part.due_on, part.amount) for part in parts] == [
        (date(2026, 11, 30), 3_334),
        (date(2026, 12, 30), 3_333),
        (date(2027, 1, 30), 3_333),
    ]


def test_the_page_agrees_shows_and_takes_back(house: House, sam: Browser, invoice: Invoice) -> None:
    PaymentPromise.promise(invoice, FIRST, by=None, amount=3_334, wants_parts=True)
    form = sam.get(f"invoices/{invoice.uid}/parts/")
    assert ("2026-12-10" in form, 'value="33.34"' in form) == (True, True)
    given = {"once": str(invoice.uid), "day_1": "2026-12-10", "amount_1": "60", "day_2": "2027-01-10"}
    url = f"/{house.tenant.slug}/invoices/{invoice.uid}/parts/"
    answer = sam.client.post(url, given)
    assert (answer.status_code, "2027-01-10" in answer.content.decode()) == (422, True)
    sam.client.post(url, given | {"amount_2": "40"})
    page = sam.get(f"invoices/jobs/{house.job.number}/")
    assert all(text in page for text in ("In parts", "$60", "$40", "Agreed by Sam Service"))
    sam.client.post(f"{url}take-back/", {"version": Invoice.objects.get().form_version})
    assert InstalmentPlan.objects.get().state == "back"


def test_the_page_of_the_invoice_shows_the_parts_once(sam: Browser, plan: InstalmentPlan) -> None:
    page = sam.get(f"invoices/{plan.invoice.uid}/")
    assert all(text in page for text in ("In parts", "$60", "$40", "Other parts…"))
    assert "Into parts…" not in page


def test_other_parts_are_proposed_from_today_on(house: House, sam: Browser, invoice: Invoice) -> None:
    with clock.at(NOON - timedelta(days=30)):
        InstalmentPlan.agree(invoice, [(date(2026, 11, 1), 6_000), (date(2026, 11, 20), 4_000)], by=house.sam)
    form = sam.get(f"invoices/{invoice.uid}/parts/")
    assert all(text in form for text in ('value="2026-11-25"', 'value="60"', 'value="2026-11-26"', 'value="40"'))


def test_a_rep_agrees_on_nothing(rita: Browser, invoice: Invoice) -> None:
    rita.get(f"invoices/{invoice.uid}/parts/", status=404)
