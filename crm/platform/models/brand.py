"""Brand: a business entity of a tenant, with its own address, numbers, hours, language and look."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.refusal import Refused
from crm.platform.models.archivable import HasDefault
from crm.platform.models.base import public_id
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.member import Member
from crm.platform.tenancy.tenant_model import TenantForeignKey


class Brand(HasDefault):
    """A business entity of a tenant. New jobs may not choose an archived one; old ones keep it."""

    noun = "brand"
    archived_is_no_default = gettext_lazy("An archived brand cannot be the default.")

    uid = public_id()
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=8)
    hue = models.PositiveSmallIntegerField(default=258)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=32, blank=True)
    # Whose hours its clocks count; null counts the tenant's default calendar.
    calendar = TenantForeignKey("platform.BusinessCalendar", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="brand_name_is_unique"),
            models.UniqueConstraint(fields=["tenant", "uid"], name="brand_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_default=True), name="tenant_has_one_default_brand"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def create(cls, *, by: Member | None, **fields: Any) -> "Brand":
        """Create a brand. Raises IntegrityError for a name that is taken."""
        brand: Brand = cls.objects.create(**fields)
        brand.refresh_from_db(fields=["uid"])
        brand._record("brand.created", by)
        return brand

    @transaction.atomic
    def edit(self, *, by: Member | None, **fields: Any) -> None:
        """Change its fields. Jobs keep their currency; open clocks follow its calendar. No change: no event."""
        self._lock_with_configuration()
        changed = set_fields(self, fields)
        if changed:
            self.save(update_fields=changed)
            self._record("brand.edited", by, {"fields": changed})

    def _refuse_if_needed(self) -> None:
        if self.is_default:
            raise Refused(_("The default brand can’t be archived. Make another brand the default first."))
