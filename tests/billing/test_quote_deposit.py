"""What is billed when a customer accepts a quote: the plan of payments, and its deposit invoice."""

import pytest

from billing.invoices.quote_deposit import bill_accepted, find_deposit, gross_by_rate
from billing.models import Invoice, PaymentPlan
from crm.platform.models import Event
from quotes.models import Quote, QuoteAcceptance
from tests.cast import House
from tests.quotes.offers import add_line, choice_of, signature_of


@pytest.fixture
def accepted(house: House) -> Quote:
    """Tiles for $1,000 with 20 % of tax and labor for $500 without; Cora has taken the gutters off."""
    quote = Quote.create(house.job, by=house.rita, title="Your new roof")
    quote.add_option("Good", by=house.rita)
    add_line(quote, house, "Tiles", 100_000, tax_rate_ppm=200_000)
    add_line(quote, house, "Labor", 50_000)
    add_line(quote, house, "Gutters", 20_000, is_optional=True, tax_rate_ppm=200_000)
    quote.send(by=house.rita)
    quote.accept(choice_of(quote, "Gutters", option="Good"), signature_of(house.cora))
    return quote


def test_the_deposit_is_billed_once(house: House, accepted: Quote) -> None:
    events = list(Event.objects.filter(kind="quote.accepted"))
    for _time in range(2):
        bill_accepted(events)
    plan = PaymentPlan.objects.get()
    deposit = find_deposit(accepted)
    assert deposit == Invoice.objects.get()
    assert (plan.agreed, deposit.total, deposit.kind) == (170_000, 51_000, "deposit")
    assert [(one["rate"], one["net"] + one["tax"]) for one in deposit.taxes] == [(0, 15_000), (200_000, 36_000)]


def test_its_parts_are_named_in_the_customers_language(house: House, accepted: Quote) -> None:
    house.cora.choose_language("nl", by=house.rita)
    bill_accepted(list(Event.objects.filter(kind="quote.accepted")))
    assert PaymentPlan.objects.get().parts.order_by("position").first().name == "Aanbetaling"


def test_the_total_is_divided_by_rate_without_what_was_taken_off(accepted: Quote) -> None:
    assert gross_by_rate(QuoteAcceptance.objects.get()) == {"0": 50_000, "200000": 120_000}


def test_an_invoice_of_a_part_says_why_there_is_no_tax(house: House) -> None:
    quote = Quote.create(house.job, by=house.rita, title="Chargers")
    quote.add_option("Good", by=house.rita)
    add_line(quote, house, "Chargers", 100_000, tax_treatment="reverse")
    quote.send(by=house.rita)
    quote.accept(choice_of(quote, option="Good"), signature_of(house.cora))
    bill_accepted(list(Event.objects.filter(kind="quote.accepted")))
    assert {(line.tax_rate, line.tax_code) for line in find_deposit(quote).lines.all()} == {(0, "reverse")}
