"""Pages and dialogs of billing, as each role sees them."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.dunning.page_steps import reminder_steps
from billing.invoices.aging import aging_texts
from billing.invoices.aging_tiles import aging_tiles
from billing.invoices.plan_invoices import bill_part, usual_parts
from billing.models import BillingTerms, Invoice, LineDraft, Payment, PaymentPlan, PaymentPromise, Refund, terms_of
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Brand
from crm.web.reader import Reader
from tests.billing.conftest import NOON, recorded
from tests.cast import House
from tests.followups.conftest import Browser

ONCE = {"once": str(uuid4())}


def jobs(job: Job, page: str = "") -> str:
    return f"invoices/jobs/{job.number}/{page}"


def version_on(who: Browser, page: str) -> str:
    """The version that the forms of a page carry."""
    found = re.search(r'name="version" value="([^"]+)"', who.get(page))
    assert found
    return found[1]


@pytest.fixture
def late(bill: Callable[..., Invoice]) -> Invoice:
    with clock.at(NOON - timedelta(days=20)):
        return bill(912_000, days=5)


def test_the_list_shows_what_is_owed_and_how_late(house: House, rita: Browser, late: Invoice) -> None:
    page = rita.get("invoices/")
    assert late.number in page
    assert "15 days late" in page
    assert "$9,120" in page


def test_every_figure_opens_what_it_counts(
    house: House, rita: Browser, late: Invoice, bill: Callable[..., Invoice]
) -> None:
    fresh = bill(10_000)
    texts = aging_texts(house.rita, Reader.of(house.rita, NOON))
    assert (texts["aging-due"], texts["aging-due-count"]) == ("$100", "1 invoice")
    assert (texts["aging-month"], texts["aging-month-count"]) == ("$9,120", "1 invoice")
    assert texts["aging-week"] == "–"
    assert "$9,120" in rita.get("invoices/counts/")
    tiles = {tile.key: tile for tile in aging_tiles("invoices/")}
    opened = rita.get(tiles["month"].url)
    assert late.number in opened
    assert fresh.number not in opened


def test_the_money_of_a_job_is_on_one_page(
    house: House, mona: Browser, job: Job, late: Invoice, pay: Callable[..., Payment]
) -> None:
    pay(500_000, method="cash")
    PaymentPromise.promise(late, (NOON + timedelta(days=3)).date(), by=house.rita, words="After payday")
    Refund.request(late, 35_000, "set_off", "The tar stain", by=house.sam)
    page = mona.get(jobs(job))
    for text in ("$4,120", "After payday", "The tar stain", "Yes, $350", "Paused until the promised day"):
        assert text in page, text


def test_reminders_of_many_bills_are_read_at_once(house: House, bill: Callable[..., Invoice]) -> None:
    bills = [bill(100, days=1) for _count in range(4)]
    counts = []
    with clock.at(NOON + timedelta(days=3)):
        reader = Reader.of(house.mona, clock.now())
        reminder_steps(bills, reader)
        for some in (bills[:1], bills):
            with CaptureQueriesContext(connection) as captured:
                assert len(reminder_steps(some, reader)) == len(some)
            counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_payment_is_recorded_once(house: House, sam: Browser, job: Job, late: Invoice) -> None:
    typed = {"amount": "$5,000", "method": "check", "day": "2026-11-24", "details": "No. 77", "invoice": "", **ONCE}
    for _time in range(2):
        sam.post(jobs(job, "payment/"), typed)
    payment = Payment.objects.get()
    late.refresh_from_db()
    assert (payment.amount, payment.method, late.open) == (500_000, "check", 412_000)


@pytest.mark.parametrize("typed", [{"amount": "many"}, {"amount": "€5"}, {"day": "2026-11-30"}, {"method": "gold"}])
def test_a_payment_that_can_not_be_read_is_refused(
    house: House, sam: Browser, job: Job, late: Invoice, typed: dict[str, str]
) -> None:
    given = {"amount": "5", "method": "cash", "day": "2026-11-24", **ONCE} | typed
    sam.post(jobs(job, "payment/"), given, status=422)
    assert not Payment.objects.exists()


def test_a_part_and_something_else_are_billed(house: House, sam: Browser, job: Job) -> None:
    plan = PaymentPlan.agree(job, 1_000_000, usual_parts(300_000, 1_000_000), by=None)
    part = plan.parts.first()
    sam.post(jobs(job, "bill/"), {"what": f"part-{part.pk}", "days": "7", "once": str(uuid4())})
    own = {"what": "own", "title": "Change order 2", "amount": "440", "rate": "7.5", "days": "14", "once": str(uuid4())}
    for _time in range(2):
        sam.post(jobs(job, "bill/"), own)
    assert list(Invoice.objects.order_by("pk").values_list("total", "state")) == [
        (300_000, "issued"),
        (47_300, "issued"),
    ]
    sam.post(jobs(job, "bill/"), own | {"title": ""}, status=422)


def test_the_bar_is_as_wide_as_the_amounts_and_what_is_not_billed(
    house: House, sam: Browser, job: Job, bill: Callable[..., Invoice], pay: Callable[..., Payment]
) -> None:
    plan = PaymentPlan.agree(job, 1_000_000, usual_parts(300_000, 1_000_000), by=None)
    bill_part(plan.parts.first(), by=None)
    pay(16_500, method="cash")
    page = sam.get(jobs(job))
    for text in ('<li class="t3 u0">', "is-cash t0 u6", "is-open t9 u5", "not billed yet", "$7,000 left to bill"):
        assert text in page, text


def test_an_invoice_is_credited(house: House, mona: Browser, job: Job, late: Invoice) -> None:
    typed = {"invoice": str(late.uid), "amount": "420", "reason": "Gutter not fitted", **ONCE}
    mona.post(jobs(job, "credit/"), typed)
    late.refresh_from_db()
    assert late.open == 870_000
    mona.post(jobs(job, "credit/"), typed | {"amount": "99999", "once": str(uuid4())}, status=422)


def test_two_people_give_something_back(house: House, sam: Browser, mona: Browser, job: Job, late: Invoice) -> None:
    typed = {"invoice": str(late.uid), "amount": "350", "means": "set_off", "reason": "Stain", **ONCE}
    for _time in range(2):
        sam.post(jobs(job, "refund/"), typed)
    refund = Refund.objects.get()
    sam.post(f"invoices/refunds/{refund.uid}/approve/", {"version": refund.form_version}, status=404)
    mona.post(f"invoices/refunds/{refund.uid}/approve/", {"version": refund.form_version, "amount": "€300"})
    assert Refund.objects.get().state == "requested"
    mona.post(f"invoices/refunds/{refund.uid}/approve/", {"version": refund.form_version, "amount": "300"})
    refund.refresh_from_db()
    assert (refund.state, refund.amount) == ("done", 30_000)


def test_a_refund_is_refused_with_a_reason(house: House, mona: Browser, late: Invoice) -> None:
    refund = Refund.request(late, 5_000, "set_off", "Stain", by=house.sam)
    mona.post(f"invoices/refunds/{refund.uid}/refuse/", {"why": "", **ONCE}, status=422)
    mona.post(f"invoices/refunds/{refund.uid}/refuse/", {"why": "Not us", **ONCE})
    refund.refresh_from_db()
    assert refund.refusal == "Not us"


def test_a_draft_is_issued_or_deleted_on_its_page(house: House, sam: Browser, job: Job) -> None:
    drafts = [Invoice.draft(job, "final", name, [LineDraft("x", 500)], by=None) for name in ("A", "B")]
    for row, verb in zip(drafts, ("issue", "discard"), strict=True):
        sam.post(f"invoices/{row.uid}/{verb}/", {"version": row.form_version})
    assert list(Invoice.objects.values_list("title", "state")) == [("A", "issued")]
    sam.post(f"invoices/{drafts[0].uid}/discard/", {"version": "9"}, status=409)
    assert "INV-2026-0001" in sam.get(f"invoices/{drafts[0].uid}/")


def test_a_promise_and_a_dispute_are_noted(house: House, sam: Browser, late: Invoice) -> None:
    sam.post(f"invoices/{late.uid}/promise/", {"until": "2026-11-28", "amount": "", "words": "Soon", **ONCE})
    sam.post(f"invoices/{late.uid}/promise/", {"until": "2026-11-02", **ONCE}, status=422)
    sam.post(f"invoices/{late.uid}/dispute/", {"words": "It leaks", **ONCE})
    late.refresh_from_db()
    assert (PaymentPromise.objects.get().amount, late.dispute_words) == (912_000, "It leaks")
    sam.post(f"invoices/{late.uid}/settle/", {"version": late.form_version})
    assert recorded("invoice.dispute_settled") == 1


def test_a_payment_is_reversed(house: House, sam: Browser, late: Invoice, pay: Callable[..., Payment]) -> None:
    payment = pay(912_000, method="check")
    sam.post(f"invoices/payments/{payment.uid}/reverse/", {"why": "Bounced", **ONCE})
    late.refresh_from_db()
    assert late.open == 912_000


def test_the_books_are_the_managers(house: House, rita: Browser, mona: Browser, job: Job, late: Invoice) -> None:
    assert "Trial balance in USD" in mona.get("invoices/books/")
    assert "receivables" in mona.get("invoices/books/ledger.csv").lower()
    assert late.number in mona.get(jobs(job, "account.csv"))
    rita.get("invoices/books/", status=404)


def test_a_rep_sees_the_money_of_their_own_jobs_only(house: House, rita: Browser, job: Job, late: Invoice) -> None:
    assert late.number in rita.get(jobs(job))
    assert late.number in rita.get(jobs(job, "panel/"), htmx=True)
    Job.objects.filter(pk=job.pk).update(member=house.mona)
    rita.get(jobs(job), status=404)
    rita.get(f"invoices/{late.uid}/", status=404)
    assert late.number not in rita.get("invoices/")


def test_the_terms_of_a_brand_are_set(house: House, mona: Browser) -> None:
    brand = Brand.objects.get()
    typed = {"brand": str(brand.uid), "version": version_on(mona, "invoices/terms/")}
    own = {"due_days": "30", "service_gate": "all", "iban": "NL91ABNA0417164300"}
    mona.post("invoices/terms/set/", typed | {f"b{brand.pk}-{name}": value for name, value in own.items()})
    row = BillingTerms.objects.get()
    assert (row.due_days, row.service_gate, row.iban) == (30, "all", "NL91ABNA0417164300")


def test_refused_terms_show_the_usual_prefixes_and_change_nothing(house: House, mona: Browser) -> None:
    brand = Brand.objects.get()
    BillingTerms.set_for(brand, by=house.mona, iban="NL91ABNA0417164300")
    page = mona.get("invoices/terms/")
    assert ('placeholder="INV"' in page, 'placeholder="CN"' in page) == (True, True)
    typed = {"brand": str(brand.uid), "version": version_on(mona, "invoices/terms/"), f"b{brand.pk}-bic": "ABNANL2A"}
    mona.post("invoices/terms/set/", typed | {f"b{brand.pk}-due_days": "900"}, status=422)
    assert (terms_of(brand.pk).bic, terms_of(brand.pk).iban) == ("", "NL91ABNA0417164300")


def test_the_days_of_reminders_are_set(house: House, mona: Browser) -> None:
    typed = {"version": version_on(mona, "invoices/reminders/"), "mail": "2", "text": "", "call": "9", "manager": "x"}
    mona.post("invoices/reminders/set/", typed, status=422)
    mona.post("invoices/reminders/set/", typed | {"manager": "12"})
    assert recorded("dunning_step.set") == 4


@pytest.mark.parametrize(("paid", "share"), [(2_999, "30%"), (9_999, "99%"), (10_000, "100%")])
def test_the_share_that_came_in_is_rounded_and_whole_only_if_all_is_paid(
    job: Job, sam: Browser, bill: Callable[..., Invoice], pay: Callable[..., Payment], paid: int, share: str
) -> None:
    bill(10_000)
    pay(paid)
    assert f"{share}, last today" in sam.get(jobs(job))
