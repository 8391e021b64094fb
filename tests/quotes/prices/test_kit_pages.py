"""Settings of kits: a kit, its items with quantities, and what it is at today's prices."""

import pytest

from quotes.prices.models import PriceItem, PriceKit
from quotes.prices.models.kit import KitPart
from tests.cast import House
from tests.followups.conftest import Browser


@pytest.fixture
def kit(house: House) -> PriceKit:
    shingles = PriceItem.create(name="Shingles", code="SH", by=house.ada)
    shingles.set_price(31_200, None, "USD", by=house.ada)
    kit = PriceKit.add("Re-roof", by=house.ada)
    kit.set_lines([KitPart(shingles.pk, 28_000)], by=house.ada)
    return kit


def post_lines(house: House, kit: PriceKit, values: dict[str, str], status: int = 302) -> str:
    browser = Browser(house, house.ada)
    version = browser.get(f"prices/kits/{kit.pk}/").partition('name="version" value="')[2].partition('"')[0]
    answer = browser.post(f"prices/kits/{kit.pk}/items/", values | {"version": version}, status=status)
    return str(answer.content.decode())


def test_a_kit_is_added_and_says_what_it_is_today(house: House, kit: PriceKit) -> None:
    browser = Browser(house, house.ada)
    assert "$8,736" in browser.get(f"prices/kits/{kit.pk}/")
    assert "1 item" in browser.get("prices/kits/")


def test_quantities_are_changed_and_an_item_is_added_by_its_code(house: House, kit: PriceKit) -> None:
    PriceItem.create(name="Ridge vent", code="RV-1", is_optional=True, by=house.ada)
    line = kit.lines.get()
    post_lines(house, kit, {f"quantity-{line.pk}": "30,5", "item": "rv-1", "quantity": "46"})
    assert list(kit.lines.values_list("quantity", "is_optional")) == [(30_500, False), (46_000, True)]


def test_an_item_without_a_quantity_is_left_out(house: House, kit: PriceKit) -> None:
    post_lines(house, kit, {f"quantity-{kit.lines.get().pk}": " "})
    assert not kit.lines.exists()


@pytest.mark.parametrize(
    ("item", "quantity", "why"),
    [("none such", "1", "no item “none such”"), ("SH", "much", "Enter a quantity"), ("SH", "0", "above zero")],
)
def test_what_is_no_item_of_a_kit_is_refused(house: House, kit: PriceKit, item: str, quantity: str, why: str) -> None:
    assert why in post_lines(house, kit, {"item": item, "quantity": quantity}, status=422)
    assert kit.lines.count() == 1


def test_a_quantity_is_read_as_on_a_quote(house: House, kit: PriceKit) -> None:
    post_lines(house, kit, {f"quantity-{kit.lines.get().pk}": "1,200"})
    assert kit.lines.get().quantity == 1_200_000
