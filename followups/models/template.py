"""FollowUpTemplate: a follow-up to plan again and again: type, subject, when it is due, and who gets it."""

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models import Priority
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import public_id
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import unused_name
from followups.models.kind import FollowUpKind

# More would be a list nobody finds anything in.
MOST = 200


class TemplateUnit(models.TextChoices):
    """Unit of the days until a follow-up is due."""

    DAYS = "days", gettext_lazy("days")
    WORKING_DAYS = "working", gettext_lazy("working days")


class TemplateAssignee(models.TextChoices):
    """Who gets a follow-up that is planned by a template."""

    PLANNER = "planner", gettext_lazy("Whoever plans it")
    OWNER = "owner", gettext_lazy("Owner of the lead")
    MEMBER = "member", gettext_lazy("One colleague")


class FollowUpTemplate(Archivable):
    """A template of follow-ups: the team's, or one member's own."""

    noun = "followup_template"
    owner_id: int | None
    member_id: int | None

    uid = public_id()
    name = models.CharField(max_length=60)
    # Whose own it is. Null: everybody's.
    owner = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=16, default=FollowUpKind.CALL)
    subject = models.CharField(max_length=120)
    notes = models.TextField(blank=True)
    # Null: that of the lead.
    priority = models.PositiveSmallIntegerField(choices=Priority, null=True, blank=True)
    # Due so many days after it is planned, at this time of day.
    after = models.PositiveSmallIntegerField(default=1)
    unit = models.CharField(max_length=7, choices=TemplateUnit, default=TemplateUnit.WORKING_DAYS)
    clock = models.TimeField()
    # How many minutes it takes, and its reminders, [[minutes, channel], …]; null: those of its type and assignee.
    own_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    own_reminders = models.JSONField(null=True, blank=True)
    assignee_rule = models.CharField(max_length=7, choices=TemplateAssignee, default=TemplateAssignee.OWNER)
    member = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    FIELDS = (
        *("name", "kind", "subject", "notes", "priority", "after", "unit", "clock", "assignee_rule", "member_id"),
        *("own_minutes", "own_reminders"),
    )

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="follow_up_template_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "name"], condition=Q(owner__isnull=True), name="team_template_name_is_unique"
            ),
            models.UniqueConstraint(fields=["tenant", "owner", "name"], name="own_template_name_is_unique"),
            models.CheckConstraint(
                condition=Q(assignee_rule="member", member__isnull=False)
                | ~Q(assignee_rule="member") & Q(member__isnull=True),
                name="template_names_its_member",
            ),
            models.CheckConstraint(condition=~Q(subject=""), name="template_has_a_subject"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_visible_to(self, member: Member) -> bool:
        """True for the team's templates and the member's own."""
        return self.owner_id in (None, member.pk)

    @classmethod
    @transaction.atomic
    def add(cls, *, owner: Member | None, by: Member | None, **fields: Any) -> "FollowUpTemplate":
        """Add a template. Raises Refused for a name that is taken, or when there are too many."""
        lock_configuration()
        others = cls.objects.filter(owner=owner)
        if others.filter(archived_at=None).count() >= MOST:
            raise Refused(_("No more than %(most)s templates. Archive some.") % {"most": MOST})
        template = cls(**{**fields, "name": unused_name(cls, fields["name"], others)}, owner=owner)
        template.save(force_insert=True)
        template.refresh_from_db(fields=["uid"])
        template._record("followup_template.added", by, {"name": template.name})
        return template

    @transaction.atomic
    def edit(self, *, by: Member | None, **fields: Any) -> None:
        """Change its FIELDS; what was planned by it stays. Idempotent. Raises Refused for a name that is taken."""
        self._lock_with_configuration()
        others = FollowUpTemplate.objects.filter(owner=self.owner_id).exclude(pk=self.pk)
        fields["name"] = unused_name(FollowUpTemplate, fields.get("name", self.name), others)
        if changed := set_fields(self, fields):
            self.save(update_fields=changed)
            self._record("followup_template.edited", by, {"name": self.name, "fields": changed})
