"""PortalVisit: a page a customer opened, once per page and hour; the counterpart of the members' access log."""

from typing import ClassVar

from django.db import models

from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel
from portal.models.access import PortalAccess


class PortalVisit(TenantModel):
    """A visit of a portal page. Previews by members are not recorded."""

    app_may: ClassVar[str] = "select, insert, delete"

    access = TenantForeignKey(PortalAccess, models.CASCADE, related_name="visits")
    # The page's address by name ("portal:job"), and the number of the job it was of; 0: of none.
    page = models.CharField(max_length=40)
    number = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)
    hour = models.DateTimeField()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "access", "page", "number", "hour"], name="portal_visit_is_noted_once_an_hour"
            )
        ]
        indexes = [models.Index(fields=["tenant", "access", "-at"], name="portal_visit_order")]

    def __str__(self) -> str:
        return f"{self.page} of {self.access_id}"
