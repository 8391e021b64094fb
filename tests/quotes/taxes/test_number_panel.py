"""The panel of a customer's VAT number on their page."""

import pytest

from crm.platform.models import Brand
from crm.platform.models.tenant import configuration_changed
from quotes.taxes.models import TaxNumber
from tests.cast import House
from tests.followups.conftest import Browser

DUTCH = "NL004495445B01"


@pytest.fixture
def path(house: House) -> str:
    Brand.objects.update(country="NL")
    configuration_changed()
    return f"taxes/customers/{house.cora.uid}/"


def test_a_number_is_shown_and_set(house: House, path: str) -> None:
    browser = Browser(house, house.rita)
    assert "VAT number" in browser.get(path, htmx=True)
    answer = browser.post(path, {"number": DUTCH.lower()}, status=200, htmx=True)
    assert DUTCH in answer.content.decode()
    browser.post(path, {"number": ""})
    assert not TaxNumber.objects.exists()


def test_a_wrong_number_stays_in_its_field_with_the_reason(house: House, path: str) -> None:
    answer = Browser(house, house.rita).post(path, {"number": "NL123"}, status=422, htmx=True)
    assert 'value="NL123"' in answer.content.decode()
    assert "Check its digits" in answer.content.decode()


def test_who_may_not_write_quotes_only_reads_it(house: House, path: str) -> None:
    browser = Browser(house, house.sam)
    assert "<form" not in browser.get(path, htmx=True)
    browser.post(path, {"number": DUTCH}, status=404)


def test_outside_the_eu_there_is_none(house: House) -> None:
    assert "VAT" not in Browser(house, house.rita).get(f"taxes/customers/{house.cora.uid}/", htmx=True)
