"""Tax classes and their dated rates: what is set once, replaced, refused and removed."""

from datetime import date

import pytest

from crm.kernel.refusal import Refused
from crm.platform.models import Event
from quotes.taxes.models import TaxClass, TaxClassKind, TaxRate
from quotes.taxes.models.tax_class import default_tax_class
from tests.cast import House

DAY = date(2026, 5, 1)


@pytest.fixture
def goods(house: House) -> TaxClass:
    goods = TaxClass.add("Materials", by=house.ada)
    goods.make_default(by=house.ada)
    return goods


def set_rate(goods: TaxClass, rate: int = 75_000, **more: object) -> TaxRate:
    values = {"name": "Hillsborough County", "country": "US", "region": "florida", "from_day": DAY} | more
    return TaxRate.set_rate(goods, rate_ppm=rate, by=None, **values)  # type: ignore[arg-type]


def test_a_rate_of_a_day_is_set_once_and_replaced(goods: TaxClass) -> None:
    first = set_rate(goods)
    again = set_rate(goods)
    raised = set_rate(goods, 80_000)
    assert first.pk == again.pk == raised.pk
    assert [row.rate_ppm for row in TaxRate.objects.all()] == [80_000]
    assert Event.objects.filter(kind="tax_rate.set").count() == 2


def test_a_later_rate_stands_beside_the_first(goods: TaxClass) -> None:
    set_rate(goods)
    set_rate(goods, 80_000, from_day=date(2027, 1, 1))
    assert TaxRate.objects.count() == 2


def test_a_place_is_read_as_addresses_have_it(goods: TaxClass) -> None:
    row = set_rate(goods, city="  Plant   City", postcodes=["335 66", "33563", "33566", ""])
    assert (row.region, row.city, row.postcodes) == ("FL", "Plant City", ["33563", "33566"])


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"rate": 1_000_001}, "100 percent"),
        ({"rate": -1}, "100 percent"),
        ({"country": ""}, "country"),
        ({"name": " "}, "name of the tax"),
        ({"postcodes": ["33563336633"]}, "postcodes"),
        ({"city": "x" * 121}, "too long"),
    ],
)
def test_what_is_no_rate_is_refused(goods: TaxClass, values: dict[str, object], why: str) -> None:
    with pytest.raises(Refused, match=why):
        set_rate(goods, **values)  # type: ignore[arg-type]
    assert not TaxRate.objects.exists()


def test_an_exempt_class_bears_no_tax(house: House) -> None:
    exempt = TaxClass.add("Insurance", kind=TaxClassKind.EXEMPT, by=house.ada)
    with pytest.raises(Refused, match="bears no tax"):
        set_rate(exempt)


def test_a_removed_rate_is_gone(goods: TaxClass, house: House) -> None:
    set_rate(goods).remove(by=house.ada)
    assert not TaxRate.objects.exists()


def test_the_default_class_stays(goods: TaxClass, house: House) -> None:
    assert default_tax_class() == goods
    with pytest.raises(Refused, match="default tax class"):
        goods.archive(by=house.ada)


def test_a_class_says_whether_it_is_taxed(house: House) -> None:
    with pytest.raises(Refused, match="whether the class is taxed"):
        TaxClass.add("Odd", kind="odd", by=house.ada)
