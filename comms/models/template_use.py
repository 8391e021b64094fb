"""TemplateUse: use counts of a template per step, for ordering the picker."""

from django.db import models, transaction
from django.db.models import F

from comms.models.medium import Medium
from comms.models.template import Template
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel


class TemplateUse(TenantModel):
    """The uses of a template in a step by a medium. Contains no customer and no member."""

    template = TenantForeignKey(Template, models.CASCADE, related_name="+")
    # Null: there was no job, or it was in no step.
    stage = TenantForeignKey("jobs.Stage", models.CASCADE, null=True, blank=True, related_name="+")
    medium = models.CharField(max_length=8, choices=Medium)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "template", "stage", "medium"],
                nulls_distinct=False,
                name="template_use_is_one_a_step_and_medium",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.stage_id} {self.count}"

    @classmethod
    @transaction.atomic
    def count_one(cls, template_id: int, stage_id: int | None, medium: str) -> None:
        """Count one use; concurrent calls create the row once."""
        where = {"template_id": template_id, "stage_id": stage_id, "medium": medium}
        now = clock.now()
        _row, is_new = cls.objects.get_or_create(**where, defaults={"count": 1, "last_at": now})
        if not is_new:
            cls.objects.filter(**where).update(count=F("count") + 1, last_at=now)
