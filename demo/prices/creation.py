"""Create the price book of a demo organization as it has grown: prices of spring, and the supplier's last change."""

from datetime import datetime, timedelta

from django.utils.translation import override

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from demo.prices import chargeline, suncoast
from demo.prices.plan import DemoItem, DemoPrices
from quotes.prices.models import PriceItem, PriceKit, PriceUnit, Supplier
from quotes.prices.models.kit import KitPart
from quotes.prices.presets import create_units
from quotes.taxes.models import TaxClass, TaxRate
from quotes.taxes.presets import create_tax_defaults

BOOKS = {"suncoast": suncoast.PRICES, "chargeline": chargeline.PRICES}
# The price book was entered so many days ago, and the supplier's prices changed.
ENTERED, CHANGED = timedelta(days=71), timedelta(days=8)


def create_price_book(slug: str, now: datetime) -> None:
    """Create taxes, units, suppliers, items with their prices, and kits."""
    prices = BOOKS[slug]
    with override(directory().tenant.language), clock.at(now - ENTERED):
        create_tax_defaults()
        create_units()
        _create_rates(prices)
        items = _create_items(prices)
        _create_kits(prices, items)
    with clock.at(now - CHANGED):
        for demo_item in prices.items:
            if demo_item.before:
                _set_price(items[demo_item.code], demo_item.price, demo_item.cost)


def _create_rates(prices: DemoPrices) -> None:
    standard = TaxClass.objects.get(is_default=True)
    country = directory().tenant.country
    for rate in prices.rates:
        TaxRate.set_rate(
            standard,
            name=rate.name,
            country=country,
            region=rate.region,
            postcodes=[*rate.postcodes],
            rate_ppm=rate.rate_ppm,
            from_day=directory().today().replace(month=1, day=1),
            by=None,
        )


def _create_items(prices: DemoPrices) -> dict[str, PriceItem]:
    suppliers = {name: Supplier.add(name, by=None) for name in prices.suppliers}
    units = {unit.name: unit for unit in PriceUnit.objects.all()}
    classes = list(TaxClass.objects.all())
    items = {}
    for row in prices.items:
        item = items[row.code] = PriceItem.create(
            code=row.code,
            name=row.name,
            description=row.description,
            unit=units[row.unit],
            tax_class=classes[row.tax_class],
            supplier=suppliers.get(row.supplier),
            supplier_code=row.supplier_code,
            is_optional=row.is_optional,
            by=None,
        )
        _set_price(item, *_first_price(row))
    return items


def _first_price(row: DemoItem) -> tuple[int, int]:
    return row.before or (row.price, row.cost)


def _set_price(item: PriceItem, price: int, cost: int) -> None:
    item.set_price(price, cost, directory().default_brand.currency, by=None)


def _create_kits(prices: DemoPrices, items: dict[str, PriceItem]) -> None:
    pipelines = {pipeline.name: pipeline for pipeline in pipeline_setup().pipelines.values()}
    for row in prices.kits:
        kit = PriceKit.add(row.name, pipeline=pipelines.get(row.pipeline), by=None)
        parts = [KitPart(items[code].pk, quantity, items[code].is_optional) for code, quantity in row.parts.items()]
        kit.set_lines(parts, by=None)
