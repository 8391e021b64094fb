"""JobParty: a person involved in a job, and their role."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.platform.models import TenantForeignKey, TenantModel


class JobParty(TenantModel):
    """A person with a role in a job, beside its customer or as one."""

    class Role(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        OWNER = "owner", _("Owner")
        SPOUSE = "spouse", _("Spouse")
        PROPERTY_MANAGER = "property_manager", _("Property manager")
        RESIDENT = "resident", _("Resident")
        ADJUSTER = "adjuster", _("Adjuster")
        PARTNER = "partner", _("Partner")
        OTHER = "other", _("Other")

    job = TenantForeignKey("jobs.Job", models.CASCADE, related_name="parties")
    person = TenantForeignKey("people.Person", models.PROTECT, related_name="job_roles")
    role = models.CharField(max_length=16, choices=Role, default=Role.CUSTOMER)

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "job parties"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "job", "person", "role"], name="party_is_once_in_a_job")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} of {self.job_id}"
