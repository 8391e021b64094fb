"""Which tax a sale bears: the most specific rate of the place, reverse charge, export."""

from datetime import date
from typing import Any

import pytest

from crm.kernel.refusal import Refused
from crm.people.models import Company, Person, Property
from crm.platform.models import Event
from quotes.taxes.models import TaxClass, TaxClassKind, TaxNumber, TaxRate
from quotes.taxes.models.tax_number import parse_tax_number, set_tax_number, tax_number_of
from quotes.taxes.treatment import INVOICE_CODES, LineTax, TaxPlace, TaxTreatment, rate_for
from tests.cast import House

DAY = date(2026, 5, 1)
# Numbers with right check digits, made up.
DUTCH, GERMAN, GREEK = "NL004495445B01", "DE136695976", "EL094259216"


@pytest.fixture
def goods(house: House) -> TaxClass:
    return TaxClass.add("Materials", by=house.ada)


def add_rate(goods: TaxClass, rate: int, name: str, country: str = "US", from_day: date = DAY, **place: Any) -> None:
    TaxRate.set_rate(goods, rate_ppm=rate, name=name, country=country, from_day=from_day, by=None, **place)


@pytest.fixture
def florida(goods: TaxClass) -> TaxClass:
    add_rate(goods, 60_000, "Florida", region="FL")
    add_rate(goods, 75_000, "Hillsborough", region="FL", postcodes=["335", "336"])
    add_rate(goods, 70_000, "Plant City", region="FL", city="Plant City")
    add_rate(goods, 80_000, "Downtown", region="FL", postcodes=["33602"])
    return goods


@pytest.mark.parametrize(
    ("city", "postcode", "name"),
    [
        ("Miami", "33101", "Florida"),
        ("Tampa", "33609", "Hillsborough"),
        ("Tampa", "33602-1234", "Downtown"),
        ("plant city", "34000", "Plant City"),
        ("Miami", "", "Florida"),
    ],
)
def test_the_most_specific_rate_of_a_jurisdiction_holds(florida: TaxClass, city: str, postcode: str, name: str) -> None:
    assert rate_for(florida, TaxPlace("US", "US", "FL", city, postcode), DAY).name == name


def test_a_place_without_a_rate_is_unknown(florida: TaxClass) -> None:
    assert rate_for(florida, TaxPlace("US", "US", "GA"), DAY) == LineTax(0, "No rate", TaxTreatment.UNKNOWN)
    assert not rate_for(florida, TaxPlace("US", "US", "FL"), date(2026, 4, 30)).is_known


def test_a_rate_holds_from_its_day(goods: TaxClass) -> None:
    add_rate(goods, 190_000, "VAT", "NL", date(2001, 1, 1))
    add_rate(goods, 210_000, "VAT", "NL", date(2012, 10, 1))
    rates = [rate_for(goods, TaxPlace("NL", "NL"), day).rate_ppm for day in (date(2012, 9, 30), date(2012, 10, 1))]
    assert rates == [190_000, 210_000]


@pytest.mark.parametrize(
    ("place", "treatment", "rate"),
    [
        (TaxPlace("NL", "NL"), "standard", 210_000),
        (TaxPlace("NL", "NL", registered_in="NL"), "standard", 210_000),
        # The property decides, whoever owns it.
        (TaxPlace("NL", "NL", registered_in="DE"), "standard", 210_000),
        (TaxPlace("NL", "DE"), "standard", 190_000),
        (TaxPlace("NL", "DE", registered_in="NL"), "standard", 190_000),
        (TaxPlace("NL", "DE", registered_in="DE"), "reverse", 0),
        (TaxPlace("NL", "NL", has_property=False), "standard", 210_000),
        (TaxPlace("NL", "NL", has_property=False, registered_in="DE"), "reverse", 0),
        (TaxPlace("NL", "BE"), "unknown", 0),
        (TaxPlace("NL", "GB"), "export", 0),
        (TaxPlace("NL", "GB", registered_in="DE"), "export", 0),
        (TaxPlace("US", "DE", registered_in="DE"), "export", 0),
    ],
)
def test_value_added_tax_goes_by_the_property_and_the_customer(
    goods: TaxClass, place: TaxPlace, treatment: str, rate: int
) -> None:
    add_rate(goods, 210_000, "btw", "NL")
    add_rate(goods, 190_000, "MwSt", "DE")
    tax = rate_for(goods, place, DAY)
    assert (tax.treatment, tax.rate_ppm) == (treatment, rate)


@pytest.mark.parametrize("kind", [TaxClassKind.ZERO, TaxClassKind.EXEMPT])
def test_a_class_without_tax_is_so_everywhere(house: House, kind: TaxClassKind) -> None:
    tax_class = TaxClass.add("Insurance", kind=kind, by=house.ada)
    tax = rate_for(tax_class, TaxPlace("NL", "DE", registered_in="DE"), DAY)
    assert (tax.rate_ppm, tax.treatment.value) == (0, kind.value)


def test_every_known_treatment_has_a_code_of_invoices() -> None:
    assert {*TaxTreatment} - {*INVOICE_CODES} == {TaxTreatment.UNKNOWN}


def test_a_place_is_the_property_and_the_number_of_the_customer(house: House) -> None:
    set_tax_number(house.cora, GREEK, by=house.ada)
    site = Property.objects.create(street="1 Bay St", city="Tampa", region="florida", postcode="33602", country="US")
    assert TaxPlace.of("US", site, house.cora) == TaxPlace("US", "US", "FL", "Tampa", "33602", registered_in="GR")
    assert TaxPlace.of("NL", None, None) == TaxPlace("NL", "NL", has_property=False)


@pytest.mark.parametrize(
    ("text", "number"), [(DUTCH, (DUTCH, "NL")), ("de 136 695 976", (GERMAN, "DE")), (GREEK, (GREEK, "GR"))]
)
def test_a_number_is_read_in_any_spelling(text: str, number: tuple[str, str]) -> None:
    assert parse_tax_number(text) == number


@pytest.mark.parametrize("text", ["NL004495446B01", "136695976", "US123", "DE" + "1" * 100, "٣"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no VAT number"):
        parse_tax_number(text)


def test_a_number_is_set_once_replaced_and_deleted(house: House) -> None:
    for text in (DUTCH, DUTCH.lower(), GERMAN, " ", ""):
        set_tax_number(house.cora, text, by=house.ada)
    events = Event.objects.filter(kind="person.tax_number_set").order_by("pk").values_list("data__country", flat=True)
    assert list(events) == ["NL", "DE", ""]
    assert not TaxNumber.objects.exists()


def test_a_number_is_that_of_the_company(house: House) -> None:
    company = Company.objects.create(name="Lindqvist BV")
    colleague = Person.objects.create(name="Deborah", company=company)
    house.cora.company = company
    house.cora.save()
    set_tax_number(colleague, DUTCH, by=house.ada)
    set_tax_number(Person.objects.create(name="Somebody"), GERMAN, by=house.ada)
    number = tax_number_of(house.cora)
    assert number
    assert number.number == DUTCH
