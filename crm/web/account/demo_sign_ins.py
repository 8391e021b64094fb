"""The demo's one-click sign-ins, and what apps add to them. Nothing here answers unless CRM_DEMO is set."""

from dataclasses import dataclass

from django.conf import settings

from crm.platform.models import Member, Tenant, User
from crm.platform.tenancy.context import use_tenant
from runtime.demo import PASSWORD

__all__ = ["PASSWORD", "SignIn", "sign_ins"]


@dataclass(frozen=True)
class SignIn:
    """A demo user to sign in as."""

    organization: str
    name: str
    role: str
    email: str


def sign_ins() -> list[SignIn]:
    """Return one member of each role in each organization; empty outside a demo."""
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
