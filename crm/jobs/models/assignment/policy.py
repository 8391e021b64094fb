"""AssignmentPolicy: the usual limit of one kind of work, and how its load is counted."""

from django.db import models, transaction
from django.db.models import Q

from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration


class AssignmentPolicy(ConfigurationModel):
    """Settings of one kind of work. Assignment locks this row, so that only one worker chooses at a time."""

    # The key of an AssignableWork (crm/jobs/assignment/work.py).
    kind = models.CharField(max_length=20)
    # How much a member takes by default; null: no limit. Work that waits on us counts 1.
    limit = models.PositiveSmallIntegerField(null=True, blank=True)
    # What work that waits on the customer counts, in percent of work that waits on us.
    waiting_percent = models.PositiveSmallIntegerField(default=30)
    # Not seen for so long, a member counts as away. Clicks are noted to ten minutes.
    away_minutes = models.PositiveSmallIntegerField(default=30)

    FIELDS = ("limit", "waiting_percent", "away_minutes")

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "assignment policies"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind"], name="assignment_policy_is_once_a_kind"),
            models.CheckConstraint(condition=Q(waiting_percent__lte=100), name="waiting_work_weighs_no_more"),
        ]

    def __str__(self) -> str:
        return self.kind

    @classmethod
    def of(cls, kind: str) -> "AssignmentPolicy":
        """Return a kind's policy, creating it with the defaults if needed."""
        policy: AssignmentPolicy = cls.objects.filter(kind=kind).first() or cls.objects.get_or_create(kind=kind)[0]
        return policy

    @classmethod
    @transaction.atomic
    def set(cls, kind: str, *, by: Member | None, **fields: int | None) -> None:
        """Set FIELDS of a kind. Idempotent."""
        lock_configuration()
        policy = cls.of(kind)
        changed = set_fields(policy, fields)
        if changed:
            policy.save(update_fields=changed)
            events.record("assignment_policy.changed", subject=policy, by=by, data={"kind": kind, "fields": changed})
