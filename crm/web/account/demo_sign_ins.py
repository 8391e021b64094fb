"""The demo's conveniences: whom to sign in as, and what apps add to it. Nothing here answers unless CRM_DEMO is set."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.conf import settings

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member, Tenant, User
from crm.platform.tenancy.context import use_tenant
from runtime.demo import PASSWORD

__all__ = ["PASSWORD", "DemoPart", "SignIn", "furnish", "sign_ins"]


@dataclass(frozen=True)
class DemoPart(Feature):
    """What an app adds to a new demo organization: called inside the tenant, once its jobs are there."""

    unique: ClassVar[tuple[str, ...]] = ("lay_down",)

    position: int
    lay_down: Callable[[datetime], None]


def furnish(now: datetime) -> None:
    """Have the apps add their parts."""
    for part in features.of(DemoPart):
        part.lay_down(now)


@dataclass(frozen=True)
class SignIn:
    """Somebody to sign in as."""

    organization: str
    name: str
    role: str
    email: str


def sign_ins() -> list[SignIn]:
    """One member of each role in each organization; empty outside a demo."""
    if not settings.DEMO:
        return []
    found: list[SignIn] = []
    for tenant in Tenant.objects.filter(suspended_at=None).order_by("name"):
        with use_tenant(tenant):
            members = {member.role: member for member in Member.objects.active().order_by("-pk")}
            emails = dict(User.objects.filter(pk__in=[m.user_id for m in members.values()]).values_list("pk", "email"))
            found += [
                SignIn(tenant.name, m.name, m.get_role_display(), emails[m.user_id])
                for m in sorted(members.values(), key=lambda member: member.pk)
            ]
    return found
