"""The demo's conveniences: whom to sign in as. Nothing here answers unless CRM_DEMO is set."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from crm.platform.models import Member, Tenant, User
from crm.platform.tenancy.context import use_tenant
from runtime.demo import PASSWORD

__all__ = ["PASSWORD", "SignIn", "furnish", "furnishing", "sign_ins"]

Furnishing = Callable[[datetime], None]
_furnishings: list[Furnishing] = []


def furnishing(function: Furnishing) -> Furnishing:
    """Register what an upper app adds to a new demo organization: called inside the tenant, once its jobs are there."""
    if function not in _furnishings:
        _furnishings.append(function)
    return function


def furnish(now: datetime) -> None:
    """Have the upper apps add theirs."""
    for function in _furnishings:
        function(now)


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
