"""JobShare: a customer shares a job with another person: a spouse, a tenant, an adjuster."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext

from crm.jobs.models import Job, JobParty
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id

# Of one job at a time, and by one customer in a day.
MOST_SHARES = 10
MOST_A_DAY = 5
DAY = timedelta(days=1)
# What somebody may be to the customer who shares.
ROLES = (JobParty.PartyRole.SPOUSE, JobParty.PartyRole.RESIDENT, JobParty.PartyRole.ADJUSTER, JobParty.PartyRole.OTHER)


class JobShareQuerySet(TenantQuerySet["JobShare"]):
    def live(self) -> Self:
        """Filter shares that have not ended."""
        return self.filter(ended_at=None)


class JobShare(TenantModel):
    """A person a job is shared with, and what they see: everything, or everything but money."""

    uid = public_id()
    job = TenantForeignKey(Job, models.CASCADE, related_name="shares")
    person = TenantForeignKey(Person, models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=[(role.value, role.label) for role in ROLES])
    sees_money = models.BooleanField(default=False)
    shared_by = TenantForeignKey(Person, models.CASCADE, related_name="+")
    shared_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(JobShareQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="job_share_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "job", "person"], condition=models.Q(ended_at=None), name="job_is_shared_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} shared with {self.person_id}"

    @classmethod
    @transaction.atomic
    def share(cls, job: Job, person: Person, role: str, *, sees_money: bool, by_customer: Person) -> "JobShare":
        """Share a job with a person. Raises Refused if they see it already, without a role, or for too many shares."""
        job.lock()
        if role not in ROLES:
            raise Refused(gettext("Choose who they are to you."))
        if job.person_id == person.pk or JobParty.objects.filter(job=job, person=person).exists():
            raise Refused(gettext("They already have access."))
        sent = cls.objects.filter(shared_by=by_customer, shared_at__gt=clock.now() - DAY).count()
        if sent >= MOST_A_DAY or cls.objects.live().filter(job=job).count() >= MOST_SHARES:
            raise Refused(gettext("You can’t invite more people right now. Call us if you need to."))
        JobParty.involve(job, person, role, by=None)
        row: JobShare = cls.objects.create(
            job=job, person=person, role=role, sees_money=sees_money, shared_by=by_customer
        )
        row.refresh_from_db(fields=["uid"])
        row._record("portal.shared", None)
        return row

    @transaction.atomic
    def end(self, *, by: Member | None) -> None:
        """End the share. Idempotent. `by`: the member, or None for the customer."""
        self.job.lock()
        self.lock()
        if self.ended_at is not None:
            return
        self.ended_at = clock.now()
        self.save(update_fields=["ended_at"])
        for party in JobParty.objects.filter(job=self.job_id, person=self.person_id, role=self.role):
            party.end(by=by)
        self._record("portal.share_ended", by)

    def _record(self, kind: str, by: Member | None) -> None:
        data = {"person": self.person_id, "role": self.role, "sees_money": self.sees_money}
        events.record(kind, subject=self.job, by=by, job_id=self.job_id, data=data)
