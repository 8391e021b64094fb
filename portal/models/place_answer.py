"""PlaceAnswer: a member's decision whether a job with the same place or claim belongs to a customer."""

from typing import Any, ClassVar

from django.db import models, transaction

from crm.jobs.models import Job, JobParty
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class PlaceAnswer(TenantModel):
    """The decision for one job and one person; it is not suggested again."""

    person = TenantForeignKey(Person, models.CASCADE, related_name="+")
    job = TenantForeignKey(Job, models.CASCADE, related_name="+")
    is_theirs = models.BooleanField()
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "job"], name="place_is_answered_once_a_person")
        ]

    def __str__(self) -> str:
        return f"job {self.job_id} of {self.person_id}: {self.is_theirs}"

    @classmethod
    @transaction.atomic
    def link(cls, person: Person, job: Job, role: str, *, by: Member) -> None:
        """Give a person a role in a job at one of their places. Raises Refused for an unknown role."""
        JobParty.involve(job, person, role, by=by)
        cls._save_answer(person, job, True, by)

    @classmethod
    @transaction.atomic
    def decline(cls, person: Person, job: Job, *, by: Member) -> None:
        """Record that the job belongs to somebody else; it is no longer suggested."""
        cls._save_answer(person, job, False, by)

    @classmethod
    def _save_answer(cls, person: Person, job: Job, is_theirs: bool, by: Member) -> None:
        columns = {"is_theirs": is_theirs, "by": by, "at": clock.now()}
        cls.objects.update_or_create(person=person, job=job, defaults=columns)
