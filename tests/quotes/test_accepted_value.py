"""The value of a job is what the customer accepted, without tax; until a person enters another, or it is returned."""

from typing import Any

import pytest

from crm.jobs.correction import appraise
from crm.jobs.models import Job
from crm.platform.models import Event
from leads.models import Lead
from quotes.figures.said_price import note_said_price
from quotes.models import AcceptedValue, Quote, QuoteTerms
from tests.cast import House
from tests.quotes.offers import choice_of, content_of, signature_of, write_quote

BEFORE = 90_000


@pytest.fixture(autouse=True)
def worth(house: House) -> None:
    Job.objects.filter(pk=house.job.pk).update(value=BEFORE)


@pytest.fixture
def reviewed(house: House) -> None:
    QuoteTerms.set_terms(house.job.brand, by=house.ada, review_when="always")


def value_of(house: House) -> int | None:
    return Job.objects.get(pk=house.job.pk).value


def accept(quote: Quote, house: House, option: str = "Better") -> None:
    quote.accept(choice_of(quote, option=option), signature_of(house.cora))


def another(house: House) -> Quote:
    quote = write_quote(house)
    quote.send(by=house.rita)
    return quote


def test_it_is_what_was_accepted_without_tax(quote: Quote, house: House) -> None:
    content_of(quote).version.lines.update(tax_rate_ppm=75_000)
    quote.send(by=house.rita)
    accept(quote, house)
    assert (quote.total, value_of(house)) == (182_750, 170_000)
    event = Event.objects.get(kind="job.corrected")
    assert (event.data, event.actor_id) == ({"fields": ["value"], "cause": "quote.accepted"}, None)


def test_of_two_quotes_it_is_both(sent: Quote, house: House) -> None:
    accept(sent, house)
    accept(another(house), house, "Good")
    assert value_of(house) == 170_000 + 120_000


def test_a_quote_in_another_currency_leaves_it(sent: Quote, house: House) -> None:
    Quote.objects.filter(pk=sent.pk).update(currency="EUR")
    sent.refresh_from_db()
    accept(sent, house)
    assert (value_of(house), AcceptedValue.objects.count()) == (BEFORE, 0)


@pytest.mark.usefixtures("reviewed")
def test_a_returned_contract_puts_it_back(sent: Quote, house: House) -> None:
    accept(sent, house)
    assert value_of(house) == 170_000
    for _time in range(2):
        sent.return_contract("More boards", by=house.mona)
    assert (value_of(house), AcceptedValue.objects.count()) == (BEFORE, 0)


@pytest.mark.usefixtures("reviewed")
def test_what_is_still_accepted_stays_in_it(sent: Quote, house: House) -> None:
    second = another(house)
    accept(sent, house)
    accept(second, house, "Good")
    sent.return_contract("More boards", by=house.mona)
    assert value_of(house) == 120_000
    second.return_contract("More boards", by=house.mona)
    assert value_of(house) == BEFORE


@pytest.mark.usefixtures("reviewed")
def test_a_value_that_was_entered_afterwards_stays(sent: Quote, house: House) -> None:
    accept(sent, house)
    appraise(house.job, 200_000, by=house.rita)
    sent.return_contract("More boards", by=house.mona)
    assert value_of(house) == 200_000


@pytest.mark.usefixtures("reviewed")
def test_signed_again_it_is_the_new_version(sent: Quote, house: House) -> None:
    accept(sent, house)
    sent.return_contract("More boards", by=house.mona)
    sent.send(by=house.rita)
    accept(sent, house, "Good")
    assert value_of(house) == 120_000


@pytest.mark.usefixtures("reviewed")
@pytest.mark.parametrize(
    ("typed", "later", "price"), [(None, None, None), (55_000, None, 55_000), (None, 66_000, 66_000)]
)
def test_the_price_that_was_said_is_put_back_too(
    sent: Quote, house: House, typed: int | None, later: int | None, price: int | None
) -> None:
    def note(kind: str) -> Any:
        note_said_price(list(Event.objects.filter(kind=kind)))
        return Lead.objects.get(pk=house.job.pk)

    lead = Lead.objects.get(pk=house.job.pk)
    if typed:
        lead.estimate(by=house.rita, quoted_value=typed)
    accept(sent, house)
    assert note("quote.accepted").quoted_value == 170_000
    if later:
        lead.estimate(by=house.rita, quoted_value=later)
    sent.return_contract("More boards", by=house.mona)
    for _time in range(2):
        assert note("quote.contract_returned").quoted_value == price
