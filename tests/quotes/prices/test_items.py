"""Items of the price book and their dated prices."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Brand, Event
from crm.platform.organization.configuration import directory
from quotes.prices.book import price_on, prices_on
from quotes.prices.models import ItemPrice, PriceItem, PriceUnit, Supplier
from tests.cast import House


def add_item(house: House, name: str = "Ridge vent", **fields: Any) -> PriceItem:
    return PriceItem.create(name=name, by=house.ada, **fields)


def test_an_item_is_created_edited_and_archived_once(house: House) -> None:
    item = add_item(house, code=" RV-1 ", description="Filtered\r\n")
    assert (item.code, item.description, item.search_key) == ("RV-1", "Filtered", "ridge vent rv 1")
    item.edit(by=house.ada, name="Ridge vent, filtered")
    item.edit(by=house.ada, name="Ridge vent, filtered")
    item.archive(by=house.ada)
    item.archive(by=house.ada)
    item.restore(by=house.ada)
    kinds = Event.objects.filter(kind__startswith="price_item.").order_by("pk").values_list("kind", flat=True)
    assert [kind.removeprefix("price_item.") for kind in kinds] == ["created", "edited", "archived", "restored"]
    assert list(PriceItem.objects.search("FILTERED rv-1")) == [item]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": " "}, "Enter a name"),
        ({"code": "rv-1"}, "code “rv-1” is taken"),
        ({"code": "x" * 41}, "too long"),
        ({"valid_from": date(2026, 5, 2), "valid_until": date(2026, 5, 1)}, "before the first"),
    ],
)
def test_what_is_no_item_is_refused(house: House, fields: dict[str, Any], why: str) -> None:
    add_item(house, code="RV-1")
    with pytest.raises(Refused, match=why):
        add_item(house, **{"name": "Other", **fields})


def test_a_supplier_knows_an_item_by_one_number(house: House) -> None:
    supplier = Supplier.add("ABC Supply", by=house.ada)
    add_item(house, supplier=supplier, supplier_code="02IK")
    with pytest.raises(Refused, match="“Ridge vent” has this supplier’s number"):
        add_item(house, "Other", supplier=supplier, supplier_code="02ik")


def test_a_price_begins_on_its_day_and_the_last_of_a_day_holds(house: House) -> None:
    item = add_item(house)
    today = directory().today()
    item.set_price(29_500, 20_100, "USD", by=house.ada)
    item.set_price(29_600, 20_100, "USD", by=house.ada)
    item.set_price(31_200, 21_400, "USD", today + timedelta(days=7), by=house.ada)
    prices = [price_on(item, today + timedelta(days=days), "USD") for days in (-1, 0, 6, 7)]
    assert [price and price.price for price in prices] == [None, 29_600, 29_600, 31_200]
    assert price_on(item, today, "EUR") is None


def test_an_equal_price_is_set_once(house: House) -> None:
    item = add_item(house)
    item.set_price(29_500, None, "USD", by=house.ada)
    item.set_price(29_500, None, "USD", by=house.ada)
    assert ItemPrice.objects.count() == 1


@pytest.mark.parametrize(("price", "why"), [(-1, "below zero"), (10**14, "too large")])
def test_an_amount_is_within_bounds(house: House, price: int, why: str) -> None:
    with pytest.raises(Refused, match=why):
        add_item(house).set_price(price, None, "USD", by=house.ada)


def test_no_price_is_set_for_a_day_that_is_past(house: House) -> None:
    yesterday = directory().today() - timedelta(days=1)
    with pytest.raises(Refused, match="from today on"):
        add_item(house).set_price(100, None, "USD", yesterday, by=house.ada)


def test_a_price_is_withdrawn_until_it_begins(house: House) -> None:
    item = add_item(house)
    now = item.set_price(100, None, "USD", by=house.ada)
    later = item.set_price(200, None, "USD", directory().today() + timedelta(days=1), by=house.ada)
    item.withdraw_price(later.pk, by=house.ada)
    with pytest.raises(Refused, match="in force"):
        item.withdraw_price(now.pk, by=house.ada)
    assert list(item.prices.all()) == [now]


def test_the_database_refuses_to_change_a_price(house: House) -> None:
    price = add_item(house).set_price(100, None, "USD", by=house.ada)
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update quotes_itemprice set price = 1 where id = %s", [price.pk])


def test_undoing_puts_item_and_price_back(house: House) -> None:
    item = add_item(house)
    item.set_price(100, None, "USD", by=house.ada)
    with undo.record_undoable("price_item.priced", [item], by=house.ada) as change:
        item.edit(by=house.ada, name="Ridge vent, wide")
        item.set_price(200, None, "USD", by=house.ada)
    undo.undo_change(change.uid, by=house.ada)
    item.refresh_from_db()
    assert (item.name, item.sort_key) == ("Ridge vent", "ridge vent")
    assert [row.price for row in item.prices.all()] == [100]


def test_undoing_a_creation_archives_the_item(house: House) -> None:
    item = add_item(house)
    change = undo.record_created("price_item.created", [item], by=house.ada, at=clock.now())
    undo.undo_change(change.uid, by=house.ada)
    item.refresh_from_db()
    assert item.archived_at


def test_a_quote_is_offered_what_is_valid_for_its_brand_and_day(house: House) -> None:
    other = Brand.create(name="Coast Solar", country="US", currency="USD", language="en", by=house.ada)
    today = directory().today()
    everywhere = add_item(house)
    add_item(house, "Other brand", brand=other)
    add_item(house, "Over", valid_until=today - timedelta(days=1))
    add_item(house, "Not yet", valid_from=today + timedelta(days=1))
    add_item(house, "Archived").archive(by=house.ada)
    assert list(PriceItem.objects.on_offer(brand_id=house.job.brand_id, day=today)) == [everywhere]


def test_the_prices_of_many_items_are_one_query(house: House, django_assert_num_queries: Any) -> None:
    items = [add_item(house, f"Item {at}") for at in range(3)]
    for item in items[:2]:
        item.set_price(100, None, "USD", by=house.ada)
    with django_assert_num_queries(1):
        assert {*prices_on([item.pk for item in items], directory().today(), "USD")} == {items[0].pk, items[1].pk}


def test_a_unit_says_what_it_is_to_programs(house: House) -> None:
    assert PriceUnit.add("sq", code="SQ", by=house.ada).code == "SQ"
    with pytest.raises(Refused, match="kind of unit"):
        PriceUnit.add("odd", code="odd!", by=house.ada)
