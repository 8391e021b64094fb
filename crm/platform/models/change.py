"""Change: the columns an act altered, kept for a while so that it can be undone (crm/platform/undo.py)."""

from datetime import timedelta

from django.db import models

from crm.kernel import clock
from crm.platform.models.base import public_id
from crm.platform.tenancy.tenant_model import TenantForeignKey, TenantModel


class Change(TenantModel):
    """An act of one member that can be undone, on one row or on many."""

    uid = public_id()
    # What was done, as its event is called: "job.moved".
    kind = models.CharField(max_length=64)
    member = TenantForeignKey("platform.Member", models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)

    # How long a toast offers to undo it; and how long it is possible, from the page of recent changes.
    OFFERED = timedelta(seconds=15)
    POSSIBLE = timedelta(days=1)

    class Meta:
        base_manager_name = "objects"
        indexes = [models.Index(fields=["tenant", "at"], name="change_at")]
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="change_uid_is_unique")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class ChangedRow(TenantModel):
    """A row that an act altered: its columns before and after, by model and id, as the row may be deleted."""

    change = TenantForeignKey(Change, models.CASCADE, related_name="rows")
    # The model's label, in small letters.
    model = models.CharField(max_length=64)
    row_id = models.BigIntegerField()
    # Null: the act created the row.
    before = models.JSONField(null=True)
    after = models.JSONField()
    # Related values before the act, as the model keeps them (`Undoable.undo_context`).
    context = models.JSONField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "change", "model", "row_id"], name="change_has_a_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.row_id} in {self.change_id}"
