"""Onboarding: a person's progress in setting up their page, and whether they finished the tour."""

from typing import Any, ClassVar

from django.db import models, transaction

from crm.kernel import clock
from crm.people.models import Person
from crm.platform.events import events
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class Step(models.TextChoices):
    """Steps in display order. Some are done by the state of other records."""

    EMAIL = "email"
    PHONE = "phone"
    PLACES = "places"
    CLAIM = "claim"
    TEAM = "team"
    PREFERENCES = "preferences"
    DOCUMENTS = "documents"


class OnboardingQuerySet(TenantQuerySet["Onboarding"]):
    def under_way(self) -> "OnboardingQuerySet":
        """Exclude finished and dismissed ones."""
        return self.filter(ended_at=None)


class Onboarding(TenantModel):
    """A person's checklist. Each step is saved when it is done."""

    person = TenantForeignKey(Person, models.CASCADE, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    # When each step was confirmed by them, by its key.
    confirmed = models.JSONField(default=dict, blank=True)
    # When they were shown around, or did not want to be.
    toured_at = models.DateTimeField(null=True, blank=True)
    # When it was finished or put aside.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(OnboardingQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "person"], name="onboarding_is_one_a_person")]

    def __str__(self) -> str:
        return f"onboarding of {self.person_id}"

    @classmethod
    def start(cls, person: Person) -> "Onboarding":
        """Start onboarding for a person. Idempotent."""
        row: Onboarding = cls.objects.get_or_create(person=person)[0]
        return row

    @transaction.atomic
    def confirm(self, step: Step) -> None:
        """Record a step as done. Idempotent."""
        self.lock()
        if step not in self.confirmed:
            self.confirmed[str(step)] = clock.now().isoformat()
            self.save(update_fields=["confirmed"])
            events.record("onboarding.confirmed", subject=self.person, by=None, data={"step": str(step)})

    @transaction.atomic
    def finish_tour(self) -> None:
        """Record that the tour is finished. Idempotent."""
        self.lock()
        if self.toured_at is None:
            self.toured_at = clock.now()
            self.save(update_fields=["toured_at"])

    @transaction.atomic
    def end(self, *, done: bool) -> None:
        """Finish or dismiss the onboarding; the page stops offering it. Idempotent."""
        self.lock()
        if self.ended_at is None:
            self.ended_at = clock.now()
            self.save(update_fields=["ended_at"])
            kind = "onboarding.put_aside"
            if done:
                kind = "onboarding.finished"
            events.record(kind, subject=self.person, by=None)
