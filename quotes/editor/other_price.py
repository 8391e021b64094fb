"""Another price next to the quote's: a competitor's, or what the customer had expected; its form and its words."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from crm.kernel import formats
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from quotes.editor.quote_action import action, sheet
from quotes.editor.typed import parse_amount, plain_amount
from quotes.models import Quote
from quotes.models.price_gap import percent_above

# From so many percent on, above the other price, the gap is marked.
LATE = 5
CRIT = 20


@dataclass(frozen=True)
class OtherPrice:
    """Words of the other price, and of the gap with the class of how large it is."""

    words: str
    gap: str
    css: str


def read_other_price(request: TenantRequest, row: Quote) -> int | None:
    """Return the posted amount in minor units; None for an empty field. Raises Refused for what is no amount."""
    text = request.POST.get("other_price", "").strip()
    if text:
        return parse_amount(text, row)
    return None


def describe_other_price(row: Quote, reader: Reader) -> OtherPrice | None:
    """Return what the quote is compared with, and how far it lies above; None without another price."""
    if row.other_price is None:
        return None
    price = formats.money(row.other_price, row.currency, reader.country, reader.language)
    words = _("They have another price: %(price)s") % {"price": price}
    if row.other_company:
        words = _("%(company)s asks %(price)s") % {"company": row.other_company, "price": price}
    percent = percent_above(row.total, row.other_price)
    css = "ok"
    if percent >= CRIT:
        css = "crit"
    elif percent >= LATE:
        css = "late"
    if percent > 0:
        gap = _("ours is %(percent)s%% higher") % {"percent": percent}
    elif percent < 0:
        gap = _("ours is %(percent)s%% lower") % {"percent": -percent}
    else:
        gap = _("ours is the same")
    return OtherPrice(words, gap, css)


def _ask_other_price(request: TenantRequest, row: Quote) -> HttpResponse:
    price = ""
    if row.other_price is not None:
        price = plain_amount(row.other_price, row.currency, directory().brands[row.brand_id].country)
    return sheet(request, row, "quotes/_other_price_form.html", {"price": price})


@action(ask=_ask_other_price)
def note_other_price(request: TenantRequest, row: Quote) -> str:
    """Note another price; an empty field takes it back."""
    row.note_other_price(read_other_price(request, row), request.POST.get("other_company", ""), by=request.member)
    return _("Saved.")
