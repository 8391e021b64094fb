"""LostReason: why a job is lost or dropped, in two levels. It is archived, never deleted: reports keep it."""

import secrets
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import renumber, unused_name

# More would be a list nobody chooses from honestly.
MOST = 60


class Ends(models.TextChoices):
    LOST = "lost", gettext_lazy("Lost")
    DROPPED = "dropped", gettext_lazy("Dropped")


class Asks(models.TextChoices):
    """Additional detail that a lost reason asks for, such as a number or a name."""

    NOTHING = "", gettext_lazy("Nothing")
    GAP = "gap", gettext_lazy("How far off the price was")
    DAYS = "days", gettext_lazy("The day we offered, and the day they wanted")
    RIVAL = "rival", gettext_lazy("Who they chose")
    NOTE = "note", gettext_lazy("A few words, if there are any")
    WORDS = "words", gettext_lazy("A few words, always")


class LostReason(Archivable):
    """A reason, e.g. Price, or a sub-reason, e.g. Over their budget, which asks for the same detail as its parent."""

    noun = "lost_reason"

    ends = models.CharField(max_length=7, choices=Ends, default=Ends.LOST)
    parent = TenantForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    # What a form sends for it: the same for as long as it is there.
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    asks = models.CharField(max_length=5, choices=Asks, blank=True, default=Asks.NOTHING)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        base_manager_name = "objects"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "ends", "code"], name="lost_reason_code_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "ends", "parent", "name"], name="lost_reason_name_is_unique", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def add(
        cls, name: str, *, ends: str, asks: str = "", parent: "LostReason | None" = None, by: Member | None
    ) -> "LostReason":
        """Add a reason or sub-reason. Raises Refused for a name that is taken, or below a sub-reason."""
        lock_configuration()
        if ends not in Ends.values or (parent and (parent.parent_id or parent.ends != ends)):
            raise Refused(_("Choose where it belongs."))
        if cls.objects.filter(archived_at=None).count() >= MOST:
            raise Refused(_("There are %(most)s reasons. Archive some.") % {"most": MOST})
        beside = cls.objects.filter(ends=ends, parent=parent)
        reason: LostReason = cls.objects.create(
            ends=ends,
            parent=parent,
            code=secrets.token_hex(6),
            name=unused_name(cls, name, beside),
            asks="" if parent else known_asks(asks),
            position=beside.count(),
        )
        reason._record("lost_reason.added", by)
        return reason

    @transaction.atomic
    def edit(self, *, name: str, asks: str, by: Member | None) -> None:
        """Rename it, and set the detail it asks for. Reasons of old leads stay. Raises Refused as `add` does."""
        self._lock_with_configuration()
        beside = LostReason.objects.filter(ends=self.ends, parent=self.parent_id).exclude(pk=self.pk)
        before = {"name": self.name, "asks": self.asks}
        after = {"name": unused_name(LostReason, name, beside), "asks": "" if self.parent_id else known_asks(asks)}
        if before != after:
            self.name = after["name"]
            self.asks = after["asks"]
            self.save(update_fields=["name", "asks"])
            self._record("lost_reason.edited", by, {"from": before, "to": after})

    @transaction.atomic
    def move(self, *, before: "LostReason | None", by: Member | None) -> None:
        """Move it in front of another of its level, or to the end."""
        self._lock_with_configuration()
        rows = LostReason.objects.filter(ends=self.ends, parent=self.parent_id)
        if renumber(rows, self, before):
            self._record("lost_reason.moved", by)

    def _refuse_if_needed(self) -> None:
        offered = LostReason.objects.filter(ends=self.ends, parent=None, archived_at=None)
        if self.parent_id is None and not offered.exclude(pk=self.pk).exists():
            raise Refused(_("Keep at least one reason: a lead can’t be lost without one."))

    def _record(self, kind: str, by: Any, data: dict[str, Any] | None = None) -> None:
        super()._record(kind, by, data or {"name": self.name})


def known_asks(asks: str) -> str:
    """Return the value of Asks. Raises Refused for an unknown one."""
    if asks not in Asks.values:
        raise Refused(_("Choose what is asked with it."))
    return asks
