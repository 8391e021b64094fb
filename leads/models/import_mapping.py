"""ImportMapping: the choices made for files with the same column names."""

from django.db import models

from crm.kernel import clock
from crm.platform.models import TenantModel


class ImportMapping(TenantModel):
    """Choices for files with these column names, proposed for the next one."""

    # The hash of the names, in order.
    signature = models.CharField(max_length=64)
    choices = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "signature"], name="import_mapping_is_one_a_signature")
        ]

    def __str__(self) -> str:
        return self.signature
