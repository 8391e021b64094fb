"""A quote's whole way to the money: in currencies without and with three minor units, taxes by line or by total."""

import io
from collections.abc import Callable
from typing import NamedTuple

import pytest
from pypdf import PdfReader

from billing.models import Invoice, LedgerLine, Payment, PaymentAttempt
from billing.paper.account_content import receipt_paper
from billing.paper.invoice_file import invoice_file
from billing.paper.pdf import render_account
from crm.jobs.models import Job
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from quotes.models import Quote, QuoteAcceptance, QuoteTerms
from quotes.paper.pdf import render_quote
from quotes.paper.quote_content import accepted_paper
from tests.billing.providers.conftest import connect, start
from tests.billing.providers.test_demo import play
from tests.billing.test_dunning import deliver
from tests.cast import House
from tests.quotes.offers import add_line, choice_of, signature_of

__all__ = ["connect", "start"]


class Case(NamedTuple):
    """Three lines at a price each with 10 % of tax, of which 30 % are paid at once."""

    country: str
    currency: str
    rounding: str
    price: int
    total: int
    deposit: int
    written: tuple[str, str]


# Of 333 the tax is 33.3: of three lines 99, of their sum 99.9, so 100.
CASES = [
    Case("US", "JPY", "line", 333, 1_098, 329, ("¥1,098", "¥329")),
    Case("US", "JPY", "total", 333, 1_099, 330, ("¥1,099", "¥330")),
    Case("US", "KWD", "line", 100_333, 331_098, 99_329, ("KWD 331.098", "KWD 99.329")),
    Case("US", "KWD", "total", 100_333, 331_099, 99_330, ("KWD 331.099", "KWD 99.330")),
    Case("US", "USD", "total", 33_333, 109_999, 33_000, ("$1,099.99", "$330")),
]


@pytest.fixture(params=CASES, ids=lambda case: f"{case.currency}-{case.rounding}")
def case(request: pytest.FixtureRequest) -> Case:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def accepted(case: Case, house: House, job: Job) -> QuoteAcceptance:
    brand: Brand = directory().brands[job.brand_id]
    brand.edit(by=house.ada, currency=case.currency)
    job.refresh_from_db()
    QuoteTerms.set_terms(brand, by=house.ada, tax_mode="added", tax_rounding=case.rounding, deposit_ppm=300_000)
    quote = Quote.create(job, by=house.rita, title="Your new roof")
    quote.add_option("Good", by=house.rita)
    for name in ("Tiles", "Labor", "Gutters"):
        add_line(quote, house, name, case.price, tax_rate_ppm=100_000, tax_name="VAT")
    quote.send(by=house.rita)
    return quote.accept(choice_of(quote, option="Good"), signature_of(house.cora))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\xa0", " ")


def test_from_the_signature_to_the_receipt(
    case: Case,
    accepted: QuoteAcceptance,
    connect: Callable[..., object],
    start: Callable[..., PaymentAttempt],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    assert (accepted.total, accepted.deposit) == (case.total, case.deposit)
    assert case.written[0] in text_of(render_quote(accepted_paper(accepted)))

    deliver()
    invoice = Invoice.objects.get()
    assert (invoice.total, invoice.currency) == (case.deposit, case.currency)
    assert case.written[1] in text_of(invoice_file(invoice).content)

    connect("demo")
    play(attempt := start(invoice), "pay", django_capture_on_commit_callbacks)
    deliver()
    invoice.refresh_from_db()
    payment = Payment.objects.get()
    assert (attempt.state, invoice.state, payment.amount, payment.currency) == (
        *("paid", "paid", case.deposit),
        case.currency,
    )
    assert case.written[1] in text_of(render_account(receipt_paper(payment)))


def test_the_parts_of_the_plan_are_what_was_signed(case: Case, accepted: QuoteAcceptance, job: Job) -> None:
    deliver()
    parts = list(job.payment_plan.parts.values_list("amount", flat=True))
    assert (sum(parts), parts[0]) == (case.total, case.deposit)
    sums = LedgerLine.objects.values_list("amount", "currency")
    assert (sum(amount for amount, _currency in sums), {currency for _amount, currency in sums}) == (0, {case.currency})
