"""Pages of the price book: the list, an item, its forms, and who may see costs."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from quotes.prices.export import list_headings, read_rows
from quotes.prices.models import PriceItem
from tests.cast import House
from tests.followups.conftest import Browser

COST = "$214"


@pytest.fixture
def as_member(house: House) -> Callable[[str], Browser]:
    return lambda name: Browser(house, getattr(house, name))


@pytest.fixture
def shingles(house: House) -> PriceItem:
    item = PriceItem.create(name="Shingles", code="SH-AR", by=house.ada)
    item.set_price(31_200, 21_400, "USD", by=house.ada)
    return item


def test_the_list_shows_the_price_of_today(as_member: Callable[[str], Browser], shingles: PriceItem) -> None:
    page = as_member("mona").get("prices/")
    assert all(text in page for text in ("Shingles", "SH-AR", "$312", COST, "31%"))
    assert "Shingles" not in as_member("mona").get("prices/?q=gutter")


def test_who_may_not_see_margins_gets_no_cost(as_member: Callable[[str], Browser], shingles: PriceItem) -> None:
    for path in ("prices/", f"prices/{shingles.uid}/"):
        page = as_member("rita").get(path)
        assert "$312" in page
        assert COST not in page
        assert "31%" not in page


def test_an_item_is_added_with_its_price_and_undone(as_member: Callable[[str], Browser], house: House) -> None:
    browser = as_member("mona")
    browser.post("prices/new/", {"name": "Gutters", "price": "14.50", "cost": "8"})
    with use_tenant(house.tenant):
        item = PriceItem.objects.get()
        price = item.prices.get()
        assert (price.price, price.cost, price.currency) == (1_450, 800, "USD")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"name": "", "price": "1"}, "This field is required"),
        ({"name": "Gutters", "price": "abc"}, "not written as an amount"),
        ({"name": "Gutters", "price": "€ 5"}, "Enter the amount in USD"),
        ({"name": "Gutters", "code": "sh-ar"}, "is taken"),
    ],
)
def test_what_is_no_item_is_shown_again(
    as_member: Callable[[str], Browser], shingles: PriceItem, values: dict[str, str], why: str
) -> None:
    answer = as_member("mona").post("prices/new/", values, status=422)
    assert why in answer.content.decode()
    assert PriceItem.objects.count() == 1


def test_a_price_is_set_and_withdrawn_before_its_day(as_member: Callable[[str], Browser], shingles: PriceItem) -> None:
    browser = as_member("mona")
    later = directory().today() + timedelta(days=9)
    values = {"version": shingles.form_version, "price": "330", "cost": "220", "from_day": later.isoformat()}
    browser.post(f"prices/{shingles.uid}/price/", values)
    page = browser.get(f"prices/{shingles.uid}/")
    assert "to come" in page
    assert "+6%" in page
    shingles.refresh_from_db()
    price = shingles.prices.get(from_day=later)
    values = {"version": shingles.form_version, "price": str(price.pk)}
    browser.post(f"prices/{shingles.uid}/price/withdraw/", values)
    assert shingles.prices.count() == 1


def test_the_second_of_two_editors_is_refused(as_member: Callable[[str], Browser], shingles: PriceItem) -> None:
    answer = as_member("mona").post(f"prices/{shingles.uid}/edit/", {"version": "0", "name": "X"}, status=409)
    assert "Shingles" in answer.content.decode()


def test_a_rep_sees_the_book_and_changes_nothing(as_member: Callable[[str], Browser], shingles: PriceItem) -> None:
    browser = as_member("rita")
    assert "Set a price" not in browser.get(f"prices/{shingles.uid}/")
    for path in ("edit/", "price/", "archive/", "restore/", "price/withdraw/"):
        browser.post(f"prices/{shingles.uid}/{path}", {"version": shingles.form_version}, status=404)
    browser.get("prices/new/", status=404)


def test_the_export_has_costs_for_those_who_may_see_them(house: House, shingles: PriceItem) -> None:

    cost = list_headings().index("Cost")
    [mine] = read_rows([shingles.pk], house.mona)
    [reps] = read_rows([shingles.pk], house.rita)
    assert (str(mine[cost]), reps[cost]) == ("214.00", None)
