"""Settings: suppliers."""

from django.utils.translation import gettext_lazy

from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page
from quotes.permissions import EDIT_PRICES
from quotes.prices.models import Supplier
from quotes.prices.models.supplier import suppliers


def version() -> str:
    """Hash what the page's forms show."""
    return version_of([(row.pk, row.name, row.archived_at) for row in suppliers().values()])


ROWS = NamedRows(
    address="prices:%s_supplier",
    none=gettext_lazy("No suppliers yet."),
    new=gettext_lazy("New supplier"),
    add=gettext_lazy("Add supplier"),
    facts="quotes/prices/_supplier_facts.html",
    fields="quotes/prices/_supplier_fields.html",
    longest=120,
)


@settings_page("prices:suppliers", EDIT_PRICES, ROWS, version=version)
def supplier_page(request: TenantRequest) -> Context:
    """Show the suppliers."""
    return row_context(suppliers().values())


def _posted_values(request: TenantRequest, row: Supplier | None) -> Context:
    return {"name": request.POST.get("name", "")}


add_supplier, edit_supplier, archive_supplier, restore_supplier = supplier_page.row_actions(Supplier, _posted_values)
