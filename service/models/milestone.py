"""Milestone: a part of a project that is done or not, and its text for the customer."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Change, ChangedRow, Member, TenantForeignKey, TenantManager
from crm.platform.models.base import public_id
from crm.platform.undo import Undoable, restore_columns
from service.models.project import Project
from service.models.queryset import MilestoneQuerySet

LONGEST = 200
# [coming, done] by language.
MilestoneTexts = Mapping[str, Iterable[str]]


class MilestoneText(NamedTuple):
    """`coming`: "Your new roof goes on", shown until it is reached; `done`: "Your new roof is on", afterwards."""

    coming: str = ""
    done: str = ""


def milestone_text(texts: MilestoneTexts, name: str, languages: Iterable[str]) -> MilestoneText:
    """Return the text in the first of these languages that has one, else in any; blank parts are the name."""
    for language in (*languages, *texts):
        if language in texts:
            text = MilestoneText(*texts[language])
            return MilestoneText(text.coming or name, text.done or name)
    return MilestoneText(name, name)


def tidy_texts(texts: Mapping[str, MilestoneText]) -> dict[str, list[str]]:
    """Return cleaned texts without blank languages. Raises Refused for one that is too long."""
    tidied = {}
    for language, text in texts.items():
        lines = [" ".join(line.split()) for line in text]
        if any(len(line) > LONGEST for line in lines):
            raise Refused(gettext("The text has %(most)s characters at most.") % {"most": LONGEST})
        if any(lines):
            tidied[language] = lines
    return tidied


class Milestone(Undoable):
    """A part of the work, with its position and its weight in the percentage."""

    class Visibility(models.TextChoices):
        INTERNAL = "internal", _("Team only")
        CUSTOMER = "customer", _("Team and customer")

    undo_columns = ("done_at", "done_by_id", "visibility")
    undo_named_with = ("project__job",)

    uid = public_id()
    project = TenantForeignKey(Project, models.CASCADE, related_name="milestones")
    name = models.CharField(max_length=80)
    # What the customer reads instead of the name, [coming, done] by language; none: the name.
    customer_texts = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField()
    weight = models.PositiveSmallIntegerField(default=1)
    planned_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.INTERNAL)
    # Whether the customer is asked how it goes when it is reached, and when they were, which is once.
    asks = models.BooleanField(default=False)
    surveyed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(MilestoneQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="milestone_uid_is_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="milestone_has_a_name"),
        ]
        indexes = [models.Index(fields=["tenant", "project", "position"], name="milestone_of_project")]

    def __str__(self) -> str:
        return self.name

    @property
    def undo_name(self) -> str:
        return f"{self.name} · {self.project.job.title}"

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    def text(self, languages: Iterable[str]) -> str:
        """Return the customer's text, as coming or done, in the first of these languages."""
        text = milestone_text(self.customer_texts, self.name, languages)
        if self.is_done:
            return text.done
        return text.coming

    def is_late(self, day: date) -> bool:
        """True if its day has passed and it is not done."""
        return not self.is_done and self.planned_on is not None and self.planned_on < day

    @classmethod
    @transaction.atomic
    def add(
        cls,
        project: Project,
        name: str,
        *,
        by: Member | None,
        planned_on: date | None = None,
        visibility: str = Visibility.INTERNAL,
    ) -> "Milestone":
        """Add one at the end. Raises Refused without a name."""
        project.lock()
        name = " ".join(name.split())[:80]
        if not name:
            raise Refused(gettext("Enter a name for the milestone."))
        last = project.milestones.order_by("-position").values_list("position", flat=True).first()
        if last is None:
            at = 0
        else:
            at = last + 1
        row: Milestone = cls.objects.create(
            project=project, name=name, position=at, planned_on=planned_on, visibility=visibility
        )
        row.refresh_from_db(fields=["uid"])
        project.follow_milestones()
        row._record("milestone.added", by)
        return row

    @transaction.atomic
    def complete(self, *, by: Member | None) -> None:
        """Complete it; the project's percentage follows. Idempotent."""
        self.project.lock()
        self.lock()
        if self.done_at is None:
            self._set_done(by, True)
            self._record("milestone.completed", by, {"asks": self._asks_now()})

    @transaction.atomic
    def reopen(self, *, by: Member | None) -> None:
        """Mark it as not done. Idempotent."""
        self.project.lock()
        self.lock()
        if self.done_at is not None:
            self._set_done(None, False)
            self._record("milestone.reopened", by)

    @transaction.atomic
    def show(self, *, by: Member | None) -> None:
        """Make it visible to the customer. Idempotent."""
        self._set_visibility(self.Visibility.CUSTOMER, "milestone.shown", by)

    @transaction.atomic
    def hide(self, *, by: Member | None) -> None:
        """Hide it from the customer. Idempotent."""
        self._set_visibility(self.Visibility.INTERNAL, "milestone.hidden", by)

    @transaction.atomic
    def describe(self, texts: Mapping[str, MilestoneText], *, by: Member | None) -> None:
        """Set the customer's text per language. Idempotent. Raises Refused if too long."""
        self.lock()
        tidied = tidy_texts(texts)
        if self.customer_texts != tidied:
            self.customer_texts = tidied
            self.save(update_fields=["customer_texts"])
            self._record("milestone.described", by)

    def _set_visibility(self, visibility: str, kind: str, by: Member | None) -> None:
        self.lock()
        if self.visibility != visibility:
            self.visibility = visibility
            self.save(update_fields=["visibility"])
            self._record(kind, by)

    def _asks_now(self) -> bool:
        """True if it is reached for the first time and the customer should be surveyed."""
        if not self.asks or self.surveyed_at or self.visibility != self.Visibility.CUSTOMER:
            return False
        self.surveyed_at = clock.now()
        self.save(update_fields=["surveyed_at"])
        return True

    def _set_done(self, by: Member | None, is_done: bool) -> None:
        if is_done:
            self.done_at = clock.now()
            self.done_by = by
        else:
            self.done_at = None
            self.done_by = None
        self.save(update_fields=["done_at", "done_by"])
        self.project.follow_milestones()

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Restore the previous ticks and update the percentage."""
        restore_columns(rows, recorded)
        for row in rows:
            row.project.lock()
            row.project.follow_milestones()
            row._record("milestone.undone", by)

    def _record(self, kind: str, by: Member | None, more: dict[str, Any] | None = None) -> None:
        data = {"name": self.name, "visibility": self.visibility} | (more or {})
        events.record(kind, subject=self, by=by, data=data, job_id=self.project.job_id)
