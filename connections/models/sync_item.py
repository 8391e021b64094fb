"""SyncItem: a record that waits to be sent or taken over, or a dead letter that waits for a person."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connections.models.connection import Connection
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id

# Begins the remote id of what was read from an uploaded file: no synchronization reads that again.
OF_FILE = "file:"


class SyncItemQuerySet(TenantQuerySet["SyncItem"]):
    def waiting(self) -> Self:
        return self.filter(dead_at=None)

    def dead(self) -> Self:
        """Filter the dead letters: what could not be sent or taken over, and waits for a person."""
        return self.filter(dead_at__isnull=False)

    def in_order(self) -> Self:
        """Oldest first: an invoice before its payment."""
        return self.order_by("at", "pk")


class SyncItem(TenantModel):
    """One record of a connection that waits, or that a person has to look at."""

    uid = public_id()
    connection = TenantForeignKey(Connection, models.CASCADE, related_name="items")
    # What it is, as the connection's kind calls it: "invoice", "payment", "job".
    noun = models.CharField(max_length=20)
    # The record here; null for one of the other system.
    subject_id = models.BigIntegerField(null=True, blank=True)
    # The record there; blank for one of ours.
    remote_id = models.CharField(max_length=120, blank=True)
    # How a person recognizes it: "INV-2026-0031". No name of a customer.
    label = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Why it can't be sent or taken over, as a sentence; and since when that is known.
    reason = models.CharField(max_length=400, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)

    connection_id: int

    objects: ClassVar[Any] = TenantManager.from_queryset(SyncItemQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="sync_item_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "connection", "noun", "subject_id", "remote_id"],
                nulls_distinct=False,
                name="record_waits_once_in_a_connection",
            ),
            models.CheckConstraint(
                condition=Q(dead_at__isnull=True, reason="") | Q(dead_at__isnull=False) & ~Q(reason=""),
                name="dead_letter_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(subject_id__isnull=False) | ~Q(remote_id=""), name="sync_item_is_about_a_record"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "connection", "at"], condition=Q(dead_at__isnull=True), name="sync_item_waiting"
            ),
            models.Index(
                fields=["tenant", "connection", "dead_at"], condition=Q(dead_at__isnull=False), name="sync_item_dead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.label or self.subject_id or self.remote_id}"

    @property
    def is_inbound(self) -> bool:
        return self.subject_id is None

    @property
    def is_of_file(self) -> bool:
        """True for a row of an uploaded file, which is settled by uploading the file again."""
        return self.remote_id.startswith(OF_FILE)

    @classmethod
    def queue(cls, connection_id: int, noun: str, ids: Iterable[int], *, at: datetime | None = None) -> None:
        """Have records of ours sent, in their order. One that is being sent now is sent again; so is a dead letter."""
        ids = list(ids)
        of_these = cls.objects.filter(connection_id=connection_id, noun=noun, subject_id__in=ids)
        of_these.update(dead_at=None, reason="", attempts=0)
        now = at or clock.now()
        rows = [cls(connection_id=connection_id, noun=noun, subject_id=pk, at=now) for pk in ids]
        cls.objects.bulk_create(rows, ignore_conflicts=True)

    @classmethod
    def park(cls, connection_id: int, noun: str, remote_id: str, reason: str, *, label: str = "") -> None:
        """Keep a record of the other system that can't be taken over, once. Idempotent."""
        cls.objects.update_or_create(
            connection_id=connection_id,
            noun=noun,
            subject_id=None,
            remote_id=remote_id[:120],
            defaults={"reason": reason[:400], "dead_at": clock.now()},
            create_defaults={"label": label[:80], "reason": reason[:400], "dead_at": clock.now()},
        )

    @classmethod
    def settle(cls, connection_id: int, noun: str, remote_id: str) -> None:
        """Remove the dead letter of a record of the other system that was taken over after all. Idempotent."""
        rows = cls.objects.filter(connection_id=connection_id, noun=noun, subject_id=None, remote_id=remote_id[:120])
        rows.delete()

    def bury(self, reason: str, *, label: str = "") -> None:
        """Make it a dead letter: it is not tried again until a person says so."""
        self.reason = reason[:400] or str(_("The other system refused it."))
        self.dead_at = clock.now()
        self.label = label[:80] or self.label
        self.save(update_fields=["reason", "dead_at", "label"])
        events.record("connection.item_refused", subject=self.connection, by=None, data={"noun": self.noun})

    @classmethod
    @transaction.atomic
    def replay(cls, rows: models.QuerySet["SyncItem"], *, by: Member) -> int:
        """Try dead letters again; return how many. Those of the other system are taken over at its next reading.

        Rows of an uploaded file are left out: `SyncItem.settle` removes them once the file was taken over.
        """
        dead = cls.lock_all(rows.exclude(remote_id__startswith=OF_FILE).filter(dead_at__isnull=False))
        for row in dead:
            row.dead_at = None
            row.reason = ""
            row.attempts = 0
            row.save(update_fields=["dead_at", "reason", "attempts"])
        for connection in Connection.objects.filter(pk__in={row.connection_id for row in dead}):
            own = [row for row in dead if row.connection_id == connection.pk]
            events.record("connection.replayed", subject=connection, by=by, data={"count": len(own)})
            if any(row.is_inbound for row in own):
                connection.read_again()
            if connection.is_working:
                connection.schedule()
        return len(dead)

    @transaction.atomic
    def dismiss(self, *, by: Member) -> None:
        """Leave it as it is: it was settled by hand."""
        events.record("connection.dismissed", subject=self.connection, by=by, data={"noun": self.noun})
        self.delete()
