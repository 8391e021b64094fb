"""Phase: a column of the bar, shared by all pipelines of a tenant, so that their bars line up."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import rename_row, renumber, unused_name

FEWEST = 3
MOST = 8


class Phase(ConfigurationModel):
    """One of the 3 to 8 phases all pipelines of a tenant share; a column of the bar."""

    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    # What stands in it is sold: work is delivered, and its customer is the service team's.
    is_sold = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="phase_name_is_unique"),
            models.CheckConstraint(condition=models.Q(position__lt=8), name="phases_are_eight_at_most"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def add(cls, name: str, *, by: Member | None) -> "Phase":
        """Add a phase after the others. Raises Refused at eight, or for a name that is taken."""
        lock_configuration()
        phases = list(cls.objects.all())
        if len(phases) >= MOST:
            raise Refused(_("No more than eight phases: on a phone they would be too narrow to read."))
        phase: Phase = cls.objects.create(name=unused_name(cls, name, phases), position=len(phases))
        events.record("phase.added", subject=phase, by=by)
        return phase

    def rename(self, name: str, *, by: Member | None) -> None:
        """Rename it. Raises Refused for a name that is taken."""
        rename_row(self, name, Phase.objects.all(), "phase.renamed", by)

    @transaction.atomic
    def set_sold(self, is_sold: bool, *, by: Member | None) -> None:
        """Set whether jobs in this phase count as sold. Idempotent."""
        lock_configuration()
        self.refresh_from_db()
        if self.is_sold != is_sold:
            self.is_sold = is_sold
            self.save(update_fields=["is_sold"])
            events.record("phase.sold_set", subject=self, by=by, data={"is_sold": is_sold})

    @transaction.atomic
    def move(self, *, before: "Phase | None", by: Member | None) -> None:
        """Move it in front of another, or to the end; its steps move with it, in every pipeline."""
        lock_configuration()
        if renumber(Phase.objects.order_by("position"), self, before):
            events.record("phase.moved", subject=self, by=by, data={"before": before.pk if before else None})

    @transaction.atomic
    def remove(self, *, into: "Phase", by: Member | None) -> None:
        """Delete it; its steps, archived ones too, join another phase. Jobs stay as they are: bars are rendered again.

        Raises Refused when fewer than three would be left.
        """
        lock_configuration()
        rest = list(Phase.objects.exclude(pk=self.pk).order_by("position"))
        if len(rest) < FEWEST:
            raise Refused(_("At least three phases."))
        if into not in rest:
            raise Refused(_("Choose another phase for its steps."))
        moved = _join_phase(self, into)
        data: dict[str, Any] = {"name": self.name, "into": into.pk, "steps": moved}
        events.record("phase.removed", subject=self, by=by, data=data)
        self.delete()
        renumber(rest, None, None)


def _join_phase(phase: Phase, into: Phase) -> list[int]:
    """Move a phase's steps into another phase: before its steps if the phase came earlier, otherwise after them."""
    moved = []
    for pipeline_id in phase.stages.values_list("pipeline_id", flat=True).distinct():
        theirs, own = (
            list(one.stages.filter(pipeline_id=pipeline_id).order_by("position", "pk")) for one in (phase, into)
        )
        phase.stages.filter(pipeline_id=pipeline_id).update(phase=into)
        renumber(theirs + own if phase.position < into.position else own + theirs, None, None)
        moved += [stage.pk for stage in theirs]
    return moved
