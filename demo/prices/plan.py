"""What a price book of the demo is made of."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class DemoItem(NamedTuple):
    """An item, its price and cost in minor units, and what they were before the last change of the supplier's list."""

    code: str
    name: str
    unit: str
    price: int
    cost: int
    description: str = ""
    supplier: str = ""
    supplier_code: str = ""
    # Price and cost until the supplier's change, if there was one.
    before: tuple[int, int] | None = None
    is_optional: bool = False
    # The tax class by its place in the presets: 0 standard, 1 the next.
    tax_class: int = 0


class DemoRate(NamedTuple):
    """A rate of a part of the country, in parts per million."""

    name: str
    rate_ppm: int
    region: str
    postcodes: Sequence[str]


class DemoKit(NamedTuple):
    """A kit: the pipeline it is for, and its items by code with quantities in thousandths."""

    name: str
    pipeline: str
    parts: Mapping[str, int]


class DemoPrices(NamedTuple):
    """The price book of a company."""

    suppliers: Sequence[str]
    items: Sequence[DemoItem]
    kits: Sequence[DemoKit]
    rates: Sequence[DemoRate] = ()
