"""Settings of taxes: classes, and rates by place."""

from collections.abc import Callable

import pytest

from quotes.taxes.models import TaxClass, TaxRate
from tests.cast import House
from tests.followups.conftest import Browser


@pytest.fixture
def admin(house: House) -> Browser:
    return Browser(house, house.ada)


@pytest.fixture
def goods(house: House) -> TaxClass:
    goods = TaxClass.add("Materials", by=house.ada)
    goods.make_default(by=house.ada)
    return goods


@pytest.fixture
def add_rate(admin: Browser, goods: TaxClass) -> Callable[..., str]:
    def add(*, status: int = 302, **changed: str) -> str:
        values = {"tax_class": str(goods.pk), "rate": "8.875", "name": "County", "country": "US", "region": "FL"}
        version = admin.get("taxes/").partition('name="version" value="')[2].partition('"')[0]
        values |= {"postcodes": "335; 336", "from_day": "2026-01-01", "version": version} | changed
        return admin.post("taxes/add/", values, status=status).content.decode()

    return add


def test_a_rate_is_set_and_removed(admin: Browser, add_rate: Callable[..., str]) -> None:
    add_rate()
    rate = TaxRate.objects.get()
    assert (rate.rate_ppm, rate.postcodes) == (88_750, ["335", "336"])
    page = admin.get("taxes/")
    assert ("8.875%" in page, ">FL, 335, 336<" in page) == (True, True)
    version = page.partition('name="version" value="')[2].partition('"')[0]
    admin.post(f"taxes/{rate.pk}/remove/", {"version": version})
    assert not TaxRate.objects.exists()


@pytest.mark.parametrize("rate", ["101", "-1", "abc", "NaN", "1e99", "8.87512345"])
def test_what_is_no_percentage_is_refused(add_rate: Callable[..., str], rate: str) -> None:
    assert "percentage between 0 and 100" in add_rate(status=422, rate=rate)
    assert not TaxRate.objects.exists()


def test_classes_are_added_and_made_the_default(admin: Browser, goods: TaxClass) -> None:
    def version() -> str:
        return admin.get("taxes/classes/").partition('name="version" value="')[2].partition('"')[0]

    admin.post("taxes/classes/add/", {"name": "Labor", "kind": "exempt", "version": version()})
    labor = TaxClass.objects.get(name="Labor")
    admin.post(f"taxes/classes/{labor.pk}/default/", {"version": version()})
    assert TaxClass.objects.get(is_default=True) == labor


def test_a_rep_does_not_set_taxes(house: House) -> None:
    Browser(house, house.rita).get("taxes/", status=404)
