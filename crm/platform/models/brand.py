"""Brand: a business entity of a tenant, with its own address, numbers, hours, language and look."""

from django.db import models

from crm.platform.models.base import ConfigurationModel, TenantForeignKey, public_id


class Brand(ConfigurationModel):
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
    archived_at = models.DateTimeField(null=True, blank=True)

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
