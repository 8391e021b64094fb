"""RoleVisibility: which sections of the portal a role in a job sees, where a tenant chose others than usual."""

from django.db import models

from crm.jobs.models import JobParty
from crm.platform.models.base import ConfigurationModel


class RoleVisibility(ConfigurationModel):
    """What a role sees; a role without a row sees what portal/access/policy.py says."""

    role = models.CharField(max_length=16, choices=JobParty.Role)
    sections = models.JSONField(default=list)

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "role visibilities"
        constraints = [models.UniqueConstraint(fields=["tenant", "role"], name="role_visibility_is_one_a_role")]

    def __str__(self) -> str:
        return f"{self.role}: {', '.join(self.sections)}"
