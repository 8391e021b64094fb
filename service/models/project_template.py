"""ProjectTemplate: setup of a type of job on acceptance: milestones, team, documents, appointments."""

from typing import ClassVar, NotRequired, TypedDict

from django.db import models
from django.utils.translation import gettext as _

from crm.jobs.models import Pipeline
from crm.kernel.refusal import Refused
from crm.platform.models import Member, Team, TenantForeignKey
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.organization.named_rows import NamedRow

MOST_LINES = 30


class MilestonePlan(TypedDict):
    """A milestone of a template: its weight, and its day, counted from the start."""

    name: str
    # What the customer reads, [coming, done] by language.
    customer_texts: dict[str, list[str]]
    weight: int
    day: int
    internal: bool
    # Whether the customer is asked how it goes when it is reached; templates of before say nothing of it.
    asks: NotRequired[bool]


class PaperPlan(TypedDict):
    """A document to request, and the days from acceptance until it is due."""

    title: str
    days: int


class AppointmentPlan(TypedDict):
    """An appointment to book: its type, and the day, counted from the start."""

    type: int
    day: int


class ProjectTemplate(NamedRow):
    """Setup of a type of job. Editing it doesn't change existing projects."""

    noun = "project_template"

    name = models.CharField(max_length=80)
    # The jobs it is offered first for; null: any.
    pipeline = TenantForeignKey(Pipeline, models.PROTECT, null=True, blank=True, related_name="+")
    # The crew, and the colleague whose job it becomes; null: who accepts it.
    team = TenantForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    contact = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # How many days the work takes, and how many photos there are before it is accepted.
    days = models.PositiveSmallIntegerField(default=1)
    photos = models.PositiveSmallIntegerField(default=0)
    # Lines of the checklist that a person ticks.
    checklist = models.JSONField(default=list)
    milestones = models.JSONField(default=list)
    papers = models.JSONField(default=list)
    appointments = models.JSONField(default=list)

    FIELDS: ClassVar[tuple[str, ...]] = (
        *("pipeline", "team", "contact", "days", "photos", "checklist", "milestones", "papers", "appointments"),
    )

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="project_template_name_is_unique"),
            models.CheckConstraint(condition=models.Q(days__gt=0), name="project_takes_a_day"),
        ]

    def _check(self) -> None:
        if not 0 < self.days <= 365:
            raise Refused(_("Enter a duration from one day to a year."))
        if any(len(lines) > MOST_LINES for lines in (self.checklist, self.milestones, self.papers, self.appointments)):
            raise Refused(_("30 lines at most."))
        if not self.milestones:
            raise Refused(_("Add at least one milestone."))
        if not sum(one["weight"] for one in self.milestones):
            raise Refused(_("Give at least one milestone a share of the work."))


@cached_per_tenant
def templates() -> dict[int, ProjectTemplate]:
    """Return the tenant's templates by id, ordered by name, with archived ones. Treat the rows as read-only."""
    return {row.pk: row for row in ProjectTemplate.objects.order_by("name")}


def template_for(pipeline_id: int) -> ProjectTemplate | None:
    """Return the template of a job's type: the first of its pipeline, else the first of any."""
    live = [row for row in templates().values() if row.archived_at is None]
    own = [row for row in live if row.pipeline_id == pipeline_id]
    return next(iter([*own, *(row for row in live if row.pipeline_id is None)]), None)
