"""QuoteTerms: what new quotes of a brand begin with, and its margin floor. DiscountLimit: what a role may give away."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.amounts import MILLION
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Brand, Member, Role, TenantForeignKey
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant, directory
from quotes.sums import TaxMode, TaxRounding

MOST_DAYS = 365
# Where prices are quoted without sales tax; elsewhere customers read prices with VAT.
TAX_ON_TOP = frozenset({"US", "CA"})


class ReviewWhen(models.TextChoices):
    """Which signed contracts somebody reviews before they are agreed."""

    NEVER = "never", gettext_lazy("No: it is agreed once the customer signs")
    ABOVE = "above", gettext_lazy("Above an amount")
    ALWAYS = "always", gettext_lazy("Always")


class QuoteTerms(ConfigurationModel):
    """What new quotes of a brand begin with."""

    FIELDS: ClassVar[tuple[str, ...]] = (
        *("tax_mode", "tax_rounding", "valid_days", "answer_days", "deposit_ppm", "margin_floor_ppm"),
        *("approval_hours", "review_when", "review_above", "review_role", "review_member_id", "review_hours", "terms"),
    )

    brand = TenantForeignKey(Brand, models.CASCADE, related_name="+")
    tax_mode = models.CharField(max_length=8, choices=TaxMode, default=TaxMode.ADDED)
    tax_rounding = models.CharField(max_length=5, choices=TaxRounding, default=TaxRounding.TOTAL)
    # How long a quote can be accepted; and after how many days without an answer it is late.
    valid_days = models.PositiveSmallIntegerField(default=30)
    answer_days = models.PositiveSmallIntegerField(default=3)
    deposit_ppm = models.PositiveIntegerField(default=300_000)
    # Below this margin a quote needs an approval; 0: at no margin.
    margin_floor_ppm = models.PositiveIntegerField(default=0)
    # Working hours in which an approver decides.
    approval_hours = models.PositiveSmallIntegerField(default=4)
    # Review of signed contracts: which, by whom (a member, else a role), and within how many working hours.
    review_when = models.CharField(max_length=6, choices=ReviewWhen, default=ReviewWhen.NEVER)
    review_above = models.BigIntegerField(default=0)
    review_role = models.CharField(max_length=16, choices=Role, default=Role.MANAGER)
    review_member = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    review_hours = models.PositiveSmallIntegerField(default=8)
    terms = models.TextField(blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "brand"], name="quote_terms_are_once_a_brand"),
            models.CheckConstraint(
                condition=Q(deposit_ppm__lte=MILLION, margin_floor_ppm__lte=MILLION)
                & Q(valid_days__gt=0, answer_days__gt=0, approval_hours__gt=0),
                name="quote_terms_are_possible",
            ),
            models.CheckConstraint(
                condition=Q(review_above__gte=0, review_hours__gt=0), name="contract_review_is_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"terms of brand {self.brand_id}"

    @classmethod
    @transaction.atomic
    def set_terms(cls, brand: Brand, *, by: Member | None, **fields: Any) -> "QuoteTerms":
        """Set what new quotes of a brand begin with. Idempotent. Raises Refused for what is out of bounds."""
        lock_configuration()
        row: QuoteTerms | None = cls.objects.filter(brand=brand).first()
        is_new = row is None
        row = row or default_terms(brand)
        changed = set_fields(row, fields)
        row._check()
        if is_new or changed:
            row.save()
            events.record("quote_terms.set", subject=row, by=by, data={"fields": changed})
        return row

    def _check(self) -> None:
        if not 1 <= self.valid_days <= MOST_DAYS or not 1 <= self.answer_days <= MOST_DAYS:
            raise Refused(_("Enter a number of days from 1 to %(most)s.") % {"most": MOST_DAYS})
        if not 1 <= self.approval_hours <= 200 or not 1 <= self.review_hours <= 200:
            raise Refused(_("Enter a number of hours from 1 to 200."))
        if self.deposit_ppm > MILLION or self.margin_floor_ppm > MILLION:
            raise Refused(_("Enter a percentage from 0 to 100."))
        if self.review_when not in ReviewWhen.values or self.review_above < 0:
            raise Refused(_("Choose which contracts are reviewed, and from which amount."))
        if self.tax_mode not in TaxMode.values or self.tax_rounding not in TaxRounding.values:
            raise Refused(_("Choose how taxes are shown and rounded."))


def default_terms(brand: Brand) -> QuoteTerms:
    """Return the terms of a brand that has set none, unsaved."""
    mode = TaxMode.ADDED if brand.country in TAX_ON_TOP else TaxMode.INCLUDED
    return QuoteTerms(brand=brand, tax_mode=mode)


@cached_per_tenant
def all_terms() -> dict[int, QuoteTerms]:
    """Return the terms that were set, by brand id. Treat them as read-only."""
    return {row.brand_id: row for row in QuoteTerms.objects.all()}


def terms_of(brand_id: int) -> QuoteTerms:
    """Return the terms of a brand."""
    return all_terms().get(brand_id) or default_terms(directory().brands[brand_id])


class DiscountLimit(ConfigurationModel):
    """The largest discount a role may give without an approval, as a share of the price."""

    role = models.CharField(max_length=16, choices=Role)
    most_ppm = models.PositiveIntegerField()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "role"], name="discount_limit_is_once_a_role"),
            models.CheckConstraint(condition=Q(most_ppm__lte=MILLION), name="discount_limit_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.most_ppm}"

    @classmethod
    @transaction.atomic
    def set_limit(cls, role: str, most_ppm: int, *, by: Member | None) -> None:
        """Set the limit of a role. Idempotent. Raises Refused for more than everything."""
        lock_configuration()
        if not 0 <= most_ppm <= MILLION:
            raise Refused(_("Enter a percentage from 0 to 100."))
        if limit_of(role) == most_ppm:
            return
        row, _is_new = cls.objects.update_or_create(role=Role(role), defaults={"most_ppm": most_ppm})
        events.record("discount_limit.set", subject=row, by=by, data={"role": role, "most": most_ppm})


# Until a tenant sets its own.
DEFAULT_LIMITS = {Role.REP: 50_000, Role.SERVICE: 0, Role.MANAGER: 150_000, Role.ADMIN: MILLION}


@cached_per_tenant
def discount_limits() -> dict[str, int]:
    """Return the limit of every role, in parts per million. Treat it as read-only."""
    stored = dict(DiscountLimit.objects.values_list("role", "most_ppm"))
    return {str(role): stored.get(role, DEFAULT_LIMITS[role]) for role in Role}


def limit_of(role: str) -> int:
    """Return the largest discount of a role, in parts per million."""
    return discount_limits()[role]
