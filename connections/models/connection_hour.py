"""ConnectionHour: what a connection did in one hour, for the marks of its health."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F

from connections.models.connection import Connection
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel

KEPT = timedelta(days=8)


class ConnectionHour(TenantModel):
    """Counts of one hour: synchronizations that worked, those that failed, and records that were refused."""

    connection = TenantForeignKey(Connection, models.CASCADE, related_name="hours")
    hour = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "connection", "hour"], name="connection_has_one_row_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.hour} of {self.connection_id}"

    @classmethod
    def count(cls, connection_id: int, *, done: int = 0, failed: int = 0, refused: int = 0) -> None:
        """Add to the counts of the present hour, and delete old hours. The connection's row is locked."""
        hour = clock.now().replace(minute=0, second=0, microsecond=0)
        row, is_new = cls.objects.get_or_create(connection_id=connection_id, hour=hour)
        cls.objects.filter(pk=row.pk).update(
            done=F("done") + done, failed=F("failed") + failed, refused=F("refused") + refused
        )
        if is_new:
            cls.objects.filter(connection_id=connection_id, hour__lt=hour - KEPT).delete()


def first_hour(now: datetime) -> datetime:
    """Return the first of the last 24 hours, this one included."""
    return now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
