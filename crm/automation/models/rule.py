"""Rule: trigger, conditions and steps. The definition is in RuleVersion; the Rule holds its mode."""

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import Max, Q
from django.dispatch import Signal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition
from crm.automation.models.version import RuleVersion
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import public_id
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import rename_row, unused_name

# A rule was added, edited, switched, paused or archived: `rule`. Sent in its transaction.
rule_changed = Signal()


# More would be a list nobody reads down.
MOST = 200
LONGEST = 80
# A rule that failed so often in a row is paused, and somebody is told.
FAILURES = 5


class Mode(models.TextChoices):
    OFF = "off", gettext_lazy("Off")
    # Notes what it would have done.
    SHADOW = "shadow", gettext_lazy("Test mode")
    # Asks on the page of the lead; a person’s click does it.
    PROPOSE = "propose", gettext_lazy("Suggests")
    ON = "on", gettext_lazy("On")


class Rule(Archivable):
    """A rule of the tenant. New rules only record what they would have done, until switched on."""

    noun = "rule"

    uid = public_id()
    name = models.CharField(max_length=LONGEST)
    # The key of the preset it was made from; blank for one made by hand.
    preset = models.CharField(max_length=60, blank=True)
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.SHADOW)
    # When it got this mode: nothing older fires it.
    mode_at = models.DateTimeField(default=clock.now)
    # Whether it was switched on for the future alone: a time that had come before `mode_at` does not fire it.
    skips_present = models.BooleanField(default=False, db_default=False)
    version = TenantForeignKey(RuleVersion, models.PROTECT, null=True, related_name="+")
    # Failures in a row; at FAILURES it is paused: on, but doing nothing until somebody has looked.
    failures = models.PositiveSmallIntegerField(default=0)
    # How far it has come with setting its times anew, or with its round of all records: the last one done. Null: with
    # all of them.
    cursor = models.BigIntegerField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="rule_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "name"], condition=Q(archived_at__isnull=True), name="rule_name_is_unique"
            ),
            models.UniqueConstraint(
                fields=["tenant", "preset"],
                condition=Q(archived_at__isnull=True) & ~Q(preset=""),
                name="rule_preset_is_used_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        """True if events fire the rule, in any mode including shadow mode."""
        return self.mode != Mode.OFF and self.paused_at is None and self.archived_at is None

    @classmethod
    @transaction.atomic
    def add(
        cls,
        name: str,
        definition: Definition,
        *,
        by: Member | None,
        preset: str = "",
        mode: Mode = Mode.SHADOW,
    ) -> "Rule":
        """Add a rule. Raises Refused if the name is taken or the limit of two hundred rules is reached."""
        lock_configuration()
        others = list(cls.objects.filter(archived_at__isnull=True))
        if len(others) >= MOST:
            raise Refused(_("You can have at most 200 triggers."))
        rule: Rule = cls.objects.create(name=unused_name(cls, name, others), preset=preset, mode=mode)
        rule.refresh_from_db(fields=["uid"])
        rule._take(definition, by)
        rule._record("rule.added", by, {"preset": preset, "mode": mode})
        rule_changed.send(Rule, rule=rule)
        return rule

    @classmethod
    def free_name(cls, wanted: str) -> str:
        """Return an unused name: the requested one, with a number appended if it is taken."""
        names = cls.objects.filter(archived_at__isnull=True).values_list("name", flat=True)
        taken = {other.casefold() for other in names}
        short = wanted[: LONGEST - 5]
        numbered = (short if number == 1 else f"{short} ({number})" for number in range(1, MOST + 2))
        return next(name for name in numbered if name.casefold() not in taken)

    def rename(self, name: str, *, by: Member | None) -> None:
        """Rename the rule. Raises Refused if the name is taken."""
        rename_row(self, name, Rule.objects.filter(archived_at__isnull=True), "rule.renamed", by)

    @transaction.atomic
    def edit(self, definition: Definition, *, by: Member | None) -> None:
        """Add a new version; waiting runs continue with theirs. Idempotent."""
        self._lock_with_configuration()
        if self.version is not None and self.version.definition == definition.to_json():
            return
        self._take(definition, by)
        self._record("rule.edited", by, {"version": self.version.number if self.version else 0})
        rule_changed.send(Rule, rule=self)

    @transaction.atomic
    def switch(self, mode: Mode, *, by: Member | None, skips_present: bool = False) -> None:
        """Switch the rule on, off, to shadow mode or to proposing. Resumes a paused rule. Idempotent.

        `skips_present`: it does not fire for what is due already. Raises Refused for a rule that has no page to
        propose on.
        """
        self._lock_with_configuration()
        if self.mode == mode and self.paused_at is None:
            return
        if mode == Mode.PROPOSE and (self.version is None or self.version.definition["record"] != "job"):
            raise Refused(_("Only triggers for leads can suggest, because the suggestion shows on the lead’s page."))
        before = self.mode
        self.mode = mode
        self.mode_at = clock.now()
        self.skips_present = skips_present
        self.failures = 0
        self.paused_at = None
        self.pause_reason = ""
        self.save(update_fields=["mode", "mode_at", "skips_present", "failures", "paused_at", "pause_reason"])
        self._record("rule.switched", by, {"from": before, "to": mode})
        rule_changed.send(Rule, rule=self)

    @transaction.atomic
    def pause(self, reason: str) -> None:
        """Pause the rule until a person looks at it: its definition is no longer valid, or it failed too often."""
        self._lock_with_configuration()
        if self.paused_at is None:
            self.paused_at = clock.now()
            self.pause_reason = reason[:200]
            self.save(update_fields=["paused_at", "pause_reason"])
            self._record("rule.paused", None, {})
            rule_changed.send(Rule, rule=self)

    @transaction.atomic
    def restore(self, *, by: Any) -> None:
        """Restore the rule, switched off. Raises Refused if its name or preset is in use by another rule."""
        lock_configuration()
        others = Rule.objects.filter(archived_at__isnull=True).exclude(pk=self.pk)
        unused_name(Rule, self.name, others)
        if self.preset and others.filter(preset=self.preset).exists():
            raise Refused(_("You already have a trigger from this template."))
        super().restore(by=by)

    def _set_archived(self, at: Any, kind: str, by: Any) -> None:
        self.mode = Mode.OFF
        self.mode_at = clock.now()
        self.save(update_fields=["mode", "mode_at"])
        super()._set_archived(at, kind, by)
        rule_changed.send(Rule, rule=self)

    def _take(self, definition: Definition, by: Member | None) -> None:
        """Create a version from a definition, and make it current."""
        last = RuleVersion.objects.filter(rule_id=self.pk).aggregate(last=Max("number"))["last"] or 0
        stored: Mapping[str, Any] = definition.to_json()
        self.version = RuleVersion.objects.create(rule_id=self.pk, number=last + 1, definition=stored, by=by)
        self.save(update_fields=["version"])
