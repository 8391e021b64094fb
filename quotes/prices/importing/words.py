"""Words for the preview of an import: the effect of each row of a price file."""

from typing import Any

from django.utils.translation import gettext as _

from crm.web.reader import Reader
from quotes.prices.importing.columns import PriceColumn
from quotes.prices.importing.judge import JudgedPrice
from quotes.prices.item_rows import money_text
from quotes.prices.models import PriceItem

# Texts that a preview shows; of the others it says that they change.
_SHOWN = ("code", "name", "supplier_code")


def describe_row(row: JudgedPrice, reader: Reader) -> list[str]:
    """Return the reason of a refused row, else what it changes."""
    if row.reason:
        return [row.reason]
    return [*_field_words(row), *_price_words(row, reader)]


def _field_words(row: JudgedPrice) -> list[str]:
    if row.item is None:
        return []
    return [_change_text(name, row.item, value) for name, value in row.fields.items()]


def _change_text(name: str, item: PriceItem, value: Any) -> str:
    label = PriceColumn(name.removesuffix("_id")).label
    if name not in _SHOWN:
        return _("%(column)s changes") % {"column": label}
    return f"{label}: {getattr(item, name) or '–'} → {value}"


def _price_words(row: JudgedPrice, reader: Reader) -> list[str]:
    """Return price and cost before and after, as far as they differ."""
    if row.price is None:
        return []
    old: tuple[int | None, int | None] = (None, None)
    if row.before:
        old = (row.before.price, row.before.cost)
    labels = (PriceColumn.PRICE.label, PriceColumn.COST.label)
    return [
        f"{label} {_amount(before, row, reader)} → {_amount(after, row, reader)}"
        for label, before, after in zip(labels, old, row.price, strict=True)
        if before != after
    ]


def _amount(minor: int | None, row: JudgedPrice, reader: Reader) -> str:
    if minor is None:
        return "–"
    return money_text(minor, row.currency, reader)
