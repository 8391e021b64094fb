"""Register the price book: its pages, export, event words, topic, and what a tenant starts with."""

from django.utils.translation import gettext_lazy as _

from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.lists.exports import Exportable
from crm.web.lists.saved.palette import PaletteList
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.record_pages import RecordPage
from quotes.prices import export
from quotes.prices.event_words import EVENT_WORDS
from quotes.prices.item_list import PRICES
from quotes.prices.models import PriceItem
from quotes.prices.presets import create_units

PAGES = [
    NavigationPage(
        name="prices:list",
        permission="quotes.view",
        icon="package",
        label=_("Price book"),
        section=True,
        tab_of="leads:list",
    ),
    PaletteList(PRICES),
    RecordPage(model=PriceItem, name="prices:item", list="prices:list"),
]
FEATURES: list[Feature] = [
    *PAGES,
    *EVENT_WORDS,
    TenantStart(create_units, again=create_units),
    Topic("prices", ("price_item", "price_kit")),
    Exportable(
        kind="prices",
        label=_("Price book"),
        permission="quotes.view",
        page="prices:list",
        ids=export.list_ids,
        headings=export.list_headings,
        rows=export.read_rows,
    ),
]
