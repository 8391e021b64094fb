"""Sections of the configuration file: how brands bill, reminders of late invoices, and bookkeeping."""

from typing import Any

from django.utils.translation import gettext_lazy

from billing.models import AccountingTerms, BillingTerms, DunningStep
from billing.models.dunning import own_days
from billing.setup.views import TEXTS
from crm.platform.configuration.row_content import RowContent, TableContent
from crm.platform.configuration.sections import ConfigurationSection
from crm.platform.configuration.values import WholeCodec, find_by_name
from crm.platform.features import Feature
from crm.platform.models import Brand, Member

ACCOUNTING_FIELDS = ("system", "sales_account", "debtors_account", "journal", "item", "adviser", "client", "tax_codes")
MOST_DAYS = 365


def _add_of_brand(model: Any, name: str, values: dict[str, Any], by: Member | None) -> Any:
    brand = find_by_name(Brand, name)
    model.set_for(brand, by=by, **values)
    return model.objects.get(brand=brand)


def _edit_of_brand(row: Any, values: dict[str, Any], by: Member | None) -> None:
    type(row).set_for(row.brand, by=by, **values)


def _of_brands(model: Any, fields: tuple[str, ...]) -> RowContent:
    """Return the content of a model with a row for each brand."""
    return RowContent(
        model=model,
        fields=fields,
        rows=lambda: model.objects.select_related("brand").filter(brand__archived_at=None),
        name_of=lambda row: str(row.brand.name),
        add=_add_of_brand,
        edit=_edit_of_brand,
        can_prune=False,
    )


SECTIONS: list[Feature] = [
    ConfigurationSection(
        name="billing_terms",
        label=gettext_lazy("Invoices"),
        page="billing:terms",
        content=_of_brands(BillingTerms, (*TEXTS, "due_days", "service_gate")),
    ),
    ConfigurationSection(
        name="late_invoices",
        label=gettext_lazy("Late invoices"),
        page="billing:terms",
        content=TableContent(
            models=(DunningStep,),
            get=own_days,
            save=lambda values, by: DunningStep.set_ladder(values, by=by),
            codec=WholeCodec(MOST_DAYS, may_lack=True),
        ),
    ),
    ConfigurationSection(
        name="bookkeeping",
        label=gettext_lazy("Bookkeeping"),
        page="accounting:terms",
        content=_of_brands(AccountingTerms, ACCOUNTING_FIELDS),
    ),
]
