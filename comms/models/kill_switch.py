"""KillSwitch: stops messages of the organization, a brand, a channel or a person until it is lifted."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from comms.models.medium import Purpose
from comms.sending_lock import hold_sending
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id


class KillSwitchQuerySet(TenantQuerySet["KillSwitch"]):
    def on(self) -> Self:
        """Filter stops in force."""
        return self.filter(ended_at__isnull=True).exclude(until__lte=clock.now())


class KillSwitch(TenantModel):
    """A stop with its reason. Messages of a brand or channel are held, those to a person dropped."""

    uid = public_id()
    # None of the three: everything the organization sends.
    brand = TenantForeignKey("platform.Brand", models.PROTECT, null=True, blank=True, related_name="+")
    channel = TenantForeignKey("comms.Channel", models.PROTECT, null=True, blank=True, related_name="+")
    person = TenantForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    # Blank: whatever it is for.
    purpose = models.CharField(max_length=14, choices=Purpose, blank=True)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now)
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # It ends by itself then; null: when somebody takes it off.
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(KillSwitchQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="kill_switch_uid_is_unique"),
            models.CheckConstraint(
                condition=Q(brand__isnull=True, channel__isnull=True)
                | Q(brand__isnull=True, person__isnull=True)
                | Q(channel__isnull=True, person__isnull=True),
                name="kill_switch_is_of_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "id"], condition=Q(ended_at__isnull=True), name="kill_switch_on")]

    def __str__(self) -> str:
        return f"stop since {self.at:%Y-%m-%d}"

    @property
    def scope(self) -> str:
        """The kind of its target: tenant, brand, channel or person."""
        return next((name for name in ("brand", "channel", "person") if getattr(self, f"{name}_id")), "tenant")

    def stops(
        self, *, brand_id: int, channel_id: int | None, person_id: int | None, purpose: str, at: datetime
    ) -> bool:
        """True if it stops a message of this kind at an instant. Sign-in codes stop with their channel only."""
        if self.ended_at or (self.until and self.until <= at) or (self.purpose and self.purpose != purpose):
            return False
        of = {"tenant": True, "brand": self.brand_id == brand_id, "channel": self.channel_id == channel_id}
        is_meant = of.get(self.scope, self.person_id == person_id and person_id is not None)
        return is_meant and (purpose != Purpose.SECURITY or self.scope == "channel")

    @classmethod
    @transaction.atomic
    def switch_on(cls, *, reason: str, by: Member | None, until: datetime | None = None, **scope: Any) -> "KillSwitch":
        """Stop sending from this commit on; `scope`: brand, channel, person or nothing, and a purpose.

        Raises Refused without a reason. One that is on already is left as it is.
        """
        if not reason.strip():
            raise Refused(_("Enter a reason, so that colleagues know later."))
        if until and until <= clock.now():
            raise Refused(_("That time has passed."))
        hold_sending()
        wanted = {"brand": None, "channel": None, "person": None, "purpose": ""} | scope
        if existing := cls.objects.on().filter(**_exact_lookups(wanted)).first():
            return existing
        switch = cls.objects.create(**wanted, reason=reason.strip()[:200], by=by, until=until)
        switch.refresh_from_db(fields=["uid"])
        events.record("kill_switch.put", subject=switch, by=by, data={"scope": switch.scope, "reason": switch.reason})
        return switch

    @transaction.atomic
    def end(self, *, by: Member | None) -> None:
        """Lift it; held messages are decided on again. Idempotent."""
        self.lock()
        if self.ended_at:
            return
        self.ended_at = clock.now()
        self.ended_by = by
        self.save(update_fields=["ended_at", "ended_by"])
        events.record("kill_switch.ended", subject=self, by=by, data={"scope": self.scope})


def _exact_lookups(wanted: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{name}__isnull" if value is None else name: True if value is None else value for name, value in wanted.items()
    }
