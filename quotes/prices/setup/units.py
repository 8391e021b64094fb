"""Settings: the units items are counted in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid, select_field, text_field
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page
from quotes.permissions import EDIT_PRICES
from quotes.prices.models import PriceUnit
from quotes.prices.models.price_unit import PIECE, price_units

# UN/ECE Recommendation 20: those that trades use.
UNIT_CODES = [
    (PIECE, gettext_lazy("Pieces")),
    ("LS", gettext_lazy("A whole job")),
    ("HUR", gettext_lazy("Hours")),
    ("DAY", gettext_lazy("Days")),
    ("MON", gettext_lazy("Months")),
    ("ANN", gettext_lazy("Years")),
    ("MTR", gettext_lazy("Metres")),
    ("MTK", gettext_lazy("Square metres")),
    ("MTQ", gettext_lazy("Cubic metres")),
    ("KGM", gettext_lazy("Kilograms")),
    ("LTR", gettext_lazy("Litres")),
    ("KMT", gettext_lazy("Kilometres")),
    ("SET", gettext_lazy("Sets")),
    ("ST", gettext_lazy("Sheets")),
    ("FOT", gettext_lazy("Feet")),
    ("FTK", gettext_lazy("Square feet")),
    ("YRD", gettext_lazy("Yards")),
    ("SQR", gettext_lazy("Squares of roof")),
]


class PriceUnitForm(forms.Form):
    """Form of a unit: the word on quotes, and what it is to programs."""

    name = text_field(gettext_lazy("Word on quotes"), 20)
    code = select_field(gettext_lazy("It counts"), UNIT_CODES)

    def __init__(self, posted: Any = None, *, row: PriceUnit | None = None) -> None:
        unit = row or PriceUnit()
        initial = {"name": unit.name, "code": unit.code}
        super().__init__(posted, initial=initial, auto_id=f"unit-{row.pk if row else 'new'}-%s")


def version() -> str:
    """Hash what the page's forms show."""
    return version_of([(row.pk, row.name, row.code, row.archived_at) for row in price_units().values()])


ROWS = NamedRows(
    address="prices:%s_unit",
    none=gettext_lazy("No units yet."),
    new=gettext_lazy("New unit"),
    add=gettext_lazy("Add unit"),
    facts="quotes/prices/_unit_facts.html",
    longest=20,
)


@settings_page("prices:units", EDIT_PRICES, ROWS, version=version)
def units(request: TenantRequest) -> Context:
    """Show the units."""
    posted = request.POST if request.path.endswith("/units/add/") else None
    labels = dict(UNIT_CODES)
    rows = list(price_units().values())
    for row in rows:
        row.counts = labels.get(row.code, row.code)  # type: ignore[attr-defined]
    return row_context(rows, lambda row: PriceUnitForm(row=row)) | {"new": PriceUnitForm(posted)}


def _posted_values(request: TenantRequest, row: PriceUnit | None) -> Context:
    return require_valid(PriceUnitForm(request.POST, row=row)).cleaned_data


add_unit, edit_unit, archive_unit, restore_unit = units.row_actions(PriceUnit, _posted_values)
