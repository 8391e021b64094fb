"""Merge: a merge of two records of one person, its member, and all moved rows, so that it can be undone."""

from django.db import models

from crm.kernel import clock
from crm.people.models.person import Person
from crm.platform.models import TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class Merge(TenantModel):
    """A person record merged into another."""

    uid = public_id()
    kept = TenantForeignKey(Person, models.CASCADE, related_name="+")
    merged = TenantForeignKey(Person, models.CASCADE, related_name="+")
    member = TenantForeignKey("platform.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    # By "app.model.column": the ids of rows that pointed to the merged person and were turned to the kept one.
    moved = models.JSONField(default=dict)
    # By "app.model": rows the kept person had already, so they were deleted; all their values, to make them again.
    doubles = models.JSONField(default=dict)
    # Columns of the kept person that took another value: what they held before, and what they took.
    gained = models.JSONField(default=dict)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        indexes = [models.Index(fields=["tenant", "-at"], name="merge_at")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="merge_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "merged"],
                condition=models.Q(taken_back_at=None),
                name="person_is_merged_into_one_other",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.kept_id}"
