"""JobParty: a person involved in a job, and their role."""

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel

if TYPE_CHECKING:
    from crm.jobs.models.job import Job
    from crm.people.models import Person


class JobParty(TenantModel):
    """A person with a role in a job, including its customer."""

    class PartyRole(models.TextChoices):
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
    role = models.CharField(max_length=16, choices=PartyRole, default=PartyRole.CUSTOMER)

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "job parties"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "job", "person", "role"], name="party_is_once_in_a_job")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} of {self.job_id}"

    @classmethod
    @transaction.atomic
    def involve(cls, job: "Job", person: "Person", role: str, *, by: Member | None) -> "JobParty":
        """Give a person a role in a job. Idempotent. Raises Refused for the customer role or an unknown role."""
        if role not in cls.PartyRole.values or role == cls.PartyRole.CUSTOMER:
            raise Refused(gettext("Choose a role."))
        party: JobParty
        party, is_new = cls.objects.get_or_create(job=job, person=person, role=role)
        if is_new:
            data = {"role": role, "person": person.pk}
            events.record("job.party_added", subject=job, by=by, job_id=job.pk, data=data)
        return party

    @transaction.atomic
    def end(self, *, by: Member | None) -> None:
        """Remove the role. Raises Refused for the customer's role, which is set by the job itself."""
        if self.role == self.PartyRole.CUSTOMER:
            raise Refused(gettext("Whose job it is says the job itself."))
        data = {"role": self.role, "person": self.person_id}
        if JobParty.objects.filter(pk=self.pk).delete()[0]:
            events.record("job.party_removed", subject=self.job, by=by, job_id=self.job_id, data=data)
