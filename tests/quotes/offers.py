"""A quote to test with, and what a customer does with it."""

from typing import Any

from crm.people.models import Person
from quotes.models import Quote, VersionContent
from quotes.models.acceptance import CustomerSignature, OfferChoice
from tests.cast import House


def write_quote(house: House) -> Quote:
    """A draft with two options, one line of each, and an optional one in both."""
    quote = Quote.create(house.job, by=house.rita, title="Your new roof")
    good = quote.add_option("Good", by=house.rita)
    better = quote.add_option("Better", by=house.rita, proposed=True)
    add_line(quote, house, "Shingles, 25 years", 100_000, option=good)
    add_line(quote, house, "Shingles, 30 years", 150_000, option=better)
    add_line(quote, house, "Gutters", 20_000, is_optional=True)
    return quote


def add_line(quote: Quote, house: House, name: str, price: int, **columns: Any) -> int:
    values = {"unit_price": price, "unit_cost": price // 2} | columns
    return int(quote.add_line(name=name, by=house.rita, **values).pk)


def content_of(quote: Quote) -> VersionContent:
    return VersionContent(quote.newest_version())


def line_of(quote: Quote, name: str) -> int:
    return next(line.pk for line in content_of(quote).lines if line.name == name)


def choice_of(quote: Quote, *unticked: str, option: str = "Better") -> OfferChoice:
    """What a customer has on their screen after choosing."""
    content = VersionContent(quote.shown_version())
    option_id = next(one.pk for one in content.options if one.name == option)
    lines = frozenset(line.pk for line in content.lines if line.name in unticked)
    return OfferChoice(content.version.number, option_id, lines, content.choice_hash(option_id, lines))


def signature_of(person: Person, **changes: Any) -> CustomerSignature:
    values = {"name": person.name, "method": "typed", "consent": "I agree to sign electronically.", "has_code": True}
    return CustomerSignature(person=person, **(values | changes))
