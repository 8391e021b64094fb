"""Event: an immutable fact for timeline, audit and subscribers. Undispatched: events whose subscribers have not run."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from crm.kernel import clock
from crm.platform.database.claims import Claimable
from crm.platform.tenancy.tenant_model import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class Actor:
    """Base class of an event's actor. Member is the only subclass; a User is no actor."""

    pk: Any


class WritingTransaction(models.Func):
    """The id of the database transaction that writes the row."""

    function = "pg_current_xact_id"
    template = "%(function)s()::text::bigint"
    output_field = models.BigIntegerField()


class EventQuerySet(TenantQuerySet["Event"]):
    def of(self, subject: models.Model) -> "EventQuerySet":
        return self.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk)

    def of_job(self, job_id: int) -> "EventQuerySet":
        return self.filter(job_id=job_id)


class Event(TenantModel):
    """An immutable fact, by kind and id: it outlives its subject. Holds no personal values. Partitioned by year."""

    app_may = "select, insert"
    partition_columns = ("at",)

    at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    # The job whose timeline shows it; kind + id like the subject, for the log outlives its subject.
    job_id = models.BigIntegerField(null=True)
    actor = TenantForeignKey("platform.Member", models.PROTECT, null=True, related_name="+")
    # The event that led to this one; null for what a person did. Stops loops, answers "why".
    caused_by = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    # The transaction that wrote it: ids are counted before the commit, so they say nothing of what is visible already
    # (settled_events.py). 0 or less: of the time before this column, or of another cluster.
    transaction = models.BigIntegerField(db_default=WritingTransaction(), editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(EventQuerySet)()

    class Meta:
        base_manager_name = "objects"
        indexes = [
            # The timeline of a job, newest first.
            models.Index(
                fields=["tenant", "job_id", "-id"], condition=models.Q(job_id__isnull=False), name="event_job"
            ),
            # "Who changed this" of any record.
            models.Index(fields=["tenant", "subject_kind", "subject_id", "-id"], name="event_subject"),
            # A day of the log: events are written about as they happen, so that a few blocks hold it, and the index
            # costs a write next to nothing.
            BrinIndex(fields=["tenant", "at"], name="event_day"),
            # The order in which programs read them.
            models.Index(fields=["tenant", "transaction", "id"], name="event_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind}:{self.subject_id}"


class Undispatched(Claimable):
    """An event whose subscribers have not run."""

    claim_order = "in_bulk, run_at, id"

    event_id = models.BigIntegerField(unique=True)
    # Its event's, of which it is made in one statement: there it is checked.
    tenant = models.ForeignKey("platform.Tenant", models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    run_at = models.DateTimeField(default=clock.now, null=True)
    # Of very many recorded at once: dispatched after what people did one by one.
    in_bulk = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name_plural = "undispatched"
        indexes = [
            models.Index(fields=["run_at"], name="undispatched_run_at"),
            models.Index(fields=["tenant", "in_bulk", "run_at"], name="undispatched_share"),
        ]

    def __str__(self) -> str:
        return f"event {self.event_id}"
