"""ContactPreference: how often and in which time zone somebody wants to be contacted."""

from django.db import models

from crm.platform.models import TenantForeignKey, TenantModel


class ContactPreference(TenantModel):
    """The wishes of an address or number towards one brand, beyond consent."""

    key = models.CharField(max_length=64)
    brand = TenantForeignKey("platform.Brand", models.PROTECT, related_name="+")
    # At most so many messages in seven days that are not about work in hand; null: as the organization has it.
    weekly_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    # By which clock their day begins and ends; blank: as far as it can be told.
    time_zone = models.CharField(max_length=64, blank=True)
    # From when until when of their day nothing is sent there; null: as the brand has it.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key", "brand"], name="contact_preference_is_one"),
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__gt=models.F("quiet_until")),
                name="quiet_hours_are_over_night",
            ),
        ]

    def __str__(self) -> str:
        return f"preference {self.pk}"
