"""Pages of the price book: the list, an item with the history of its prices, and the verbs on it."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import parse_typed_number
from crm.platform import undo
from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import InvalidForm, RowAction, Toast
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from quotes.permissions import EDIT_PRICES
from quotes.prices.history import history_rows
from quotes.prices.item_form import PriceForm, PriceItemForm
from quotes.prices.item_list import PRICES
from quotes.prices.item_rows import SEE_MARGIN, currency_of, default_currency, item_rows, unit_name
from quotes.prices.models import PriceItem

VIEW = "quotes.view"


@require(VIEW)
@require_GET
def price_list(request: TenantRequest) -> HttpResponse:
    """Show the items of the price book, by name."""
    member = request.member
    filters = PRICES.read(request.GET, member)
    page = read_page(PRICES.apply(filters, member), request.GET, PRICES.order_of(filters))
    columns = PRICES.columns_of(filters, member)
    reader = Reader.of(member, clock.now())
    context = {
        "page": page,
        "rows": item_rows(page.rows, columns, member, reader),
        "columns": [PRICES.columns.by_key[key] for key in columns],
        "sees_cost": allows(member, SEE_MARGIN),
        "may_edit": allows(member, EDIT_PRICES),
        "may_export": allows(member, "export"),
        "first_url": filters.query(),
        "kept": parse_qsl(filters.changed(q="").query().removeprefix("?")),
        **frame(request, PRICES, filters),
    }
    return render(request, "quotes/prices/list.html", context)


@require(VIEW)
@require_GET
def price_item(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show an item: its prices, past, present and to come, and its facts."""
    return render_item(request, find_item(request, uid))


def find_item(request: TenantRequest, uid: UUID) -> PriceItem:
    """Return an item the member may see. Raises Http404."""
    item: PriceItem = get_object_or_404(PriceItem.objects.visible_to(request.member), uid=uid)
    return item


def render_item(
    request: TenantRequest,
    item: PriceItem,
    status: int = 200,
    told: str = "",
    *,
    facts: PriceItemForm | None = None,
    price: PriceForm | None = None,
) -> HttpResponse:
    """Answer with the page of an item, with forms as they were filled in where they were refused."""
    may_edit = allows(request.member, EDIT_PRICES)
    sees_cost = allows(request.member, SEE_MARGIN)
    currency = currency_of(item)
    context: dict[str, Any] = {
        "item": item,
        "unit": unit_name(item.unit_id),
        "currency": currency,
        "prices": history_rows(item, sees_cost, Reader.of(request.member, clock.now())),
        "sees_cost": sees_cost,
        "may_edit": may_edit,
        "told": told,
    }
    if may_edit:
        context["facts"] = facts or PriceItemForm(item=item)
        first = {"from_day": directory().today()}
        context["price"] = price or PriceForm(currency=currency, sees_cost=sees_cost, initial=first)
    return render(request, "quotes/prices/item.html", context, status=status)


@require(EDIT_PRICES)
def new_item(request: TenantRequest) -> HttpResponse:
    """Add an item, with its first price if one is entered."""
    sees_cost = allows(request.member, SEE_MARGIN)
    posted = request.POST if request.method == "POST" else None
    form = PriceItemForm(posted)
    price = PriceForm(posted, currency=default_currency(), sees_cost=sees_cost, required=False)
    refusal = ""
    if posted is not None and form.is_valid() and price.is_valid():
        try:
            item, change = _create_item(request, form, price)
        except Refused as why:
            refusal = str(why)
        else:
            text = _("“%(name)s” was added.") % {"name": item.name}
            messages.success(request, text, extra_tags=reverse("undo", args=[request.tenant.slug, change]))
            return redirect("prices:item", request.tenant.slug, item.uid)
    status = 422 if posted is not None else 200
    context = {"form": form, "price": price, "told": refusal}
    return render(request, "quotes/prices/new.html", context, status=status)


@transaction.atomic
def _create_item(request: TenantRequest, form: PriceItemForm, price: PriceForm) -> tuple[PriceItem, UUID]:
    item = PriceItem.create(by=request.member, **form.field_values)
    if price.cleaned_data["price"] is not None:
        _set_price(request, item, price)
    change = undo.record_created("price_item.created", [item], by=request.member, at=clock.now())
    return item, change.uid


def _set_price(request: TenantRequest, item: PriceItem, form: PriceForm) -> None:
    values = form.cleaned_data
    item.set_price(values["price"], values.get("cost"), currency_of(item), form.day, by=request.member)


class PriceItemAction(RowAction[PriceItem]):
    """An action on an item of the price book."""

    model = PriceItem
    permission = EDIT_PRICES

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> PriceItem:
        item = find_item(request, named["uid"])
        if lock:
            item.lock()
        return item

    def answer(self, request: TenantRequest, row: PriceItem, toast: Toast) -> HttpResponse:
        if toast.status != 200:
            return render_item(request, find_item(request, row.uid), toast.status, toast.text)
        messages.success(request, toast.text, extra_tags=toast.undo)
        return redirect("prices:item", request.tenant.slug, row.uid)


action = PriceItemAction()


@action("price_item.edited")
def edit(request: TenantRequest, item: PriceItem) -> str:
    """Change the facts of an item."""
    form = PriceItemForm(request.POST, item=item)
    if not form.is_valid():
        raise InvalidForm(lambda: render_item(request, item, 422, facts=form))
    item.edit(by=request.member, **form.field_values)
    return _("“%(name)s” was saved.") % {"name": item.name}


@action("price_item.priced")
def set_price(request: TenantRequest, item: PriceItem) -> str:
    """Set price and cost from a day on."""
    form = PriceForm(request.POST, currency=currency_of(item), sees_cost=allows(request.member, SEE_MARGIN))
    if not form.is_valid():
        raise InvalidForm(lambda: render_item(request, item, 422, price=form))
    _set_price(request, item, form)
    return _("The price of “%(name)s” is set.") % {"name": item.name}


@action()
def withdraw_price(request: TenantRequest, item: PriceItem) -> str:
    """Withdraw a price that has not begun."""
    pk = parse_typed_number(request.POST.get("price", ""), _("Choose a price."))
    if not item.prices.filter(pk=pk).exists():
        raise Http404
    item.withdraw_price(pk, by=request.member)
    return _("The price is withdrawn.")


@action("price_item.archived")
def archive(request: TenantRequest, item: PriceItem) -> str:
    """Archive an item."""
    item.archive(by=request.member)
    return _("“%(name)s” is archived.") % {"name": item.name}


@action("price_item.restored")
def restore(request: TenantRequest, item: PriceItem) -> str:
    """Restore an archived item."""
    item.restore(by=request.member)
    return _("“%(name)s” was restored.") % {"name": item.name}
