"""Pipeline: the steps a kind of job goes through. It is archived, never deleted: its jobs keep it."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.pipelines.phase import Phase
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.archivable import HasDefault
from crm.platform.models.base import public_id
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import rename_row, renumber, unused_name


class PipelineType(models.TextChoices):
    """Type of a pipeline's jobs. Upper apps adapt their choices to it, such as the types of follow-ups."""

    WORK = "work", gettext_lazy("Work at a customer’s: quotes, visits, crews")
    CASES = "cases", gettext_lazy("Cases: applications, papers, tests")


class WorkType(models.TextChoices):
    """The kind of customers that work is done for. A pipeline for both has none."""

    RESIDENTIAL = "home", gettext_lazy("Residential")
    COMMERCIAL = "business", gettext_lazy("Commercial")


class ProgressDrawing(models.TextChoices):
    """The drawing that fills up on the customer's page as the work progresses."""

    BAR = "bar", gettext_lazy("A bar")
    ROOF = "roof", gettext_lazy("A roof")


class Pipeline(HasDefault):
    """A sequence of steps for one kind of job, e.g. Re-roof or Insurance."""

    noun = "pipeline"
    archived_is_no_default = gettext_lazy("An archived pipeline takes no new leads. Restore it first.")

    uid = public_id()
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    type = models.CharField(max_length=8, choices=PipelineType, default=PipelineType.WORK)
    work_type = models.CharField(max_length=8, choices=WorkType, blank=True, default="", db_default="")
    drawing = models.CharField(max_length=8, choices=ProgressDrawing, default=ProgressDrawing.BAR)

    # The reverse sides of Stage and StageTarget.
    stages: Any
    targets: Any

    class Meta:
        base_manager_name = "objects"
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="pipeline_name_is_unique"),
            models.UniqueConstraint(fields=["tenant", "uid"], name="pipeline_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_default=True), name="tenant_has_one_default_pipeline"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def add(
        cls, name: str, *, like: "Pipeline | None" = None, begins_empty: bool = False, by: Member | None
    ) -> "Pipeline":
        """Add a pipeline, with a copy of another's live steps and targets, or with a step named after each phase.

        `begins_empty`: without steps, as an import adds its own. Raises Refused for a name that is taken.
        """
        lock_configuration()
        others = list(cls.objects.all())
        pipeline: Pipeline = cls.objects.create(
            name=unused_name(cls, name, others),
            position=len(others),
            is_default=not others,
            type=like.type if like else PipelineType.WORK,
            work_type=like.work_type if like else "",
            drawing=like.drawing if like else ProgressDrawing.BAR,
        )
        pipeline.refresh_from_db(fields=["uid"])
        if like is None:
            phases = Phase.objects.none() if begins_empty else Phase.objects.order_by("position")
            for at, phase in enumerate(phases):
                pipeline.stages.create(phase=phase, name=phase.name, position=at)
        else:
            pipeline._copy(like)
        data = {"like": like.pk if like else None}
        events.record("pipeline.added", subject=pipeline, by=by, data=data)
        return pipeline

    def _copy(self, other: "Pipeline") -> None:
        copies: dict[int | None, Any] = {None: None}
        for stage in other.stages.filter(archived_at=None).order_by("position", "pk"):
            copies[stage.pk] = self.stages.create(
                phase_id=stage.phase_id,
                name=stage.name,
                position=stage.position,
                customer_texts=stage.customer_texts,
                guidance=stage.guidance,
                key_fields=stage.key_fields,
                exit_criteria=stage.exit_criteria,
                is_quoted=stage.is_quoted,
            )
        for target in other.targets.filter(models.Q(stage=None) | models.Q(stage__in=list(filter(None, copies)))):
            target.pk, target.pipeline, target.stage = None, self, copies[target.stage_id]
            target.save(force_insert=True)

    def rename(self, name: str, *, by: Member | None) -> None:
        """Rename it. Raises Refused for a name that is taken."""
        rename_row(self, name, Pipeline.objects.all(), "pipeline.renamed", by)

    @transaction.atomic
    def set_type(self, value: str, *, by: Member | None) -> None:
        """Set the type of its jobs. Idempotent. Raises ValueError for an unknown type."""
        lock_configuration()
        if self.type == PipelineType(value):
            return
        before = self.type
        self.type = PipelineType(value)
        self.save(update_fields=["type"])
        events.record("pipeline.typed", subject=self, by=by, data={"from": before, "to": self.type})

    @transaction.atomic
    def set_work_type(self, value: str, *, by: Member | None) -> None:
        """Set the work type; "" means both. Idempotent. Raises ValueError for an unknown type."""
        lock_configuration()
        work_type = ""
        if value:
            work_type = WorkType(value)
        if self.work_type == work_type:
            return
        before = self.work_type
        self.work_type = work_type
        self.save(update_fields=["work_type"])
        data = {"from": before, "to": self.work_type}
        events.record("pipeline.work_type_set", subject=self, by=by, data=data)

    @transaction.atomic
    def draw(self, value: str, *, by: Member | None) -> None:
        """Set the progress drawing that customers see. Idempotent. Raises ValueError for an unknown drawing."""
        lock_configuration()
        if self.drawing == ProgressDrawing(value):
            return
        before = self.drawing
        self.drawing = ProgressDrawing(value)
        self.save(update_fields=["drawing"])
        events.record("pipeline.drawn", subject=self, by=by, data={"from": before, "to": self.drawing})

    @transaction.atomic
    def quote_from(self, stage: Any, *, by: Member | None) -> None:
        """Set the first step whose jobs count as quoted; None derives it from the phases. Idempotent.

        Raises Refused for an archived step, ValueError for another pipeline's.
        """
        lock_configuration()
        if stage is not None and stage.pipeline_id != self.pk:
            raise ValueError(stage)
        if stage is not None and stage.archived_at:
            raise Refused(_("That step is archived."))
        before = self.stages.filter(is_quoted=True).first()
        if before == stage:
            return
        for row, is_quoted in ((before, False), (stage, True)):
            if row is not None:
                row.is_quoted = is_quoted
                row.save(update_fields=["is_quoted"])
        data = {"from": before.pk if before else None, "to": stage.pk if stage else None}
        events.record("pipeline.quoted_from", subject=self, by=by, data=data)

    @transaction.atomic
    def move(self, *, before: "Pipeline | None", by: Member | None) -> None:
        """Move it in front of another in the list, or last."""
        lock_configuration()
        if renumber(Pipeline.objects.order_by("position", "name"), self, before):
            events.record("pipeline.moved", subject=self, by=by, data={"before": before.pk if before else None})

    def _refuse_if_needed(self) -> None:
        if self.is_default:
            raise Refused(_("New leads start in this pipeline. Make another one the default first."))
