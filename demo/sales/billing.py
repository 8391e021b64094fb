"""Create the demo's money: plans, invoices, payments, a late part with its reminders, a promise, a refund, instalments.

Written by the verbs, at the times they were used, on jobs that are sold. The events are there; their subscribers are
not asked: nobody is told now what happened weeks ago.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import override

from billing.dunning.ladder_steps import schedule_first
from billing.invoices.plan_invoices import bill_part, draft_part, usual_parts
from billing.invoices.quote_deposit import deposit_origin, gross_by_rate
from billing.ledger.books_health import check_books
from billing.models import (
    BillingTerms,
    DunningAct,
    FoundBy,
    InstalmentPlan,
    Invoice,
    PaymentPlan,
    PaymentPromise,
    Refund,
    credit_invoice,
    use_payment,
)
from billing.models.invoice import DUNNING
from billing.models.payment import Payment
from billing.models.payment_plan import tax_key
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.amounts import split
from crm.platform.models import Member, Role, Undispatched
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from demo.sales.accounting import create_accounting
from demo.sales.bank import upload_statement
from demo.sales.commissions import create_commissions
from quotes.models import QuoteAcceptance

DAY = timedelta(days=1)
FOUND_BY = {
    "card": FoundBy.ITSELF,
    "ideal": FoundBy.ITSELF,
    "bank": FoundBy.REFERENCE,
    "cash": FoundBy.PERSON,
    "check": FoundBy.PERSON,
}
MOST = 16
# Days ago the plan of a job was agreed on.
AGREED = 45


class MoneyTexts(NamedTuple):
    """What the demo says in a language."""

    gutter: str
    stain: str
    promised: str
    dispute: str


TEXTS = {
    "en": MoneyTexts(
        "30 feet of gutter not fitted",
        "We left a tar stain on the driveway and could not wash it out.",
        "My sister’s transfer lands on Thursday",
        "The gutter over the garage still leaks.",
    ),
    "nl": MoneyTexts(
        "Kabelgoot in de garage niet geplaatst",
        "We hebben een vlek op de oprit gemaakt die er niet meer uitging.",
        "Mijn salaris komt donderdag binnen",
        "De laadpaal schakelt nog steeds uit.",
    ),
}
TERMS = {
    "US": {"account": "Routing 063100277, account 000 4471 982", "bank_name": "Bay Coast Bank", "city": "Tampa, FL"},
    "NL": {
        "iban": "NL91ABNA0417164300",
        "bic": "ABNANL2A",
        "bank_name": "ABN AMRO",
        "vat_number": "NL854502130B01",
        "register_number": "61234567",
        "street": "Europalaan 100",
        "postcode": "3526 KS",
        "city": "Utrecht",
    },
    "BE": {"iban": "BE68539007547034", "bic": "KREDBEBB", "bank_name": "KBC", "vat_number": "BE0403170701"},
}


def create_billing(now: datetime) -> None:
    """Create it inside the tenant, after its service."""
    here = directory()
    before = Undispatched.objects.filter(tenant=here.tenant).order_by("-pk").values_list("pk", flat=True).first() or 0
    for brand in here.brands.values():
        BillingTerms.set_for(brand, by=None, legal_name=brand.name, **TERMS.get(brand.country, {}))
    texts = TEXTS.get(here.tenant.language, TEXTS["en"])
    with override(here.tenant.language):
        for place, job in enumerate(_sold_jobs()):
            story = _STORIES[place % len(_STORIES)]
            story(JobBooks(job, now, texts, agreed=_OLDER.get(story, AGREED)))
        upload_statement(now, by=_first(list(here.members.values()), Role.SERVICE))
    for invoice in Invoice.objects.unpaid().filter(dunning=None):
        schedule_first(invoice)
    manager = _first(list(here.members.values()), Role.MANAGER)
    create_commissions(by=manager)
    create_accounting(by=manager)
    check_books([0])
    # Nobody is thanked, told or reminded now for what happened weeks ago.
    Undispatched.objects.filter(tenant=here.tenant, pk__gt=before).delete()


def _sold_jobs() -> list[Job]:
    setup = pipeline_setup()
    sold = [stage.pk for stage in setup.stages.values() if setup.is_sold(stage.pk)]
    jobs = Job.objects.open().filter(stage_id__in=sold, value__gt=100_000, person__isnull=False)
    return list(jobs.select_related("person", "brand", "member").order_by("number")[:MOST])


class JobBooks:
    """A job and the members who bill it, with the acts of the stories."""

    def __init__(self, job: Job, now: datetime, texts: MoneyTexts, *, agreed: int) -> None:
        self.job = job
        self.now = now
        self.texts = texts
        members = sorted(directory().members.values(), key=lambda one: one.pk)
        self.biller = _first(members, Role.SERVICE)
        self.manager = _first(members, Role.MANAGER)
        self.deposit_origin = ""
        accepted = QuoteAcceptance.objects.filter(quote__job=job).select_related("quote", "version__quote").first()
        if accepted:
            total = accepted.total
            rates = gross_by_rate(accepted)
            self.deposit_origin = deposit_origin(accepted.quote)
        else:
            total = int(job.value or 0)
            rates = _rates(job, total)
        with clock.at(now - agreed * DAY):
            parts = usual_parts(total * 3 // 10, total)
            self.plan = PaymentPlan.agree(job, total, parts, by=None, rates=rates)
        self.parts = list(self.plan.parts.all())

    def bill(self, part: int, days_ago: int) -> Invoice:
        """Issue the invoice of a part, so many days ago."""
        with clock.at(self.now - days_ago * DAY):
            # The customer's page of a quote finds its deposit by the origin.
            origin = "" if part else self.deposit_origin
            invoice = bill_part(self.parts[part], by=self.biller, origin=origin)
            Invoice.objects.filter(pk=invoice.pk).update(sent_at=clock.now())
        return invoice

    def pay(self, invoice: Invoice, amount: int, days_ago: int, method: str, details: str, fee: int = 0) -> Payment:
        """Receive a payment for an invoice, so many days ago."""
        with clock.at(self.now - days_ago * DAY):
            invoice.refresh_from_db()
            payment, _is_new = Payment.receive(
                "demo",
                f"{self.job.number}-{invoice.pk}-{days_ago}",
                amount=amount,
                currency=invoice.currency,
                method=method,
                brand=self.job.brand,
                job=self.job,
                fee=fee,
                details=details,
            )
            use_payment(payment, invoice, by=None, found_by=FOUND_BY[method])
        return payment

    def remind(self, invoice: Invoice, kinds: dict[str, int]) -> None:
        """Note the reminders that were given; the next comes tomorrow."""
        assert invoice.due_at is not None
        for kind, days in kinds.items():
            DunningAct.objects.create(invoice=invoice, kind=kind, days=days, at=invoice.due_at + days * DAY)
        due.schedule(DUNNING, invoice.pk, self.now + DAY)


def _first(members: list[Member], role: str) -> Member:
    return next(one for one in members if one.active and one.role == role)


def _rates(job: Job, total: int) -> dict[str, int]:
    """Return the tax rates of the total: VAT in the Netherlands and Belgium, none on a roof in Florida."""
    if job.brand.country in ("NL", "BE"):
        return {tax_key(210_000): total}
    return {tax_key(0): total}


def _pay_in_parts(books: JobBooks) -> None:
    """As in the design: a paid deposit, a late part with a promise and a refund that waits, the last one credited."""
    deposit = books.bill(0, 44)
    books.pay(deposit, deposit.total, 44, "card", "Visa 1177", fee=deposit.total * 29 // 1000)
    begun = books.bill(1, 36)
    books.pay(begun, begun.total // 2, 27, "bank", f"{begun.number} 1")
    books.pay(begun, 50_000, 18, "cash", "R-77")
    done = books.bill(2, 3)
    with clock.at(books.now - DAY):
        credit_invoice(done, min(42_000, done.total // 4), books.texts.gutter, by=books.biller)
    books.remind(begun, {"mail": 3, "text": 7, "call": 10, "manager": 14})
    begun.refresh_from_db()
    if not begun.is_owed:
        return
    with clock.at(books.now - DAY):
        day = (books.now + 3 * DAY).astimezone(directory().zone).date()
        PaymentPromise.promise(begun, day, by=books.manager, words=books.texts.promised)
        Refund.request(begun, min(35_000, begun.open), "set_off", books.texts.stain, by=books.biller)


def _pay_all(books: JobBooks) -> None:
    for part, days_ago in enumerate((44, 24, 9)):
        invoice = books.bill(part, days_ago)
        books.pay(invoice, invoice.total, days_ago - 2, "bank", invoice.number)


def _pay_deposit(books: JobBooks) -> None:
    deposit = books.bill(0, 12)
    books.pay(deposit, deposit.total, 12, "ideal" if books.job.brand.country == "NL" else "card", "")


def _finish(books: JobBooks) -> None:
    """The work is done: the draft of the last invoice waits to be issued."""
    for part, days_ago in enumerate((30, 12)):
        invoice = books.bill(part, days_ago)
        books.pay(invoice, invoice.total, days_ago - 1, "bank", invoice.number)
    with clock.at(books.now - DAY):
        draft_part(books.parts[2], by=books.biller)


def _wait_for_deposit(books: JobBooks) -> None:
    deposit = books.bill(0, 4)
    books.remind(deposit, {"mail": 3})


def _dispute_part(books: JobBooks) -> None:
    deposit = books.bill(0, 40)
    books.pay(deposit, deposit.total, 39, "check", "No. 2214")
    begun = books.bill(1, 30)
    with clock.at(books.now - 6 * DAY):
        begun.dispute(books.texts.dispute, by=books.biller)


def _leave_unpaid(books: JobBooks) -> None:
    """A part that is late for more than two months, after all reminders."""
    deposit = books.bill(0, 104)
    books.pay(deposit, deposit.total, 100, "bank", deposit.number)
    books.remind(books.bill(1, 89), {"mail": 3, "text": 7, "call": 10, "manager": 14})


def _leave_for_months(books: JobBooks) -> None:
    """A part that is late for more than three months; some of it was paid."""
    deposit = books.bill(0, 140)
    books.pay(deposit, deposit.total, 139, "bank", deposit.number)
    begun = books.bill(1, 125)
    books.pay(begun, begun.total // 3, 90, "bank", begun.number)
    books.remind(begun, {"mail": 3, "text": 7, "call": 10, "manager": 14})


def _pay_instalments(books: JobBooks) -> None:
    """A part in three instalments: one is paid, one is late and was reminded, one comes next month."""
    deposit = books.bill(0, 60)
    books.pay(deposit, deposit.total, 59, "bank", deposit.number)
    begun = books.bill(1, 50)
    zone = directory().zone
    days = [(books.now + offset * DAY).astimezone(zone).date() for offset in (-26, -4, 26)]
    with clock.at(books.now - 30 * DAY):
        amounts = split(begun.open, [1] * len(days))
        plan = InstalmentPlan.agree(begun, list(zip(days, amounts, strict=True)), by=books.manager)
    books.pay(begun, amounts[0], 27, "bank", f"{begun.number} 1/3")
    late = plan.instalments.all()[1]
    with clock.at(books.now - DAY):
        DunningAct.objects.create(invoice=begun, kind="mail", days=3, instalment=late)
    due.schedule(DUNNING, begun.pk, books.now + 3 * DAY)


_STORIES: tuple[Callable[[JobBooks], None], ...] = (
    *(_pay_in_parts, _pay_all, _pay_deposit),
    *(_wait_for_deposit, _dispute_part, _finish),
    *(_leave_unpaid, _leave_for_months, _pay_instalments),
)
_OLDER: dict[Callable[[JobBooks], None], int] = {_leave_unpaid: 105, _leave_for_months: 141, _pay_instalments: 61}
