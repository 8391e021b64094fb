"""Supplier: a company that items are bought from; its price lists update what they cost."""

from typing import ClassVar

from django.db import models

from crm.platform.models.base import public_id
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.organization.named_rows import NamedRow


class Supplier(NamedRow):
    """A supplier. Items name their own supplier, and the number the supplier knows them by."""

    noun = "supplier"

    uid = public_id()
    name = models.CharField(max_length=120)

    FIELDS: ClassVar[tuple[str, ...]] = ()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="supplier_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "name"], name="supplier_name_is_unique"),
        ]


@cached_per_tenant
def suppliers() -> dict[int, Supplier]:
    """Return all suppliers by id, by name; archived ones too. Treat them as read-only."""
    return {row.pk: row for row in Supplier.objects.all()}
