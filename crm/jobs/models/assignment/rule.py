"""AssignmentRule: which work goes to which team, and by which strategy; the first that matches wins."""

from collections.abc import Collection
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models.assignment.policy import AssignmentPolicy
from crm.jobs.models.assignment.skill import Skill
from crm.jobs.models.job_record import Priority
from crm.jobs.models.tag import Tag, tags
from crm.jobs.pipelines.pipeline import Pipeline, WorkType
from crm.jobs.pipelines.source import Source
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import public_id
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import renumber, unused_name

# More would be a list nobody reads down.
MOST = 50


class Strategy(models.TextChoices):
    FEWEST = "fewest", gettext_lazy("Fewest open")
    ROUND_ROBIN = "robin", gettext_lazy("In turn")


class AssignmentRule(Archivable):
    """A rule of one kind of work. An archived one is disabled."""

    noun = "assignment_rule"

    uid = public_id()
    # The key of an AssignableWork (crm/jobs/assignment/work.py).
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    # What it matches; null or blank: anything.
    brand = TenantForeignKey("platform.Brand", models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.PositiveSmallIntegerField(choices=Priority, null=True, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    source = TenantForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    pipeline = TenantForeignKey(Pipeline, models.PROTECT, null=True, blank=True, related_name="+")
    work_type = models.CharField(max_length=8, choices=WorkType, blank=True, default="", db_default="")
    tag = TenantForeignKey(Tag, models.PROTECT, null=True, blank=True, related_name="+")
    # Orders from this value on, in whole units of their currency; null: of any.
    least_value = models.PositiveIntegerField(null=True, blank=True)
    # Only about work that is sold, which is the service team's.
    sold_only = models.BooleanField(default=False)
    # To whom. Without a team: to everybody who may have it.
    team = TenantForeignKey("platform.Team", models.PROTECT, null=True, blank=True, related_name="+")
    skill = TenantForeignKey(Skill, models.PROTECT, null=True, blank=True, related_name="+")
    uses_territory = models.BooleanField(default=False)
    strategy = models.CharField(max_length=8, choices=Strategy, default=Strategy.FEWEST)
    # Who knows the customer comes first.
    is_sticky = models.BooleanField(default=True)
    # With nobody at work, wait for the first who is, instead of giving it to the team at night.
    waits_for_hours = models.BooleanField(default=False)
    fallback_team = TenantForeignKey("platform.Team", models.PROTECT, null=True, blank=True, related_name="+")
    last_resort = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    FIELDS = (
        *("name", "brand", "pipeline", "work_type", "priority", "channel", "source", "tag", "least_value", "sold_only"),
        *("team", "skill", "uses_territory", "strategy", "is_sticky", "waits_for_hours"),
        *("fallback_team", "last_resort"),
    )

    class Meta:
        base_manager_name = "objects"
        ordering = ["kind", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="assignment_rule_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "kind", "name"], name="assignment_rule_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def matches(
        self,
        *,
        brand_id: int | None,
        priority: int | None,
        channel: str,
        source_id: int | None,
        pipeline_id: int | None = None,
        work_type: str = "",
        tag_ids: Collection[int] = (),
        value: int | None = None,
        is_sold: bool = False,
    ) -> bool:
        """Return True if the rule applies to work with these facts."""
        return (
            (self.least_value is None or (value or 0) >= self.least_value)
            and (is_sold or not self.sold_only)
            and self.brand_id in (None, brand_id)
            and self.priority in (None, priority)
            and self.channel in ("", channel)
            and self.source_id in (None, source_id)
            and self.pipeline_id in (None, pipeline_id)
            and self.work_type in ("", work_type)
            and (self.tag_id is None or tags().root(self.tag_id) in tags().roots(tag_ids))
        )

    @classmethod
    @transaction.atomic
    def add(cls, kind: str, name: str, *, by: Member | None, **fields: Any) -> "AssignmentRule":
        """Add a rule below the others of its kind. Raises Refused for a name that is taken, or when there are fifty."""
        lock_configuration()
        others = list(cls.objects.filter(kind=kind))
        if sum(rule.archived_at is None for rule in others) >= MOST:
            raise Refused(_("No more than 50 rules."))
        name = unused_name(cls, name, others)
        rule: AssignmentRule = cls.objects.create(kind=kind, name=name, position=len(others), **fields)
        rule.refresh_from_db(fields=["uid"])
        AssignmentPolicy.of(kind)
        rule._record("assignment_rule.added", by, {"kind": kind})
        return rule

    @transaction.atomic
    def edit(self, *, by: Member | None, **fields: Any) -> None:
        """Change FIELDS of the rule. Idempotent. Raises Refused for a name that is taken."""
        self._lock_with_configuration()
        if "name" in fields:
            others = AssignmentRule.objects.filter(kind=self.kind).exclude(pk=self.pk)
            fields["name"] = unused_name(AssignmentRule, fields["name"], others)
        changed = set_fields(self, fields)
        if changed:
            self.save(update_fields=changed)
            self._record("assignment_rule.edited", by, {"kind": self.kind, "fields": changed})

    @transaction.atomic
    def move(self, *, before: "AssignmentRule | None", by: Member | None) -> None:
        """Move it in front of another of its kind, or last."""
        self._lock_with_configuration()
        if renumber(AssignmentRule.objects.filter(kind=self.kind).order_by("position", "pk"), self, before):
            data = {"kind": self.kind, "before": before.pk if before else None}
            self._record("assignment_rule.moved", by, data)
