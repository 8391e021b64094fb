"""Member: a user's place in one tenant. Every owner, assignee, author or actor is a Member, never a User."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.platform.models.base import ConfigurationModel, TenantManager, TenantQuerySet, public_id


class Role(models.TextChoices):
    REP = "rep", _("Rep")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Admin")
    SERVICE = "service", _("Service")


class MemberQuerySet(TenantQuerySet["Member"]):
    def active(self) -> "MemberQuerySet":
        return self.filter(active=True)


class Member(ConfigurationModel):
    """A colleague: the role, and how times are shown to this person."""

    uid = public_id()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=Role)
    time_zone = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=8, blank=True)
    # The name of a page's address; blank, or one the role may not see: the leads.
    start_page = models.CharField(max_length=64, blank=True)
    active = models.BooleanField(default=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(MemberQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="member_is_once_in_a_tenant"),
            models.UniqueConstraint(fields=["tenant", "uid"], name="member_uid_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def prefer(self, *, time_zone: str, start_page: str) -> None:
        """How this colleague is shown times, and where a visit begins. Private, so it is no event."""
        if (self.time_zone, self.start_page) != (time_zone, start_page):
            self.time_zone, self.start_page = time_zone, start_page
            self.save(update_fields=["time_zone", "start_page"])

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
