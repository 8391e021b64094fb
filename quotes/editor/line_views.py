"""Views that add, edit, move and remove lines of a quote, as dialogs or as pages without scripts."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from quotes.editor.line_form import line_form_errors, read_line_form, show_line_form
from quotes.editor.line_values import LinePricing, add_content, add_item, add_kit, template_content
from quotes.editor.quote_action import action, is_uuid, posted_option, sheet, visible_quote
from quotes.editor.typed import parse_amount, plain_amount
from quotes.models import ItemPrice, PriceItem, PriceKit, Quote, QuoteLine, VersionContent
from quotes.sums import Discount
from quotes.typed_numbers import parse_percent, plain_percent

# In the results of a search; of more, one types more.
MOST_FOUND = 12


@require("quotes.edit")
@require_safe
def find_items(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Search the price book for items and kits to add."""
    row = visible_quote(request.member, uid)
    text = request.GET.get("q", "").strip()
    offered = PriceItem.objects.on_offer(brand_id=row.brand_id, day=row.today())
    items = list(offered.search(text).order_by("sort_key", "pk")[:MOST_FOUND])
    prices = LinePricing(row).prices_of(items)
    kits = PriceKit.objects.filter(archived_at=None, name__icontains=text)
    country = directory().brands[row.brand_id].country
    context = {
        "q": text,
        "items": [
            (item, plain_amount(prices[item.pk].price, row.currency, country)) for item in items if item.pk in prices
        ],
        "kits": [kit for kit in kits if kit.brand_id in (None, row.brand_id)][:MOST_FOUND],
        "chosen_option": request.GET.get("option", ""),
    }
    if is_fragment(request):
        return render(request, "quotes/_found_items.html", context | {"quote": row})
    return sheet(request, row, "quotes/_find_items.html", context)


@action()
def add_line_of_item(request: TenantRequest, row: Quote) -> str:
    """Add a line of an item, or the lines of a kit."""
    option = posted_option(request, row)
    if kit_uid := request.POST.get("kit", ""):
        kit = PriceKit.objects.filter(uid=kit_uid, archived_at=None).first() if is_uuid(kit_uid) else None
        if kit is None:
            raise Refused(_("This kit is no longer in the price book."))
        add_kit(row, kit, option, by=request.member)
        return _("“%(name)s” was added.") % {"name": kit.name}
    item_uid = request.POST.get("item", "")
    item = PriceItem.objects.live().filter(uid=item_uid).first() if is_uuid(item_uid) else None
    if item is None:
        raise Refused(_("This item is no longer in the price book."))
    add_item(row, item, option, by=request.member)
    return _("“%(name)s” was added.") % {"name": item.name}


@action(ask=show_line_form)
def add_line(request: TenantRequest, row: Quote) -> str:
    """Add a line that is typed."""
    with line_form_errors(request, row):
        line = row.add_line(by=request.member, **read_line_form(request, row, None))
    return _("“%(name)s” was added.") % {"name": line.name}


@require("quotes.edit")
@require_safe
def line_form(request: TenantRequest, uid: UUID, line: UUID) -> HttpResponse:
    """Show the form of a line: its texts, price, cost, tax, discount and option."""
    row = visible_quote(request.member, uid)
    found_line = get_object_or_404(QuoteLine.objects.filter(version=row.newest_version()), uid=line)
    return show_line_form(request, row, found_line)


def _posted_line(request: TenantRequest, row: Quote) -> QuoteLine:
    uid = request.POST.get("line", "")
    draft = row.lock_draft()
    line: QuoteLine | None = draft.lines.filter(uid=uid).first() if is_uuid(uid) else None
    if line is None:
        raise Refused(_("This line was removed."))
    return line


@action()
def change_line(request: TenantRequest, row: Quote) -> str:
    """Change a line as its form says."""
    line = _posted_line(request, row)
    with line_form_errors(request, row, line):
        columns = read_line_form(request, row, line)
        if columns["unit_price"] != line.unit_price:
            columns |= {"priced_on": None, "kept_until": None}
        row.change_lines({line.pk: columns}, by=request.member)
    return _("Saved.")


@action()
def remove_line(request: TenantRequest, row: Quote) -> str:
    """Remove a line."""
    line = _posted_line(request, row)
    row.remove_line(line.pk, by=request.member)
    return _("“%(name)s” was removed.") % {"name": line.name}


