"""Register the price book: its pages, export, event words, topic, and what a tenant starts with."""

from django.utils.translation import gettext_lazy as _

from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.lists.exports import Exportable
from crm.web.lists.saved.palette import PaletteList
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.record_pages import RecordPage
from quotes.permissions import EDIT_PRICES
from quotes.prices import export
from quotes.prices.event_words import EVENT_WORDS
from quotes.prices.item_list import PRICES
from quotes.prices.models import PriceItem
from quotes.prices.presets import create_units
from quotes.prices.setup import kits, units

PAGES = [
    NavigationPage(
        name="prices:list",
        permission="quotes.view",
        icon="package",
        label=_("Price book"),
        section=True,
        tab_of="quotes:list",
    ),
    Section(
        group="sales",
        name="prices:units",
        permission=EDIT_PRICES,
        icon="package",
        label=_("Price book settings"),
        note=_("What items are counted in."),
        affects=_("Affects the choice on an item, and the words on new quotes."),
        words=_("measures pieces hours vendors"),
        form=units.PriceUnitForm,
    ),
    Section(
        group="sales",
        name="prices:kits",
        permission=EDIT_PRICES,
        icon="boxes",
        label=_("Kits"),
        note=_("Items that are sold together, each with its quantity."),
        affects=_("Affects new quotes: a kit adds a line for each of its items."),
        words=_("bundles packages assemblies"),
        form=kits.PriceKitForm,
        below=("quotes/prices/kit.html",),
        tab_of="prices:units",
    ),
    Section(
        group="sales",
        name="prices:suppliers",
        permission=EDIT_PRICES,
        icon="truck",
        label=_("Suppliers"),
        note=_("Who items are bought from."),
        affects=_("Affects the choice on an item, and whose price lists can be read."),
        words=_("vendors purchasing"),
        tab_of="prices:units",
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
