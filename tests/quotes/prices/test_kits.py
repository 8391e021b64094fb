"""Kits: items sold together, in an order, each with its quantity."""

import pytest

from crm.kernel.refusal import Refused
from crm.platform.models import Event
from quotes.prices.models import PriceItem, PriceKit
from quotes.prices.models.kit import MOST_LINES, KitPart
from tests.cast import House


@pytest.fixture
def items(house: House) -> list[PriceItem]:
    return [PriceItem.create(name=name, by=house.ada) for name in ("Shingles", "Underlayment")]


def test_a_kit_has_its_items_in_order_and_is_filled_once(house: House, items: list[PriceItem]) -> None:
    kit = PriceKit.add("Re-roof", by=house.ada)
    parts = [KitPart(items[1].pk, 28_000), KitPart(items[0].pk, 1_500, is_optional=True)]
    kit.set_lines(parts, by=house.ada)
    kit.set_lines(parts, by=house.ada)
    assert [(line.item, line.quantity) for line in kit.lines.all()] == [(items[1], 28_000), (items[0], 1_500)]
    assert Event.objects.filter(kind="price_kit.filled").count() == 1


@pytest.mark.parametrize(("quantity", "count"), [(0, 1), (-1, 1), (10**9 + 1, 1), (1, MOST_LINES + 1)])
def test_a_kit_is_refused_without_quantities_or_with_too_many(
    house: House, items: list[PriceItem], quantity: int, count: int
) -> None:
    with pytest.raises(Refused):
        PriceKit.add("Re-roof", by=house.ada).set_lines([KitPart(items[0].pk, quantity)] * count, by=house.ada)
