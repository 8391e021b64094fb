"""FieldRule: a line of a connection's mapping: what is what there, which way it goes, and who wins."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext as _

from connections.models.connection import Connection
from connections.models.connection_state import SyncDirection, WhoWins
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel


@dataclass(frozen=True)
class FieldRuleDraft:
    """A line of a mapping: our field, the field there, the direction, and which version counts."""

    ours: str
    theirs: str
    direction: str = SyncDirection.OUT
    wins: str = WhoWins.OURS


class FieldRule(TenantModel):
    """A line of a connection's mapping."""

    connection = TenantForeignKey(Connection, models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField()
    ours = models.CharField(max_length=80)
    theirs = models.CharField(max_length=200)
    direction = models.CharField(max_length=5, choices=SyncDirection, default=SyncDirection.OUT)
    wins = models.CharField(max_length=6, choices=WhoWins, default=WhoWins.OURS)

    class Meta:
        base_manager_name = "objects"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "connection", "ours"], name="field_is_mapped_once"),
            models.UniqueConstraint(
                fields=["tenant", "connection", "position"],
                name="field_rule_position_is_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ours} is {self.theirs}"

    @classmethod
    @transaction.atomic
    def set_all(cls, connection: Connection, drafts: Sequence[FieldRuleDraft], *, by: Member | None) -> None:
        """Replace the mapping of a connection. Idempotent. Raises Refused if a field of ours is mapped twice."""
        connection.lock()
        if len({draft.ours for draft in drafts}) != len(drafts):
            raise Refused(_("A field of ours is mapped twice."))
        rows = [cls(connection=connection, position=place, **vars(draft)) for place, draft in enumerate(drafts)]
        before = [(row.ours, row.theirs, row.direction, row.wins) for row in cls.objects.filter(connection=connection)]
        if before == [(row.ours, row.theirs, row.direction, row.wins) for row in rows]:
            return
        cls.objects.filter(connection=connection).delete()
        cls.objects.bulk_create(rows)
        if before:
            events.record("connection.mapped", subject=connection, by=by, data={"count": len(rows)})
