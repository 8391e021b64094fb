"""InvoiceFollowUp: a follow-up that is about an invoice."""

from django.db import models

from billing.models.invoice import Invoice
from crm.platform.models import TenantForeignKey, TenantModel
from followups.models import FollowUp


class InvoiceFollowUp(TenantModel):
    """A follow-up that is about an invoice; the follow-up itself refers to the invoice's job and customer."""

    invoice_id: int
    follow_up_id: int

    invoice = TenantForeignKey(Invoice, models.CASCADE, related_name="+")
    follow_up = TenantForeignKey(FollowUp, models.CASCADE, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "follow_up"], name="invoice_follow_up_is_about_one_invoice")
        ]
        indexes = [models.Index(fields=["tenant", "invoice"], name="follow_up_of_invoice")]

    def __str__(self) -> str:
        return f"follow-up {self.follow_up_id} about invoice {self.invoice_id}"
