"""LinkedRecord: a record of ours and the one of the other system that it is there."""

from typing import Any

from django.db import models
from django.db.models import Q

from connections.models.connection import Connection
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel


class LinkedRecord(TenantModel):
    """A record of ours with its id in the other system. Records are linked by id, never by their words."""

    connection = TenantForeignKey(Connection, models.CASCADE, related_name="links")
    noun = models.CharField(max_length=20)
    # The id here, or a key of the record: "J12" for a customer who is a job without a person.
    local_key = models.CharField(max_length=40)
    remote_id = models.CharField(max_length=120)
    # The version there that we know: a SyncToken, a version number or a time of change.
    version = models.CharField(max_length=80, blank=True)
    # Hash of what was sent last.
    fingerprint = models.CharField(max_length=64, blank=True)
    linked_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "connection", "noun", "local_key"], name="record_is_linked_once_in_a_connection"
            ),
            models.UniqueConstraint(
                fields=["tenant", "connection", "noun", "remote_id"], name="remote_record_is_linked_once"
            ),
            models.CheckConstraint(condition=~Q(remote_id=""), name="linked_record_has_a_remote_id"),
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.local_key} is {self.remote_id}"

    @classmethod
    def store(cls, connection_id: int, noun: str, local_key: Any, remote_id: str, **values: Any) -> "LinkedRecord":
        """Note what a record is in the other system. Idempotent."""
        row, _is_new = cls.objects.update_or_create(
            connection_id=connection_id,
            noun=noun,
            local_key=str(local_key),
            defaults={"remote_id": remote_id, "sent_at": clock.now()} | values,
        )
        link: LinkedRecord = row
        return link
