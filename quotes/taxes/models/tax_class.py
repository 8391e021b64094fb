"""TaxClass: what kind of goods or services an item is to the tax office, e.g. standard or reduced rate."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.refusal import Refused
from crm.platform.models.archivable import HasDefault
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.organization.named_rows import NamedRow


class TaxClassKind(models.TextChoices):
    """Whether a class bears tax; those that don't differ in what an invoice says of them."""

    TAXED = "taxed", gettext_lazy("Taxed")
    ZERO = "zero", gettext_lazy("Zero rate")
    EXEMPT = "exempt", gettext_lazy("Exempt")


class TaxClass(NamedRow, HasDefault):
    """A tax class. The default is that of new items and of lines without an item."""

    noun = "tax_class"
    archived_is_no_default = gettext_lazy("An archived tax class can’t be the default.")

    uid = public_id()
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=6, choices=TaxClassKind, default=TaxClassKind.TAXED)

    FIELDS: ClassVar[tuple[str, ...]] = ("kind",)

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "tax classes"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="tax_class_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "name"], name="tax_class_name_is_unique"),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(is_default=True), name="tenant_has_one_default_tax_class"
            ),
        ]

    def _refuse_if_needed(self) -> None:
        if self.is_default:
            raise Refused(_("The default tax class can’t be archived. Make another one the default first."))

    def _check(self) -> None:
        if self.kind not in TaxClassKind.values:
            raise Refused(_("Choose whether the class is taxed."))


@cached_per_tenant
def tax_classes() -> dict[int, TaxClass]:
    """Return all tax classes by id, in the order they were added; archived ones too. Treat them as read-only."""
    return {row.pk: row for row in TaxClass.objects.all()}


def default_tax_class() -> TaxClass | None:
    """Return the tenant's default tax class; None where it has none."""
    return next((row for row in tax_classes().values() if row.is_default), None)
