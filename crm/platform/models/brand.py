"""Brand: a business entity of a tenant, with its own address, numbers, hours, language and look."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.platform import clock
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import TenantForeignKey, public_id
from crm.platform.refusal import Refused


class Brand(Archivable):
    """A business entity of a tenant."""

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
    is_default = models.BooleanField(default=False)

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
    def create(cls, *, by: Any, **fields: Any) -> "Brand":
        """A new brand. Raises IntegrityError for a name that is taken."""
        brand: Brand = cls.objects.create(**fields)
        brand.refresh_from_db(fields=["uid"])
        brand._record("brand.created", by)
        return brand

    @transaction.atomic
    def edit(self, *, by: Any, **fields: Any) -> None:
        """Change it. Jobs keep their currency; open clocks follow its calendar. The same values record nothing."""
        held = self._held()
        changed = sorted(name for name, value in fields.items() if getattr(held, name) != value)
        for name, value in fields.items():
            setattr(self, name, value)
        if changed:
            self.save(update_fields=changed)
            self._record("brand.edited", by, {"fields": changed})

    @transaction.atomic
    def make_default(self, *, by: Any) -> None:
        """Work that names no brand is this one's from now on. Raises Refused for an archived one."""
        held = self._held()
        if held.is_default:
            return
        if held.archived_at:
            raise Refused(_("An archived brand cannot be the default."))
        for brand in (*type(self).objects.filter(is_default=True), held):
            brand.is_default = brand.pk == held.pk
            brand.save(update_fields=["is_default"])
        self.is_default = True
        self._record("brand.made_default", by)

    @transaction.atomic
    def archive(self, *, by: Any) -> None:
        """No new job may be this brand’s; old ones keep it. Again: nothing. Raises Refused for the default."""
        held = self._held()
        if held.archived_at is None:
            if held.is_default:
                raise Refused(_("The default brand stays: make another one the default first."))
            held._set_archived(clock.now(), "brand.archived", by)

    @transaction.atomic
    def restore(self, *, by: Any) -> None:
        """Let new jobs choose it again."""
        held = self._held()
        if held.archived_at is not None:
            held._set_archived(None, "brand.restored", by)
