"""Sequence: steps that leads walk through one after another. Its steps are in SequenceVersion."""

from typing import Any

from django.db import models, transaction
from django.db.models import Max, Q
from django.dispatch import Signal
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import public_id
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.organization.named_rows import rename_row, unused_name
from followups.sequences.definition import MOST_STEPS, SequenceDefinition, count_steps
from followups.sequences.models.choices import Reentry, SequenceMode, SequencePurpose
from followups.sequences.models.circles import find_circle, started_ids
from followups.sequences.models.version import SequenceVersion

# A sequence was switched or archived: `sequence`, `by`. Sent in its transaction.
sequence_switched = Signal()

# More would be a list nobody reads down.
MOST = 100
LONGEST = 80
MOST_DAYS = 3650
# What a switch changes.
MODE_COLUMNS = ("mode", "mode_at")


class CircleRefused(Refused):
    """A sequence would start itself, directly or through others."""


class Sequence(Archivable):
    """A sequence of the tenant. New ones are off."""

    noun = "sequence"

    uid = public_id()
    name = models.CharField(max_length=LONGEST)
    purpose = models.CharField(max_length=8, choices=SequencePurpose, default=SequencePurpose.QUOTES)
    # The key of the preset it was made from; blank for one made by hand.
    preset = models.CharField(max_length=60, blank=True)
    mode = models.CharField(max_length=8, choices=SequenceMode, default=SequenceMode.OFF)
    # When it got this mode.
    mode_at = models.DateTimeField(default=clock.now)
    # Of two sequences of one purpose that begin by themselves, the one with the smaller rank goes first.
    rank = models.PositiveIntegerField(default=0)
    reentry = models.CharField(max_length=8, choices=Reentry, default=Reentry.ONCE)
    # Of Reentry.DAYS.
    reentry_days = models.PositiveSmallIntegerField(default=90)
    version = TenantForeignKey(SequenceVersion, models.PROTECT, null=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        ordering = ["purpose", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="sequence_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "name"], condition=Q(archived_at__isnull=True), name="sequence_name_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        """True if leads may enter and walk on, in test mode too."""
        return self.mode != SequenceMode.OFF and self.archived_at is None

    @property
    def is_in_test(self) -> bool:
        """True if its steps are noted and not done."""
        return self.mode == SequenceMode.SHADOW and self.archived_at is None

    @classmethod
    @transaction.atomic
    def add(
        cls, name: str, purpose: str, definition: SequenceDefinition, *, by: Member | None, preset: str = ""
    ) -> "Sequence":
        """Add a sequence, switched off. Raises Refused if the name is taken or there are a hundred already."""
        lock_configuration()
        others = list(cls.objects.filter(archived_at__isnull=True))
        if len(others) >= MOST:
            raise Refused(_("You can have at most 100 sequences."))
        _check_definition(definition)
        rank = max([other.rank for other in others if other.purpose == purpose], default=0) + 1
        sequence: Sequence = cls.objects.create(
            name=unused_name(cls, name, others), purpose=SequencePurpose(purpose), preset=preset, rank=rank
        )
        sequence.refresh_from_db(fields=["uid"])
        sequence._take(definition, by)
        sequence._record("sequence.added", by, {"preset": preset})
        return sequence

    def rename(self, name: str, *, by: Member | None) -> None:
        """Rename it. Raises Refused if the name is taken."""
        rename_row(self, name, Sequence.objects.filter(archived_at__isnull=True), "sequence.renamed", by)

    @transaction.atomic
    def edit(self, definition: SequenceDefinition, *, by: Member | None) -> None:
        """Add a new version; those inside stay on theirs. Idempotent.

        Raises Refused for too many steps, and CircleRefused if it would start itself, directly or through others.
        """
        self._lock_with_configuration()
        _check_definition(definition)
        self._refuse_circle(definition)
        if self.version is not None and self.version.definition == definition.to_json():
            return
        self._take(definition, by)
        self._record("sequence.edited", by, {"version": self.version.number if self.version else 0})

    @transaction.atomic
    def set_rules(self, *, purpose: str, reentry: str, reentry_days: int, by: Member | None) -> None:
        """Set the purpose and the re-entry rule. Idempotent. Raises Refused for a number of days out of range.

        Those inside keep the purpose under which they entered.
        """
        self._lock_with_configuration()
        if not 1 <= reentry_days <= MOST_DAYS:
            raise Refused(_("Enter 1 to 3650 days."))
        before = (self.purpose, self.reentry, self.reentry_days)
        if before == (purpose, reentry, reentry_days):
            return
        if purpose != self.purpose:
            ranks = Sequence.objects.filter(purpose=purpose, archived_at__isnull=True)
            self.rank = (ranks.aggregate(last=Max("rank"))["last"] or 0) + 1
        self.purpose = SequencePurpose(purpose)
        self.reentry = Reentry(reentry)
        self.reentry_days = reentry_days
        self.save(update_fields=["purpose", "reentry", "reentry_days", "rank"])
        self._record("sequence.rules_set", by, {"purpose": purpose, "reentry": reentry, "days": reentry_days})

    @transaction.atomic
    def switch(self, mode: str, *, by: Member | None) -> None:
        """Switch it on, off or to test mode. While it is not on, those inside rest. Idempotent.

        Those who are in its test leave when it gets another mode. Raises Refused for an archived one, and for one
        that would start itself.
        """
        self._lock_with_configuration()
        if self.mode == mode:
            return
        if self.archived_at:
            raise Refused(_("It is archived. Restore it first."))
        if mode != SequenceMode.OFF and self.version is not None:
            self._refuse_circle(self.version.parsed)
        self.mode = SequenceMode(mode)
        self.mode_at = clock.now()
        self.save(update_fields=MODE_COLUMNS)
        self._record("sequence.switched", by, {"to": mode})
        sequence_switched.send(Sequence, sequence=self, by=by)

    @transaction.atomic
    def put_ahead_of(self, other: "Sequence", *, by: Member | None) -> None:
        """Have it go before another of its purpose where both would take a lead. Idempotent.

        Raises Refused for one of another purpose.
        """
        lock_configuration()
        self.refresh_from_db()
        other.refresh_from_db()
        if other.purpose != self.purpose or other.pk == self.pk:
            raise Refused(_("Choose another sequence with the same purpose."))
        if self.rank < other.rank:
            return
        rows = list(Sequence.objects.filter(purpose=self.purpose, archived_at__isnull=True).exclude(pk=self.pk))
        rows.insert([row.pk for row in rows].index(other.pk), self)
        for rank, row in enumerate(rows, 1):
            if row.rank != rank:
                row.rank = rank
                row.save(update_fields=["rank"])
        self._record("sequence.moved", by, {"ahead_of": other.pk})

    def _set_archived(self, at: Any, kind: str, by: Any) -> None:
        self.mode = SequenceMode.OFF
        self.mode_at = clock.now()
        self.save(update_fields=MODE_COLUMNS)
        super()._set_archived(at, kind, by)
        if at is not None:
            sequence_switched.send(Sequence, sequence=self, by=by)

    def restore(self, *, by: Any) -> None:
        """Restore it, switched off. Raises Refused if its name is in use by another."""
        unused_name(Sequence, self.name, Sequence.objects.filter(archived_at__isnull=True).exclude(pk=self.pk))
        super().restore(by=by)

    def _refuse_circle(self, definition: SequenceDefinition) -> None:
        """Raise CircleRefused if it would start itself by a definition, directly or through other sequences."""
        others = Sequence.objects.filter(archived_at__isnull=True).exclude(pk=self.pk).select_related("version")
        rows = {row.pk: row for row in others if row.version is not None}
        started = {pk: started_ids(row.version.parsed) for pk, row in rows.items() if row.version is not None}
        circle = find_circle(self.pk, started | {self.pk: started_ids(definition)})
        if circle:
            names = [self.name, *(rows[pk].name for pk in circle[1:]), self.name]
            words = _("It would go round in a circle: %(names)s. Remove the step that starts a sequence again.")
            raise CircleRefused(words % {"names": " → ".join(names)})

    def _take(self, definition: SequenceDefinition, by: Member | None) -> None:
        """Create a version from a definition, and make it current."""
        last = SequenceVersion.objects.filter(sequence_id=self.pk).aggregate(last=Max("number"))["last"] or 0
        self.version = SequenceVersion.objects.create(
            sequence_id=self.pk, number=last + 1, definition=definition.to_json(), by=by
        )
        self.save(update_fields=["version"])


def _check_definition(definition: SequenceDefinition) -> None:
    if not definition.steps:
        raise Refused(_("Add a step."))
    if count_steps(definition.steps) > MOST_STEPS:
        raise Refused(_("A sequence has at most 30 steps."))


@cached_per_tenant
def sequences_by_id() -> dict[int, Sequence]:
    """Return all sequences, archived ones too, with their present version; cached, read-only."""
    return {row.pk: row for row in Sequence.objects.select_related("version")}
