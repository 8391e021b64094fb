"""SyncLogEntry: a synchronization of a connection that ended, for the log on its page."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from connections.models.connection import Connection
from connections.models.connection_state import ConnectionProblem
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel

# Of each connection, the newest.
KEPT_ENTRIES = 50


class SyncLogEntry(TenantModel):
    """A synchronization: when, how long, how many records it sent, received and refused, and what was wrong."""

    connection = TenantForeignKey(Connection, models.CASCADE, related_name="log")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(default=clock.now)
    sent = models.PositiveIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    # Blank: it worked.
    problem = models.CharField(max_length=12, choices=ConnectionProblem, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="synchronization_ends_after_start")
        ]
        indexes = [models.Index(fields=["tenant", "connection", "-id"], name="sync_log_newest")]

    def __str__(self) -> str:
        return f"{self.started_at} of {self.connection_id}"

    @classmethod
    def write(
        cls, connection_id: int, started_at: datetime, *, sent: int, received: int, refused: int, problem: str = ""
    ) -> None:
        """Write an entry, and delete those that are no longer shown. The connection's row is locked."""
        cls.objects.create(
            connection_id=connection_id,
            started_at=started_at,
            # The clock may have been set back meanwhile.
            ended_at=max(clock.now(), started_at),
            sent=sent,
            received=received,
            refused=refused,
            problem=problem,
        )
        rows = cls.objects.filter(connection_id=connection_id).order_by("-pk")
        oldest = rows.values_list("pk", flat=True)[KEPT_ENTRIES - 1 : KEPT_ENTRIES].first()
        if oldest is not None:
            cls.objects.filter(connection_id=connection_id, pk__lt=oldest).delete()
