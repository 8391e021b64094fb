"""PortalAccess: a person's access to the portal, its start, and visibility beyond their roles."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from crm.platform.tenancy import secrets
from portal.models.code import KEPT, PortalCode
from portal.models.code_limits import CodeLimits


class PortalAccess(TenantModel):
    """A person's access to the portal: invited, active from the first visit, until revoked."""

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACTIVE = "active", _("Active")
        REVOKED = "revoked", _("Access removed")

    uid = public_id()
    person = TenantForeignKey(Person, models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.INVITED)
    invited_at = models.DateTimeField(default=clock.now)
    invited_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    first_seen_at = models.DateTimeField(null=True, blank=True)
    # Known to ten minutes.
    seen_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Links made before then open nothing any more; null: all that are not too old.
    links_since = models.DateTimeField(null=True, blank=True)
    # Sections by name, where they see more or less than their roles do: {"money": true}.
    overrides = models.JSONField(default=dict, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "portal accesses"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person"], name="portal_access_is_one_a_person"),
            models.UniqueConstraint(fields=["tenant", "uid"], name="portal_access_uid_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.REVOKED

    def live_devices(self) -> Any:
        """Return the devices that are still signed in, newest first."""
        return self.devices.filter(expires_at__gt=clock.now()).order_by("-seen_at", "-pk")

    @classmethod
    @transaction.atomic
    def invite(cls, person: Person, *, by: Member | None) -> "PortalAccess":
        """Give a person access to the portal. Idempotent."""
        access: PortalAccess
        access, is_new = cls.objects.get_or_create(person=person, defaults={"invited_by": by})
        if is_new:
            access.refresh_from_db()
        access.lock()
        if is_new or not access.is_open:
            access.state = cls.State.INVITED
            access.invited_at = clock.now()
            access.invited_by = by
            access.revoked_at = None
            access.save(update_fields=["state", "invited_at", "invited_by", "revoked_at"])
            events.record("portal.invited", subject=person, by=by)
        return access

    @transaction.atomic
    def revoke(self, *, by: Member | None) -> None:
        """Revoke the access: sign out all devices and disable all links. Idempotent."""
        self.lock()
        if not self.is_open:
            return
        self.state = self.State.REVOKED
        self.revoked_at = clock.now()
        self.links_since = clock.now()
        self.save(update_fields=["state", "revoked_at", "links_since"])
        self.devices.all().delete()
        events.record("portal.revoked", subject=self.person, by=by)

    @transaction.atomic
    def forget(self, device: "models.Model", *, by: Member | None) -> None:
        """Sign out one device."""
        if self.devices.filter(pk=device.pk).delete()[0]:
            events.record("portal.device_forgotten", subject=self.person, by=by)

    @transaction.atomic
    def forget_all(self, *, but: "models.Model | None" = None, by: Member | None) -> None:
        """Sign out all devices but one, and disable all earlier links."""
        self.lock()
        self.links_since = clock.now()
        self.save(update_fields=["links_since"])
        self.devices.exclude(pk=but.pk if but else 0).delete()
        events.record("portal.devices_forgotten", subject=self.person, by=by)

    def shut_sign_in(self) -> str:
        """Return which limit of codes is reached: "strangers", "origin" (a browser or network), or "" for none."""
        codes = list(self._own_codes().filter(asked_at__gt=clock.now() - KEPT))
        tried = CodeLimits([code for code in codes if code.used_at is None], clock.now())
        keys = {code.key for code in codes}
        by_address = [CodeLimits([code for code in codes if code.key == key], clock.now()) for key in keys]
        if tried.is_tried_enough_by_strangers or any(sent.is_sent_enough_to_strangers for sent in by_address):
            return "strangers"
        if tried.has_shut_origin:
            return "origin"
        return ""

    def _own_codes(self) -> Any:
        """Return the codes sent to the person, or requested for one of their addresses."""
        keys = [secrets.address_fingerprint(point.value) for point in self.person.contact_points.all()]
        return PortalCode.objects.filter(Q(point__person=self.person_id) | Q(key__in=keys))

    @transaction.atomic
    def reopen(self, *, by: Member | None) -> None:
        """Delete the record of requested and tried codes, so that new codes work again. Idempotent."""
        self.lock()
        if self._own_codes().delete()[0]:
            events.record("portal.reopened", subject=self.person, by=by)

    @transaction.atomic
    def see(self, overrides: dict[str, bool], *, by: Member | None) -> None:
        """Override the visibility of single items for this person. Idempotent."""
        self.lock()
        if self.overrides != overrides:
            self.overrides = overrides
            self.save(update_fields=["overrides"])
            events.record("portal.seeing_changed", subject=self.person, by=by, data=overrides)

    @transaction.atomic
    def confirm(self, point: ContactPoint) -> None:
        """Record that a code sent to an address was entered; skips an address another person has confirmed."""
        if point.verified_at is None:
            same = ContactPoint.objects.select_for_update(no_key=True).filter(kind=point.kind, value=point.value)
            if not any(one.verified_at for one in same.order_by("pk")):
                ContactPoint.objects.filter(pk=point.pk).update(verified_at=clock.now())
        events.record("portal.signed_in", subject=self.person, by=None)

    def visit(self, at: datetime) -> None:
        """Record a visit. Only the first one, which activates the access, is an event."""
        PortalAccess.objects.filter(pk=self.pk).update(seen_at=at)
        self.seen_at = at
        first = PortalAccess.objects.filter(pk=self.pk, state=self.State.INVITED)
        if self.state == self.State.INVITED and first.update(state=self.State.ACTIVE, first_seen_at=at):
            self.state = self.State.ACTIVE
            self.first_seen_at = at
            events.record("portal.entered", subject=self.person, by=None)
