"""MailboxDay: how many emails of a connected mailbox were stored and skipped on a day."""

from datetime import date

from django.db import models
from django.db.models import F

from comms.models.mail.mailbox_connection import MailboxConnection
from crm.platform.models import TenantForeignKey, TenantModel


class MailboxDay(TenantModel):
    """The counts of a day. Of what was skipped nothing else is stored."""

    connection = TenantForeignKey(MailboxConnection, models.CASCADE, related_name="days")
    on = models.DateField()
    stored = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "connection", "on"], name="mailbox_day_is_once_a_connection")
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.stored} stored, {self.skipped} skipped"

    @classmethod
    def add(cls, connection_id: int, on: date, *, stored: int = 0, skipped: int = 0) -> None:
        """Add to the counts of a day."""
        row, _is_new = cls.objects.get_or_create(connection_id=connection_id, on=on)
        cls.objects.filter(pk=row.pk).update(stored=F("stored") + stored, skipped=F("skipped") + skipped)
