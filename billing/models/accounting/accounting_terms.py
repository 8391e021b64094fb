"""AccountingTerms: a brand's accounting system, with the accounts and tax codes of its bookkeeping."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from crm.platform.events import events
from crm.platform.models import Brand, Member, TenantForeignKey
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant


class AccountingSystem(models.TextChoices):
    EXACT = "exact", "Exact Online"
    MONEYBIRD = "moneybird", "Moneybird"
    QUICKBOOKS = "quickbooks", "QuickBooks Online"
    XERO = "xero", "Xero"
    DATEV = "datev", "DATEV"
    UBL = "ubl", _("Another system that reads UBL")


FIELD_LABELS = {
    "sales_account": _("Sales account"),
    "debtors_account": _("Receivables account"),
    "journal": _("Sales journal (Exact Online)"),
    "item": _("Product or service (QuickBooks Online)"),
    "adviser": _("Tax adviser’s number (DATEV)"),
    "client": _("Client number (DATEV)"),
}
# Without these a system's file can't be imported.
REQUIRED = {
    AccountingSystem.EXACT: ("sales_account", "journal"),
    AccountingSystem.QUICKBOOKS: ("item",),
    AccountingSystem.XERO: ("sales_account",),
    AccountingSystem.DATEV: ("sales_account", "debtors_account", "adviser", "client"),
}


class AccountingTerms(ConfigurationModel):
    """The accounts and codes of a brand's bookkeeping, as its accounting system names them."""

    brand = TenantForeignKey(Brand, models.CASCADE, related_name="+")
    system = models.CharField(max_length=12, choices=AccountingSystem)
    sales_account = models.CharField(max_length=40, blank=True)
    debtors_account = models.CharField(max_length=40, blank=True)
    # Of Exact Online, the journal of sales; of QuickBooks Online, the product or service of each line.
    journal = models.CharField(max_length=40, blank=True)
    item = models.CharField(max_length=100, blank=True)
    # Of DATEV, the numbers of the adviser and of the client.
    adviser = models.CharField(max_length=7, blank=True)
    client = models.CharField(max_length=5, blank=True)
    # By rate in parts per million, and the reason of a rate of 0: {"210000": "VH", "0:reverse": "VI"}.
    tax_codes = models.JSONField(default=dict)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "brand"], name="brand_has_one_set_of_accounting_terms")
        ]

    def __str__(self) -> str:
        return f"accounting of brand {self.brand_id}"

    @property
    def missing_fields(self) -> list[str]:
        """The labels of what its system's file needs and is not entered."""
        required = REQUIRED.get(AccountingSystem(self.system), ())
        return [str(FIELD_LABELS[name]) for name in required if not getattr(self, name)]

    @classmethod
    @transaction.atomic
    def set_for(cls, brand: Brand, *, by: Member | None, **fields: Any) -> None:
        """Set a brand's accounting terms. Idempotent."""
        lock_configuration()
        row = cls.objects.filter(brand=brand).first() or cls(brand=brand)
        changed = set_fields(row, fields)
        if not changed and row.pk:
            return
        row.save()
        events.record("accounting_terms.set", subject=row, by=by, data={"fields": changed})


@cached_per_tenant
def _terms() -> dict[int, AccountingTerms]:
    return {row.brand_id: row for row in AccountingTerms.objects.all()}


def accounting_terms_of(brand_id: int) -> AccountingTerms | None:
    """Return a brand's accounting terms; None before they are set."""
    return _terms().get(brand_id)
