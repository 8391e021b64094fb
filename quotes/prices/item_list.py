"""The price book as a list, by name."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.columns import Column, Columns
from crm.web.lists.conditions.field_types import DateFilter, FlagFilter, RecordFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order
from quotes.prices.models import PriceItem
from quotes.prices.models.supplier import suppliers
from quotes.taxes.models.tax_class import tax_classes


class PriceItemFilters(FilterSet):
    """Filters of the price book, in the order of the builder."""

    pipeline = RecordFilter(gettext_lazy("Pipeline"), "pipeline", records=lambda: pipeline_setup().pipelines)
    brand = RecordFilter(gettext_lazy("Brand"), "brand", records=lambda: directory().brands)
    supplier = RecordFilter(gettext_lazy("Supplier"), "supplier", records=suppliers)
    tax = RecordFilter(gettext_lazy("Tax class"), "tax_class", records=tax_classes)
    priced = DateFilter(gettext_lazy("Price set"), "priced_at")
    unpriced = FlagFilter(
        gettext_lazy("Price"),
        yes=gettext_lazy("none yet"),
        q=lambda value, viewer: Q(priced_at__isnull=True),
    )
    archived = FlagFilter(
        gettext_lazy("Archived"), yes=gettext_lazy("yes"), q=lambda value, viewer: Q(archived_at__isnull=False)
    )
    q = TextFilter(gettext_lazy("Name, code or supplier’s number"), alone=True, chip=gettext_lazy("Text"))


def _count_words(found: str) -> str:
    if found == "1":
        return _("1 item")
    return _("%(found)s items") % {"found": found}


class PriceItemList(List):
    """The items of the price book; archived ones on request."""

    key = "prices"
    page = "prices:list"
    permission = "quotes.view"
    filterset = PriceItemFilters
    first_field = "pipeline"
    columns = Columns(
        Column("code", gettext_lazy("Code")),
        Column("pipeline", gettext_lazy("Pipeline")),
        Column("brand", gettext_lazy("Brand")),
        Column("tax", gettext_lazy("Tax class")),
        Column("supplier", gettext_lazy("Supplier")),
        Column("valid", gettext_lazy("Offered")),
        Column("from", gettext_lazy("Price since")),
        usual=("code", "from"),
    )
    words = Words(
        name=gettext_lazy("Price book"),
        where=gettext_lazy("Items where"),
        everything=gettext_lazy("All items"),
        counted=_count_words,
        sorted_by=gettext_lazy("name"),
    )

    def visible(self, member: Member) -> Any:
        return PriceItem.objects.visible_to(member)

    def order(self, filters: Filters) -> Order:
        return Order(PriceItem, "sort_key", "id")

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Exclude archived items unless requested, and search for a text."""
        if not filters.asks("archived"):
            rows = rows.live()
        if filters.q:
            rows = rows.search(filters.q)
        return rows

    def views(self, member: Member) -> list[View]:
        return [
            View("all", _("All items"), self.filters()),
            View("unpriced", _("Without a price"), self.filters(unpriced="1")),
            View("archived", _("Archived"), self.filters(archived="1")),
        ]


PRICES = PriceItemList()
