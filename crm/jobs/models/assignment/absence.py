"""Absence: days a member is away; their open replies are reassigned to their cover, or by the rules."""

from datetime import datetime

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.base import ConfigurationModel, public_id
from crm.platform.models.tenant import lock_configuration
from crm.platform.work import due

# Due work: an absence begins, or ends.
BEGINS = "assignment.absence_begins"
ENDS = "assignment.absence_ends"


class Absence(ConfigurationModel):
    """Start and end of a member's absence. A past one is kept as history; one that never began is deleted."""

    uid = public_id()
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    # Null: until they are back.
    ends_at = models.DateTimeField(null=True, blank=True)
    # Read by colleagues: where, or what for; never why somebody is ill.
    note = models.CharField(max_length=120, blank=True)
    # Who gets what waits on us. Null: by the rules, as if it were new.
    cover = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # Whether what was handed over and is still open comes back with the member.
    gives_back = models.BooleanField(default=True)
    # When the work was handed over; null: it has not begun.
    began_at = models.DateTimeField(null=True, blank=True, editable=False)

    FIELDS = ("starts_at", "ends_at", "note", "cover", "gives_back")

    class Meta:
        base_manager_name = "objects"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="absence_uid_is_unique"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")) | Q(ends_at__isnull=True), name="absence_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(cover=F("member")) | Q(cover__isnull=True), name="nobody_covers_for_themselves"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "member", "starts_at"], name="absence_of_member")]

    def __str__(self) -> str:
        return f"member {self.member_id} from {self.starts_at:%Y-%m-%d}"

    def is_on(self, at: datetime) -> bool:
        """Return True if the absence covers an instant."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

    @classmethod
    @transaction.atomic
    def plan(
        cls,
        member: Member,
        starts_at: datetime,
        ends_at: datetime | None,
        *,
        note: str = "",
        cover: Member | None = None,
        gives_back: bool = True,
        by: Member | None,
    ) -> "Absence":
        """Plan an absence. Raises Refused when it ends before it starts, overlaps another, or they cover themselves."""
        lock_configuration()
        absence = cls(member=member, starts_at=starts_at, ends_at=ends_at, note=note[:120], cover=cover)
        absence.gives_back = gives_back
        absence._check()
        absence.save()
        absence.refresh_from_db(fields=["uid"])
        absence._tell("absence.planned", by)
        return absence

    @transaction.atomic
    def change(
        self,
        *,
        starts_at: datetime,
        ends_at: datetime | None,
        note: str,
        cover: Member | None,
        gives_back: bool,
        by: Member | None,
    ) -> None:
        """Change it, except the start of an absence that has begun. Idempotent. Raises Refused as `plan`."""
        self._hold()
        before = [getattr(self, name) for name in self.FIELDS]
        ended = self.ends_at
        if self.began_at:
            self.starts_at = self.starts_at
        else:
            self.starts_at = starts_at
        self.ends_at = ends_at
        self.note = note[:120]
        self.cover = cover
        self.gives_back = gives_back
        if before != [getattr(self, name) for name in self.FIELDS]:
            self._check()
            self.save(update_fields=self.FIELDS)
            is_longer = ended is not None and (self.ends_at is None or self.ends_at > ended)
            self._tell("absence.changed", by, {"ended": ended.isoformat()} if ended and is_longer else {})

    @transaction.atomic
    def end(self, *, by: Member | None) -> None:
        """End an absence that has begun, or delete one that has not. Idempotent."""
        self._hold()
        now = clock.now()
        if self.ends_at is not None and self.ends_at <= now:
            return
        events.record("absence.ended", subject=self, by=by, data={"member": self.member_id})
        if self.began_at is None or self.starts_at >= now:
            due.cancel(BEGINS, [self.pk])
            due.cancel(ENDS, [self.pk])
            self.delete()
            return
        self.ends_at = now
        self.save(update_fields=["ends_at"])
        due.schedule(ENDS, self.pk, now)

    def _check(self) -> None:
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            raise Refused(_("The absence ends before it begins."))
        if self.cover is not None and self.cover.pk == self.member_id:
            raise Refused(_("Nobody covers for themselves: choose a colleague."))
        others = Absence.objects.filter(member_id=self.member_id).exclude(pk=self.pk)
        overlapping = others.filter(Q(ends_at__gt=self.starts_at) | Q(ends_at__isnull=True))
        if self.ends_at is not None:
            overlapping = overlapping.filter(starts_at__lt=self.ends_at)
        if overlapping.exists():
            raise Refused(_("There is an absence in these days already: change that one."))

    def _tell(self, kind: str, by: Member | None, data: dict[str, str] | None = None) -> None:
        """Record the event, and schedule its begin and end. `data`: `ended`, if it was shortened."""
        events.record(kind, subject=self, by=by, data={"member": self.member_id, **(data or {})})
        if self.began_at is None:
            due.schedule(BEGINS, self.pk, self.starts_at)
        if self.ends_at is not None:
            due.schedule(ENDS, self.pk, self.ends_at)
        else:
            due.cancel(ENDS, [self.pk])

    def _hold(self) -> None:
        lock_configuration()
        self.refresh_from_db()
