"""Member: a user's place in one tenant. Every owner, assignee, author or actor is a Member, never a User."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.events.event import Actor
from crm.platform.models.base import ConfigurationModel, public_id
from crm.platform.models.tenant import lock_configuration
from crm.platform.tenancy.tenant_model import TenantManager, TenantQuerySet

# Sent inside the tenant with `member_id`, each time it is noted that a member was here; at sign-in first.
member_seen = Signal()
# Sent inside the tenant with `member`, who lives by another time zone now. Private, so it is no event.
member_zone_changed = Signal()


class Role(models.TextChoices):
    REP = "rep", _("Rep")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Admin")
    SERVICE = "service", _("Service")


class MemberQuerySet(TenantQuerySet["Member"]):
    def active(self) -> "MemberQuerySet":
        return self.filter(active=True)

    def note_seen(self, member_id: int, at: datetime) -> None:
        """Save when the member was last here, and send `member_seen`. No event, no edit of the configuration."""
        self.filter(pk=member_id).update(seen_at=at)
        member_seen.send(Member, member_id=member_id)


class Member(Actor, ConfigurationModel):
    """A user's membership in a tenant: their role, and how times are shown to them."""

    uid = public_id()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=Role)
    time_zone = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=8, blank=True)
    # The name of a page's address; blank, or one the role may not see: the first page of the navigation.
    start_page = models.CharField(max_length=64, blank=True)
    # Keys without Ctrl or ⌘ (WCAG 2.1.4: speech input types them).
    single_keys = models.BooleanField(default=True)
    # Whether the next conversation opens once one is answered or solved.
    opens_next = models.BooleanField(default=True, db_default=True)
    # The URL names of pages kept under the navigation's entries, in the order they were pinned.
    pinned_pages = ArrayField(
        models.CharField(max_length=64),
        default=list,
        db_default=models.Value([], ArrayField(models.CharField(max_length=64))),
    )
    active = models.BooleanField(default=True)
    # Known to ten minutes, like the session's own; null: not since this is noted.
    seen_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(MemberQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="member_is_once_in_a_tenant"),
            models.UniqueConstraint(fields=["tenant", "uid"], name="member_uid_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def prefer(self, *, time_zone: str, start_page: str) -> None:
        """Change the member's own time zone and start page. Private, so it is no event."""
        is_other_zone = self.time_zone != time_zone
        if is_other_zone or self.start_page != start_page:
            self.time_zone = time_zone
            self.start_page = start_page
            self.save(update_fields=["time_zone", "start_page"])
        if is_other_zone:
            member_zone_changed.send(Member, member=self)

    @transaction.atomic
    def rename(self, name: str, *, by: "Member | None") -> None:
        """Change the name colleagues see. Idempotent."""
        self.lock()
        if self.name != name:
            self.name = name
            self.save(update_fields=["name"])
            self._record("member.renamed", by)

    @transaction.atomic
    def change_role(self, role: str, *, by: "Member | None") -> None:
        """Change the role, from the member's next click on. Raises Refused for the last active admin."""
        self.lock()
        before = self.role
        role = Role(role)
        if before == role:
            return
        self._refuse_if_last_admin()
        self.role = role
        self.save(update_fields=["role"])
        self._record("member.role_changed", by, {"from": before, "to": role})

    @transaction.atomic
    def deactivate(self, *, by: "Member | None") -> None:
        """Deactivate the member, from the next click on. Raises Refused for the last active admin."""
        self.lock()
        if not self.active:
            return
        self._refuse_if_last_admin()
        self.active = False
        self.save(update_fields=["active"])
        self._record("member.deactivated", by)

    @transaction.atomic
    def reactivate(self, *, by: "Member | None") -> None:
        """Reactivate the member, in the role they had."""
        self.lock()
        if not self.active:
            self.active = True
            self.save(update_fields=["active"])
            self._record("member.reactivated", by)

    def lock(self) -> None:
        """Lock the configuration, then the row: of two admins who demote each other, one waits."""
        lock_configuration()
        super().lock()

    def _refuse_if_last_admin(self) -> None:
        others = type(self).objects.active().filter(role=Role.ADMIN).exclude(pk=self.pk)
        if self.active and self.role == Role.ADMIN and not others.exists():
            raise Refused(gettext("This is the last active admin. Make someone else an admin first."))

    def _record(self, kind: str, by: "Member | None", data: dict[str, Any] | None = None) -> None:
        events.record(kind, subject=self, by=by, data=data)

    def open_next(self, on: bool) -> None:
        """Open the next conversation once one is answered or solved, or stay."""
        if self.opens_next != on:
            self.opens_next = on
            self.save(update_fields=["opens_next"])

    def pin_pages(self, names: list[str]) -> None:
        """Keep these pages under the navigation's entries, in this order."""
        if self.pinned_pages != names:
            self.pinned_pages = names
            self.save(update_fields=["pinned_pages"])

    def use_single_keys(self, on: bool) -> None:
        """Switch single keys on or off."""
        if self.single_keys != on:
            self.single_keys = on
            self.save(update_fields=["single_keys"])

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
