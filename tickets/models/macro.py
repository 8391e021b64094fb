"""Macro: actions applied with one choice: text for the draft, status, priority, tags, assignee, follow-up."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.library.variables import variable_names
from comms.rendering.liquid_text import problems
from crm.jobs.models import Priority
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import public_id
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import unused_name
from tickets.models.status import Status

# More would be a list nobody finds anything in; characters of a text.
MOST = 200
LONGEST = 4000


class Unit(models.TextChoices):
    HOURS = "hours", gettext_lazy("working hours")
    DAYS = "days", gettext_lazy("working days")


class Macro(Archivable):
    """A macro. Empty fields change nothing; one without any action is refused."""

    noun = "macro"
    STATUSES = (Status.OPEN, Status.PENDING, Status.SOLVED)

    uid = public_id()
    name = models.CharField(max_length=60)
    # Null: of all brands.
    brand = TenantForeignKey("platform.Brand", models.PROTECT, null=True, blank=True, related_name="+")
    # Liquid, as in templates. With a text, the rest is done when it is sent; without one at once.
    text = models.TextField(blank=True)
    status = models.CharField(max_length=8, choices=Status, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, null=True, blank=True)
    # Ids of tags to put on (crm/jobs/models/tagged.py).
    tag_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # Who gets it: whoever uses the macro, a member, a team.
    to_user = models.BooleanField(default=False)
    member = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    team = TenantForeignKey("platform.Team", models.PROTECT, null=True, blank=True, related_name="+")
    # A follow-up: its type's code (crm/jobs/next_step/kinds.py), what it is called, and when it is due.
    follow_up_kind = models.CharField(max_length=16, blank=True)
    follow_up_title = models.CharField(max_length=120, blank=True)
    follow_up_after = models.PositiveSmallIntegerField(null=True, blank=True)
    follow_up_unit = models.CharField(max_length=5, choices=Unit, default=Unit.DAYS)

    FIELDS = (
        *("name", "brand_id", "text", "status", "priority", "tag_ids", "to_user", "member_id", "team_id"),
        *("follow_up_kind", "follow_up_title", "follow_up_after", "follow_up_unit"),
    )

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="macro_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "name"], name="macro_name_is_unique"),
            models.CheckConstraint(condition=~Q(to_user=True, member__isnull=False), name="macro_gives_it_to_one"),
            models.CheckConstraint(
                condition=Q(follow_up_kind="", follow_up_after__isnull=True)
                | ~Q(follow_up_kind="") & Q(follow_up_after__gt=0) & ~Q(follow_up_title=""),
                name="macro_plans_a_whole_follow_up",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def does_something(self) -> bool:
        """True if it changes anything besides the draft."""
        changes = (self.status, self.priority, self.tag_ids, self.to_user, self.member_id, self.team_id)
        return any(changes) or bool(self.follow_up_kind)

    @classmethod
    @transaction.atomic
    def add(cls, *, by: Member | None, **fields: Any) -> "Macro":
        """Add a macro. Raises Refused for a taken name, an invalid template, or one without any action."""
        lock_configuration()
        others = list(cls.objects.all())
        if sum(one.archived_at is None for one in others) >= MOST:
            raise Refused(_("You have reached the limit of %(most)s macros. Archive some.") % {"most": MOST})
        macro = cls(**{**fields, "name": unused_name(cls, fields["name"], others)})
        macro._refuse_wrong()
        macro.save()
        macro.refresh_from_db(fields=["uid"])
        macro._record("macro.added", by, {"name": macro.name})
        return macro

    @transaction.atomic
    def edit(self, *, by: Member | None, **fields: Any) -> None:
        """Change its FIELDS. Idempotent. Raises Refused as `add` does."""
        self._lock_with_configuration()
        fields["name"] = unused_name(Macro, fields.get("name", self.name), Macro.objects.exclude(pk=self.pk))
        changed = set_fields(self, fields)
        self._refuse_wrong()
        if changed:
            self.save(update_fields=changed)
            self._record("macro.edited", by, {"name": self.name, "fields": changed})

    def _refuse_wrong(self) -> None:
        wrong = []
        if self.text:
            wrong = list(problems("text", self.text, variable_names()))
        if wrong:
            raise Refused(" ".join(_in_line(one.text, one.line) for one in wrong))
        if not self.text and not self.does_something:
            raise Refused(_("Add a text or at least one action."))


def _in_line(text: str, line: int) -> str:
    if line:
        return _("Line %(line)s: %(text)s") % {"line": line, "text": text}
    return text
