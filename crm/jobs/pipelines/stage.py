"""Stage: a step of a pipeline. Edits update no job and lose no history: bars are rendered from the current steps."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.jobs.pipelines.phase import Phase
from crm.jobs.pipelines.pipeline import Pipeline
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import rename_row, renumber, unused_name

# More would be sections too narrow to point at.
MOST = 40
LONGEST_TITLE = 60
LONGEST_TEXT = 240
# More than five are not read at a glance.
MOST_KEY_FIELDS = 5
LONGEST_GUIDANCE = 600
# What an exit criterion does where it is not met.
WARN = "warn"
BLOCK = "block"


class CustomerText(NamedTuple):
    """Text of a step for customers: its title, and a sentence shown while the job is in the step."""

    title: str
    text: str


class Stage(ConfigurationModel):
    """A step of a pipeline, in one of the phases."""

    pipeline = TenantForeignKey(Pipeline, models.PROTECT, related_name="stages")
    phase = TenantForeignKey(Phase, models.PROTECT, related_name="stages")
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    archived_at = models.DateTimeField(null=True, blank=True)
    # Where the jobs in an archived step go; null: they stay until somebody moves them.
    successor = TenantForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    # What customers read of it, [title, sentence] by language; none: the step is not on their line.
    customer_texts = models.JSONField(default=dict, blank=True)
    # What is to be done in it, the key fields its leads show, and what it asks for before one goes on: "warn" or
    # "block" by key field (crm/jobs/pipelines/key_fields.py).
    guidance = models.CharField(max_length=LONGEST_GUIDANCE, blank=True)
    key_fields = models.JSONField(default=list, blank=True)
    exit_criteria = models.JSONField(default=dict, blank=True)
    # From here on its pipeline's jobs count as quoted; without one as the phases have it (PipelineSetup.quoted_from).
    is_quoted = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        ordering = ["pipeline", "position"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "pipeline", "name"], name="stage_name_is_unique_in_a_pipeline"),
            models.UniqueConstraint(
                fields=["tenant", "pipeline"],
                condition=models.Q(is_quoted=True),
                name="pipeline_is_quoted_from_one_step",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "pipeline", "position"], name="stage_order")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def add(cls, pipeline: Pipeline, phase: Phase, name: str, *, by: Member | None) -> "Stage":
        """Add a step at the end of a phase. Raises Refused for a name that is taken, or when there are forty."""
        lock_configuration()
        steps = list(cls.objects.filter(pipeline=pipeline))
        if sum(step.archived_at is None for step in steps) >= MOST:
            raise Refused(_("No more than 40 steps."))
        name = unused_name(cls, name, steps)
        stage: Stage = cls.objects.create(pipeline=pipeline, phase=phase, name=name, position=len(steps))
        renumber(_in_order(pipeline.pk), None, None)
        events.record("stage.added", subject=stage, by=by, data={"pipeline": pipeline.pk, "phase": phase.pk})
        return stage

    def rename(self, name: str, *, by: Member | None) -> None:
        """Rename it, on every bar. Raises Refused for a name that is taken."""
        rename_row(self, name, Stage.objects.filter(pipeline=self.pipeline_id), "stage.renamed", by)

    @property
    def is_told(self) -> bool:
        """True if the step has a text for customers."""
        return bool(self.customer_texts)

    def customer_text(self, languages: Iterable[str]) -> CustomerText | None:
        """Return the text for customers in the first of these languages that it has, else in any."""
        for language in (*languages, *self.customer_texts):
            if language in self.customer_texts:
                return CustomerText(*self.customer_texts[language])
        return None

    @transaction.atomic
    def tell_customers(self, texts: Mapping[str, CustomerText], *, by: Member | None) -> None:
        """Set the texts for customers by language. A text without a title is removed. Idempotent.

        Raises Refused for a text that is too long, or a sentence without a title.
        """
        lock_configuration()
        self.refresh_from_db()
        customer_texts = {language: list(text) for language, text in _tidy_texts(texts).items()}
        if customer_texts != self.customer_texts:
            self.customer_texts = customer_texts
            self.save(update_fields=["customer_texts"])
            events.record("stage.told_customers", subject=self, by=by, data={"languages": sorted(customer_texts)})

    @transaction.atomic
    def guide(
        self, guidance: str, key_fields: Iterable[str], exit_criteria: Mapping[str, str], *, by: Member | None
    ) -> None:
        """Set the step's guidance, key fields and exit criteria. Idempotent.

        Raises Refused for more than five key fields, or a text that is too long.
        """
        lock_configuration()
        self.refresh_from_db()
        new = {
            "guidance": "\n".join(" ".join(line.split()) for line in guidance.replace("\0", "").strip().splitlines()),
            "key_fields": list(dict.fromkeys(key_fields)),
            "exit_criteria": {key: strength for key, strength in exit_criteria.items() if strength in (WARN, BLOCK)},
        }
        if len(new["key_fields"]) > MOST_KEY_FIELDS:
            raise Refused(_("No more than five key fields."))
        if len(new["guidance"]) > LONGEST_GUIDANCE:
            raise Refused(_("The text has %(most)s characters at most.") % {"most": LONGEST_GUIDANCE})
        changed = set_fields(self, new)
        if changed:
            self.save(update_fields=changed)
            data = {"fields": changed, "exit_criteria": self.exit_criteria}
            events.record("stage.guided", subject=self, by=by, data=data)

    @transaction.atomic
    def move(self, phase: Phase, *, before: "Stage | None", by: Member | None) -> None:
        """Move it into a phase, in front of one of its steps, or to the end. Jobs stay in the step."""
        lock_configuration()
        was = self.phase_id
        if was != phase.pk:
            self.phase = phase
            self.save(update_fields=["phase"])
        steps = _in_order(self.pipeline_id)
        last = next((step for step in steps if _position_of(step)[0] > phase.position and step.pk != self.pk), None)
        if renumber(steps, self, before if before and before.phase_id == phase.pk else last) or was != phase.pk:
            data = {"from": was, "to": phase.pk, "position": self.position}
            events.record("stage.moved", subject=self, by=by, data=data)

    @transaction.atomic
    def archive(self, *, into: "Stage | None", by: Member | None, stay: bool = False) -> None:
        """Archive it. Its jobs move to `into`; with `stay`, they remain until somebody moves them.

        Past stays keep it, in history and in bars. Raises Refused for the last step of a pipeline, and where open
        jobs stand in it and nobody said what becomes of them.
        """
        lock_configuration()
        self.refresh_from_db()
        if self.archived_at:
            return
        rest = Stage.objects.filter(pipeline=self.pipeline_id, archived_at=None).exclude(pk=self.pk)
        if not rest.exists():
            raise Refused(_("A pipeline keeps at least one step."))
        if into is not None and not rest.filter(pk=into.pk).exists():
            raise Refused(_("The leads can only go to another step of this pipeline."))
        if into is None and not stay and self.standing():
            raise Refused(_("It has open leads. Choose first which step they go to, or that they stay."))
        self.archived_at = clock.now()
        self.successor = into
        self.save(update_fields=["archived_at", "successor"])
        data: dict[str, Any] = {"into": into.pk if into else None}
        events.record("stage.archived", subject=self, by=by, data=data)

    def standing(self) -> bool:
        """Return True if open jobs are in the step now."""
        jobs: Any = self._meta.apps.get_model("jobs", "Job")
        return bool(jobs.objects.open().filter(stage=self).exists())

    @transaction.atomic
    def restore(self, *, by: Member | None) -> None:
        """Restore it at its former position."""
        lock_configuration()
        self.refresh_from_db()
        if self.archived_at:
            self.archived_at = None
            self.successor = None
            self.save(update_fields=["archived_at", "successor"])
            events.record("stage.restored", subject=self, by=by)


def _tidy_texts(texts: Mapping[str, CustomerText]) -> dict[str, CustomerText]:
    tidied = {}
    for language, (title, text) in texts.items():
        title, text = (" ".join(part.replace("\0", "").split()) for part in (title, text))
        if text and not title:
            raise Refused(_("A sentence needs a title."))
        if len(title) > LONGEST_TITLE or len(text) > LONGEST_TEXT:
            limits = {"title": LONGEST_TITLE, "text": LONGEST_TEXT}
            raise Refused(_("A title has %(title)s characters at most, a sentence %(text)s.") % limits)
        if title:
            tidied[language] = CustomerText(title, text)
    return tidied


def _in_order(pipeline_id: int) -> list[Stage]:
    """List all steps in the order of the bar, with archived ones: a restored one returns to its position."""
    return sorted(Stage.objects.filter(pipeline_id=pipeline_id).select_related("phase"), key=_position_of)


def _position_of(stage: Stage) -> tuple[int, int, int]:
    return stage.phase.position, stage.position, stage.pk
