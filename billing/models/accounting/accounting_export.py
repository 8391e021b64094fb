"""AccountingExport and ExportedInvoice: the record of each export to accounting and its invoices."""

from django.db import models

from billing.models.accounting.accounting_terms import AccountingSystem
from billing.models.invoice import Invoice
from crm.kernel import clock
from crm.platform.models import Brand, Member, StoredFile, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class AccountingExport(TenantModel):
    """An export of the invoices of a brand and period."""

    app_may = "select, insert"

    uid = public_id()
    brand = TenantForeignKey(Brand, models.PROTECT, related_name="+")
    system = models.CharField(max_length=12, choices=AccountingSystem)
    first_day = models.DateField()
    last_day = models.DateField()
    at = models.DateTimeField(default=clock.now)
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # The bytes are deleted after a month, as those of every export.
    file = TenantForeignKey(StoredFile, models.PROTECT, related_name="+")
    invoices = models.PositiveIntegerField()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="accounting_export_uid_is_unique")]
        indexes = [models.Index(fields=["tenant", "brand", "-at"], name="accounting_export_order")]

    def __str__(self) -> str:
        return f"{self.system} {self.first_day} to {self.last_day}"


class ExportedInvoice(TenantModel):
    """An invoice in an export."""

    app_may = "select, insert"

    export = TenantForeignKey(AccountingExport, models.CASCADE, related_name="lines")
    invoice = TenantForeignKey(Invoice, models.PROTECT, related_name="exports")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "export", "invoice"], name="invoice_is_once_in_an_export")
        ]
        indexes = [models.Index(fields=["tenant", "invoice"], name="export_of_invoice")]

    def __str__(self) -> str:
        return f"{self.invoice_id} in {self.export_id}"
