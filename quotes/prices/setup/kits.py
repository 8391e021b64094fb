"""Settings: kits, and the page of a kit with its items."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.amounts import line_total
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid, select_field, set_choices, text_field
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page
from quotes.permissions import EDIT_PRICES
from quotes.prices.item_form import record_choices
from quotes.prices.item_rows import current_prices, default_currency, money_text, unit_name
from quotes.prices.models import ItemPrice, KitLine, PriceItem, PriceKit
from quotes.prices.models.kit import KitPart
from quotes.typed_numbers import parse_quantity, plain_quantity


class PriceKitForm(forms.Form):
    """Form of a kit: its name, and which jobs and brand it is for."""

    name = text_field(gettext_lazy("Name"), 120)
    pipeline = select_field(gettext_lazy("Pipeline"), required=False)
    brand = select_field(gettext_lazy("Brand"), required=False)

    def __init__(self, posted: Any = None, *, row: PriceKit | None = None) -> None:
        kit = row or PriceKit()
        initial = {"name": kit.name, "pipeline": str(kit.pipeline_id or ""), "brand": str(kit.brand_id or "")}
        super().__init__(posted, initial=initial, auto_id=f"kit-{row.pk if row else 'new'}-%s")
        pipelines = pipeline_setup().pipelines.values()
        set_choices(self, "pipeline", record_choices(pipelines, kit.pipeline_id, _("All")))
        set_choices(self, "brand", record_choices(directory().brands.values(), kit.brand_id, _("All")))


def version() -> str:
    """Hash what the page's forms show."""
    columns = ("pk", "name", "pipeline_id", "brand_id", "archived_at")
    return version_of(list(PriceKit.objects.values_list(*columns)))


ROWS = NamedRows(
    address="prices:%s_kit",
    none=gettext_lazy("No kits yet."),
    new=gettext_lazy("New kit"),
    add=gettext_lazy("Add kit"),
    facts="quotes/prices/_kit_facts.html",
    longest=120,
)


@settings_page("prices:kits", EDIT_PRICES, ROWS, version=version)
def kits(request: TenantRequest) -> Context:
    """Show the kits."""
    posted = request.POST if request.path.endswith("/kits/add/") else None
    rows = list(PriceKit.objects.prefetch_related("lines"))
    return row_context(rows, lambda row: PriceKitForm(row=row)) | {"new": PriceKitForm(posted)}


def _posted_values(request: TenantRequest, row: PriceKit | None) -> Context:
    values = dict(require_valid(PriceKitForm(request.POST, row=row)).cleaned_data)
    for key in ("pipeline", "brand"):
        chosen = values.pop(key)
        values[f"{key}_id"] = int(chosen) if chosen else None
    return values


add_kit, edit_kit, archive_kit, restore_kit = kits.row_actions(PriceKit, _posted_values)


class KitLineRow(NamedTuple):
    """An item of a kit on its page, with what it is today."""

    line: KitLine
    quantity: str
    unit: str
    price: str
    sum: str


def _find_kit(pk: int) -> PriceKit:
    kit: PriceKit | None = PriceKit.objects.filter(pk=pk, archived_at=None).first()
    if kit is None:
        raise Http404
    return kit


def _lines_version(pk: int) -> str:
    lines = KitLine.objects.filter(kit_id=pk).values_list("pk", "item_id", "quantity", "is_optional", "position")
    return version_of(list(lines))


@settings_page("prices:kit", EDIT_PRICES, "quotes/prices/kit.html", version=_lines_version, of=("pk",))
def kit_page(request: TenantRequest, pk: int) -> Context:
    """Show the items of a kit, with their prices of today."""
    kit = _find_kit(pk)
    reader = Reader.of(request.member, clock.now())
    lines = list(kit.lines.select_related("item"))
    prices = current_prices([line.item for line in lines])
    rows = [_line_row(line, prices.get(line.item_id), reader) for line in lines]
    sums: dict[str, int] = {}
    for line in lines:
        if price := prices.get(line.item_id):
            sums[price.currency] = sums.get(price.currency, 0) + line_total(line.quantity, price.price)
    total = " + ".join(money_text(minor, currency, reader) for currency, minor in sums.items())
    offered = PriceItem.objects.live().exclude(pk__in=[line.item_id for line in lines]).order_by("sort_key")[:500]
    return {"kit": kit, "rows": rows, "total": total or money_text(0, default_currency(), reader), "offered": offered}


def _line_row(line: KitLine, price: ItemPrice | None, reader: Reader) -> KitLineRow:
    price_text = total = ""
    if price:
        price_text = money_text(price.price, price.currency, reader)
        total = money_text(line_total(line.quantity, price.price), price.currency, reader)
    return KitLineRow(
        line, plain_quantity(line.quantity, reader.country), unit_name(line.item.unit_id), price_text, total
    )


@kit_page.action(_find_kit)
def set_kit_lines(request: TenantRequest, kit: PriceKit) -> str:
    """Save the quantities of a kit's items; add the chosen one, and leave out those without a quantity."""
    kit.set_lines([*_posted_parts(kit, request.POST), *_posted_new_part(request.POST)], by=request.member)
    return _("“%(name)s” was saved.") % {"name": kit.name}


def _country() -> str:
    return directory().tenant.country


def _posted_parts(kit: PriceKit, posted: QueryDict) -> Iterator[KitPart]:
    for line in kit.lines.all():
        text = posted.get(f"quantity-{line.pk}", "")
        if text.strip():
            yield KitPart(line.item_id, parse_quantity(text, _country()), f"optional-{line.pk}" in posted)


def _posted_new_part(posted: QueryDict) -> list[KitPart]:
    """Return the item to add, by its code or name; none for a blank field. Raises Refused for an unknown one."""
    text = " ".join(posted.get("item", "").split())
    if not text:
        return []
    rows = PriceItem.objects.live()
    item = rows.filter(code__iexact=text).first() or rows.filter(name__iexact=text[:200]).first()
    if item is None:
        raise Refused(_("There is no item “%(name)s” in the price book.") % {"name": text[:60]})
    return [KitPart(item.pk, parse_quantity(posted.get("quantity", "") or "1", _country()), item.is_optional)]