@action()
def move_line(request: TenantRequest, row: Quote) -> str:
    """Move a line up or down among the lines of its group that the page shows: those of one option."""
    line = _posted_line(request, row)
    content = VersionContent(row.newest_version())
    option = posted_option(request, row, "option")
    option_id = line.option_id or (option.pk if option else content.proposed_id)
    lines = [one.pk for one in content.lines_of(option_id) if one.is_optional == line.is_optional]
    place = lines.index(line.pk)
    if request.POST.get("to") == "up" and place == 0:
        return ""
    before: int | None = None
    if request.POST.get("to") == "up":
        before = lines[place - 1]
    elif place + 2 < len(lines):
        before = lines[place + 2]
    row.move_line(line.pk, before=before, by=request.member)
    return ""


def _book_price(row: Quote, line: QuoteLine) -> ItemPrice | None:
    """Return today's price of a line's item; None for a free line, or an item without a price."""
    if line.item is None:
        return None
    return LinePricing(row).prices_of([line.item]).get(line.item.pk)


@action()
def use_book_price(request: TenantRequest, row: Quote) -> str:
    """Take over the book's price of today for a line."""
    line = _posted_line(request, row)
    price = _book_price(row, line)
    if price is None:
        raise Refused(_("The price book has no price for it any more."))
    columns = {"unit_price": price.price, "unit_cost": price.cost, "priced_on": row.today(), "kept_until": None}
    row.change_lines({line.pk: columns}, by=request.member)
    return _("“%(name)s” has the price of today.") % {"name": line.name}


@action()
def keep_price(request: TenantRequest, row: Quote) -> str:
    """Keep the older price of a line as long as the quote is valid. Its cost is that of today."""
    line = _posted_line(request, row)
    columns: dict[str, Any] = {"kept_until": row.last_day_of_draft()}
    price = _book_price(row, line)
    if price:
        columns["unit_cost"] = price.cost
    row.change_lines({line.pk: columns}, by=request.member)
    return _("“%(name)s” keeps its price.") % {"name": line.name}


def _ask_discount(request: TenantRequest, row: Quote) -> HttpResponse:
    country = directory().brands[row.brand_id].country
    version = row.newest_version()
    values = {
        "percent": plain_percent(version.discount_ppm, country) if version.discount_ppm else "",
        "amount": plain_amount(version.discount_amount, row.currency, country) if version.discount_amount else "",
    }
    return sheet(request, row, "quotes/_discount_form.html", {"values": values})


@action(ask=_ask_discount)
def discount(request: TenantRequest, row: Quote) -> str:
    """Set the discount on the whole: a percentage or an amount."""
    country = directory().brands[row.brand_id].country
    ppm = parse_percent(request.POST.get("percent", ""), country)
    typed = request.POST.get("amount", "").strip()
    amount = parse_amount(typed, row) if typed else 0
    if ppm and amount:
        raise Refused(_("Enter a percentage or an amount, not both."))
    row.set_discount(Discount(amount, ppm), by=request.member)
    return _("Saved.")


def _ask_like(request: TenantRequest, row: Quote) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    others = Quote.objects.visible_to(request.member).exclude(pk=row.pk)
    others = others.filter(brand_id=row.brand_id, currency=row.currency)
    number = read_number(text.casefold().removeprefix("q").lstrip("- "))
    if number:
        others = others.filter(number=number)
    elif text:
        others = others.filter(title__icontains=text)
    newest = others.select_related("job").order_by("-changed_at", "-pk")[:MOST_FOUND]
    return sheet(request, row, "quotes/_like_form.html", {"q": text, "others": newest})


@action(ask=_ask_like)
def like(request: TenantRequest, row: Quote) -> str:
    """Add the options and lines of another quote, at the prices and taxes of today."""
    uid = request.POST.get("like", "")
    others = Quote.objects.visible_to(request.member).filter(currency=row.currency)
    other = others.filter(uid=uid).first() if is_uuid(uid) else None
    if other is None:
        raise Refused(_("Choose a quote."))
    content = template_content(VersionContent(other.newest_version()))
    add_content(row, content, by=request.member)
    return _("The lines of %(quote)s were added.") % {"quote": other.code}
