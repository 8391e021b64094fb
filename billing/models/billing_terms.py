"""BillingTerms: how a brand bills: legal name, bank account, days to pay, number prefixes, hand-over to service."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from crm.platform.events import events
from crm.platform.models import Brand, Member, TenantForeignKey
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant

DUE_DAYS = 14


class ServiceGate(models.TextChoices):
    """What must be paid before a sold job goes to service."""

    NOTHING = "nothing", _("Nothing: I move it myself")
    DEPOSIT = "deposit", _("The deposit")
    ALL = "all", _("Everything that was billed")


class BillingTerms(ConfigurationModel):
    """The billing details of a brand."""

    brand = TenantForeignKey(Brand, models.CASCADE, related_name="+")
    legal_name = models.CharField(max_length=160, blank=True)
    street = models.CharField(max_length=160, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=80, blank=True)
    # Of the tax office and of the register of companies.
    vat_number = models.CharField(max_length=32, blank=True)
    register_number = models.CharField(max_length=32, blank=True)
    bank_name = models.CharField(max_length=80, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    # Where there is no IBAN: "Routing 063100277, account 000123456789".
    account = models.CharField(max_length=120, blank=True)
    due_days = models.PositiveSmallIntegerField(default=DUE_DAYS)
    invoice_prefix = models.CharField(max_length=8, blank=True)
    credit_prefix = models.CharField(max_length=8, blank=True)
    footer = models.CharField(max_length=500, blank=True)
    service_gate = models.CharField(max_length=8, choices=ServiceGate, default=ServiceGate.DEPOSIT)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "brand"], name="brand_has_one_set_of_billing_terms")]

    def __str__(self) -> str:
        return f"terms of brand {self.brand_id}"

    @classmethod
    @transaction.atomic
    def set_for(cls, brand: Brand, *, by: Member | None, **fields: Any) -> None:
        """Set a brand's terms. Idempotent."""
        lock_configuration()
        row = cls.objects.filter(brand=brand).first() or cls(brand=brand)
        changed = set_fields(row, fields)
        if not changed and row.pk:
            return
        row.save()
        events.record("billing_terms.set", subject=row, by=by, data={"fields": changed})

    def prefix_of(self, series: str) -> str:
        """Return what a number of this series begins with, e.g. "INV", "CN" or, of a commission statement, "CS"."""
        if series == "credit":
            return self.credit_prefix or _letters("CN", self.brand_id)
        if series == "partner":
            return _letters("CS", self.brand_id)
        return self.invoice_prefix or _letters("INV", self.brand_id)


def _letters(usual: str, brand_id: int) -> str:
    """Return the usual letters; for a brand that is not the default, with its number, so that no two are alike."""
    brand = Brand.objects.filter(pk=brand_id).only("is_default").first()
    if brand is not None and brand.is_default:
        return usual
    return f"{usual}{brand_id}"


@cached_per_tenant
def _terms() -> dict[int, BillingTerms]:
    return {row.brand_id: row for row in BillingTerms.objects.all()}


def terms_of(brand_id: int) -> BillingTerms:
    """Return a brand's terms, or unsaved terms with the defaults."""
    return _terms().get(brand_id) or BillingTerms(brand_id=brand_id)
