"""The form of a line: what it shows, and what was typed into it. A refusal is shown in the form, as it was typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, QueryDict

from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import InvalidForm
from crm.web.requests.http import TenantRequest
from quotes.editor.line_values import LinePricing
from quotes.editor.quote_action import posted_option, sheet
from quotes.editor.typed import parse_amount, plain_amount
from quotes.models import Quote, QuoteLine
from quotes.prices.models.price_unit import PIECE, price_units
from quotes.taxes.models.tax_class import default_tax_class, tax_classes
from quotes.typed_numbers import parse_percent, parse_quantity, plain_percent, plain_quantity

_TEXTS = ("name", "details", "quantity", "unit", "price", "cost", "discount")


def show_line_form(
    request: TenantRequest, row: Quote, line: QuoteLine | None = None, problem: str = ""
) -> HttpResponse:
    """Show the form of a line, or of a new one. With a problem, it has what was typed, and the answer is 422."""
    if problem:
        values = _typed_values(request.POST)
    elif line:
        values = _line_values(row, line)
    else:
        default = default_tax_class()
        values = {"quantity": "1", "tax_class": default.pk if default else None}
    context = {
        "line": line,
        "values": values,
        "problem": problem,
        "options": row.newest_version().read_options(),
        "units": [unit for unit in price_units().values() if unit.archived_at is None],
        "tax_classes": [one for one in tax_classes().values() if one.archived_at is None],
        "sees_margin": allows(request.member, "quotes.see_margin"),
        "chosen_option": request.GET.get("option", ""),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return sheet(request, row, "quotes/_line_form.html", context, status)


def _line_values(row: Quote, line: QuoteLine) -> dict[str, Any]:
    """Return the values of the form for a line as it is stored."""
    country = directory().brands[row.brand_id].country
    return {
        "name": line.name,
        "details": line.details,
        "quantity": plain_quantity(line.quantity, country),
        "unit": line.unit,
        "price": plain_amount(line.unit_price, row.currency, country),
        "cost": "" if line.unit_cost is None else plain_amount(line.unit_cost, row.currency, country),
        "discount": plain_percent(line.discount_ppm, country) if line.discount_ppm else "",
        "tax_class": line.tax_class_id,
        "option": str(line.option.uid) if line.option else "",
        "is_optional": line.is_optional,
    }


def _typed_values(posted: QueryDict) -> dict[str, Any]:
    """Return the values of the form as they were typed."""
    return {name: posted.get(name, "") for name in _TEXTS} | {
        "tax_class": read_number(posted.get("tax_class")),
        "option": posted.get("for", ""),
        "is_optional": "is_optional" in posted,
    }


@contextmanager
def line_form_errors(request: TenantRequest, row: Quote, line: QuoteLine | None = None) -> Iterator[None]:
    """Show the form again with the sentence of what is refused, and with what was typed."""
    try:
        yield
    except Refused as why:
        problem = str(why)
        raise InvalidForm(lambda: show_line_form(request, row, line, problem)) from None


def read_line_form(request: TenantRequest, row: Quote, line: QuoteLine | None) -> dict[str, Any]:
    """Return the columns of a line as the form has them. Raises Refused for what can't be read."""
    posted = request.POST
    country = directory().brands[row.brand_id].country
    tax_class = read_number(posted.get("tax_class"))
    unit = next((one for one in price_units().values() if one.name == posted.get("unit")), None)
    columns = {
        "name": posted.get("name", ""),
        "details": " ".join(posted.get("details", "").replace("\0", "").split())[:500],
        "unit": posted.get("unit", "").strip()[:20],
        "unit_code": unit.code if unit else PIECE,
        "quantity": parse_quantity(posted.get("quantity", ""), country),
        "unit_price": parse_amount(posted.get("price", ""), row),
        "discount_ppm": parse_percent(posted.get("discount", ""), country),
        "discount_amount": 0,
        "is_optional": "is_optional" in posted,
        "option": posted_option(request, row),
    }
    if "cost" in posted and allows(request.member, "quotes.see_margin"):
        cost = posted["cost"].strip()
        columns["unit_cost"] = parse_amount(cost, row) if cost else None
    if line is None or tax_class != line.tax_class_id:
        columns |= LinePricing(row).tax_columns(tax_class)
    return columns
