"""What a new organization starts with, by its country."""

import pytest

from crm.platform.models import Tenant
from crm.platform.models.tenant import configuration_changed
from crm.platform.organization.configuration import directory
from quotes.prices.models import PriceUnit
from quotes.prices.presets import create_units
from quotes.taxes.models import TaxClass, TaxRate
from quotes.taxes.models.tax_class import default_tax_class
from quotes.taxes.presets import create_tax_defaults
from quotes.taxes.treatment import EU_COUNTRIES, TaxPlace, rate_for
from tests.cast import House


def begin_in(house: House, country: str) -> None:
    Tenant.objects.filter(pk=house.tenant.pk).update(country=country)
    configuration_changed()
    create_tax_defaults()
    create_units()


@pytest.mark.parametrize(
    ("country", "rate", "classes"), [("NL", 210_000, 4), ("DE", 190_000, 4), ("AE", 50_000, 3), ("CH", 81_000, 4)]
)
def test_a_country_has_its_rates(house: House, country: str, rate: int, classes: int) -> None:
    begin_in(house, country)
    standard = default_tax_class()
    assert standard
    assert rate_for(standard, TaxPlace(country, country), directory().today()).rate_ppm == rate
    assert TaxClass.objects.count() == classes


def test_a_member_state_has_the_rates_of_all(house: House) -> None:
    begin_in(house, "BE")
    standard = default_tax_class()
    assert standard
    rates = [rate_for(standard, TaxPlace("BE", country), directory().today()) for country in EU_COUNTRIES]
    assert all(rate.is_known for rate in rates)


def test_the_united_states_have_a_rate_a_state(house: House) -> None:
    begin_in(house, "US")
    standard = default_tax_class()
    assert standard
    tax = rate_for(standard, TaxPlace("US", "US", "FL", "Tampa", "33602"), directory().today())
    assert (tax.rate_ppm, tax.name) == (60_000, "Florida (state)")
    assert TaxRate.objects.count() == 51
    assert PriceUnit.objects.filter(name="sq", code="SQR").exists()


def test_what_is_there_stays(house: House) -> None:
    begin_in(house, "NL")
    before = TaxRate.objects.count(), PriceUnit.objects.count()
    create_tax_defaults()
    create_units()
    assert (TaxRate.objects.count(), PriceUnit.objects.count()) == before
