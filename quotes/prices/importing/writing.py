"""Write the rows of a price file: new items, changes, and prices from the run's day on, with one undo."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.importing.verdicts import ImportVerdict
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Change
from crm.platform.organization.configuration import directory
from quotes.prices.importing.judge import JudgedPrice
from quotes.prices.importing.models import PriceImport
from quotes.prices.models import PriceItem

# The kind of the saved undo.
IMPORTED = "price_item.imported"


def write_rows(
    run: PriceImport, judged: Sequence[tuple[int, JudgedPrice]]
) -> tuple[list[tuple[int, JudgedPrice]], Change | None]:
    """Write a batch of rows. What was changed meanwhile, or is refused by the item, is refused. With the undo."""
    items = [row.item for _number, row in judged if row.verdict == ImportVerdict.UPDATE and row.item]
    locked = {item.pk: item for item in PriceItem.lock_all(PriceItem.objects.filter(pk__in=[row.pk for row in items]))}
    created: list[PriceItem] = []
    results = []
    with undo.record_undoable(IMPORTED, list(locked.values()), by=run.by, locked=True, change=run.change) as recorded:
        for number, row in judged:
            results.append((number, _write_row(run, row, locked, created)))
    if created:
        undo.record_created(IMPORTED, created, by=run.by, at=recorded.at or clock.now(), change=recorded)
    return results, recorded if recorded.pk else None


def _write_row(
    run: PriceImport, row: JudgedPrice, locked: dict[int, PriceItem], created: list[PriceItem]
) -> JudgedPrice:
    try:
        with transaction.atomic():
            if row.verdict == ImportVerdict.NEW:
                item = PriceItem.create(by=run.by, **row.fields)
                _set_price(run, item, row)
                created.append(item)
            elif row.verdict == ImportVerdict.UPDATE and row.item:
                _change_item(run, locked[row.item.pk], row)
    except Refused as why:
        return replace(row, verdict=ImportVerdict.REFUSED, reason=str(why))
    return row


def _change_item(run: PriceImport, item: PriceItem, row: JudgedPrice) -> None:
    if row.item is None or item.version != row.item.version:
        raise Refused(_("Somebody changed it in the meantime. Import this row again."))
    if row.fields:
        item.edit(by=run.by, **row.fields)
    _set_price(run, item, row)


def _set_price(run: PriceImport, item: PriceItem, row: JudgedPrice) -> Any:
    """Set the price of a row; a run that was prepared on an earlier day sets it from today on."""
    if row.price:
        price, cost = row.price
        item.set_price(price, cost, row.currency, max(run.from_day, directory().today()), by=run.by)
