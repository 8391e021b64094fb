"""Submission: raw input of a door, stored before it is read, and parked if it cannot be read."""

from typing import Any, ClassVar, Self

from django.db import models, transaction

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from leads.models.intake_door import IntakeDoor
from leads.models.lead import Lead


class SubmissionQuerySet(TenantQuerySet["Submission"]):
    def in_review(self) -> Self:
        return self.filter(state=Submission.SubmissionState.PARKED)

    def waiting(self) -> Self:
        """Filter submissions that are not processed yet."""
        return self.filter(state=Submission.SubmissionState.STORED)


class Submission(TenantModel):
    """A post, mail or form entry that may be a lead, and its state."""

    class SubmissionState(models.TextChoices):
        STORED = "stored"  # waits for a worker
        READ = "read"  # it opened a lead, or joined one
        PARKED = "parked"  # a person looks at it, maps it, and has it read again
        IGNORED = "ignored"  # spam, a test, or a person said so; the reason stands in `error`

    uid = public_id()
    door = TenantForeignKey(IntakeDoor, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=clock.now)
    # What tells two deliveries of one thing: the sender's own key, else a hash of the bytes.
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    content_type = models.CharField(max_length=120, blank=True)
    # Of the request, what is worth keeping: the visitor's program and address, the page it came from. Never a secret.
    headers = models.JSONField(default=dict, blank=True)
    body = models.BinaryField(blank=True, default=b"")
    # What a service told us when asked for the rest: Meta sends an id, and the answers when it is asked.
    fetched = models.BinaryField(blank=True, default=b"")
    state = models.CharField(max_length=7, choices=SubmissionState, default=SubmissionState.STORED)
    error = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    lead = TenantForeignKey(Lead, models.SET_NULL, null=True, blank=True, related_name="+")
    # Whether the lead was there before, and this is one more word of the same customer.
    joined = models.BooleanField(default=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(SubmissionQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="submission_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "door", "key"], name="submission_is_stored_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "-received_at", "-id"], name="submission_newest"),
            models.Index(fields=["tenant", "door", "-id"], name="submission_of_door"),
            models.Index(fields=["tenant", "lead"], name="submission_of_lead"),
            models.Index(
                fields=["tenant", "received_at"], condition=models.Q(state="parked"), name="submission_parked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.door_id} {self.pk} {self.state}"

    @transaction.atomic
    def park(self, why: str) -> None:
        """Park it for a person to look at, with the reason. Does nothing if it was read. Idempotent."""
        self.lock()
        if self.state in (self.SubmissionState.STORED, self.SubmissionState.PARKED):
            self._set_state(self.SubmissionState.PARKED, why)
            events.record("submission.parked", subject=self, by=None, data={"door": self.door_id})

    @transaction.atomic
    def ignore(self, why: str, *, by: Member | None) -> None:
        """Ignore it for good. One that opened a lead is not changed."""
        self.lock()
        if self.state in (self.SubmissionState.STORED, self.SubmissionState.PARKED):
            self._set_state(self.SubmissionState.IGNORED, why)
            events.record("submission.ignored", subject=self, by=by, data={"door": self.door_id})

    @transaction.atomic
    def wait_again(self, *, by: Member | None) -> None:
        """Queue a parked or ignored submission again. Does nothing in another state. Idempotent."""
        self.lock()
        if self.state in (self.SubmissionState.PARKED, self.SubmissionState.IGNORED):
            self.attempts = 0
            self._set_state(self.SubmissionState.STORED, "")
            events.record("submission.replayed", subject=self, by=by, data={"door": self.door_id})

    def become_read(self, lead: Lead, *, joined: bool) -> None:
        """Record the lead it opened or joined. The caller has locked the row."""
        self.lead = lead
        self.joined = joined
        self._set_state(self.SubmissionState.READ, "")

    def _set_state(self, state: str, why: str) -> None:
        self.state = state
        self.error = why[:500]
        self.read_at = clock.now()
        self.save(update_fields=["state", "error", "read_at", "attempts", "lead", "joined"])
