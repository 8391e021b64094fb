"""Settings: tax classes, such as standard and reduced rate."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid, select_field, text_field
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page
from quotes.permissions import EDIT_PRICES
from quotes.taxes.models import TaxClass, TaxClassKind
from quotes.taxes.models.tax_class import tax_classes


class TaxClassForm(forms.Form):
    """Form of a tax class."""

    name = text_field(gettext_lazy("Name"), 60)
    kind = select_field(gettext_lazy("Tax"), TaxClassKind.choices)

    def __init__(self, posted: Any = None, *, row: TaxClass | None = None) -> None:
        tax_class = row or TaxClass()
        initial = {"name": tax_class.name, "kind": tax_class.kind}
        super().__init__(posted, initial=initial, auto_id=f"class-{row.pk if row else 'new'}-%s")


def version() -> str:
    """Hash what the page's forms show."""
    rows = tax_classes().values()
    return version_of([(row.pk, row.name, row.kind, row.is_default, row.archived_at) for row in rows])


ROWS = NamedRows(
    address="taxes:%s_class",
    none=gettext_lazy("No tax classes yet."),
    new=gettext_lazy("New tax class"),
    add=gettext_lazy("Add tax class"),
    facts="quotes/taxes/_class_facts.html",
)


@settings_page("taxes:classes", EDIT_PRICES, ROWS, version=version)
def class_page(request: TenantRequest) -> Context:
    """Show the tax classes."""
    posted = request.POST if request.path.endswith("/classes/add/") else None
    return row_context(tax_classes().values(), lambda row: TaxClassForm(row=row)) | {"new": TaxClassForm(posted)}


def _posted_values(request: TenantRequest, row: TaxClass | None) -> Context:
    return require_valid(TaxClassForm(request.POST, row=row)).cleaned_data


add_class, edit_class, archive_class, restore_class = class_page.row_actions(TaxClass, _posted_values)


def _find_class(pk: int) -> TaxClass:
    row: TaxClass = get_object_or_404(TaxClass.objects.all(), pk=pk)
    return row


@class_page.action(_find_class)
def make_default(request: TenantRequest, row: TaxClass) -> str:
    """Make a class the one of new items and free lines."""
    row.make_default(by=request.member)
    return _("“%(name)s” is the default now.") % {"name": row.name}
