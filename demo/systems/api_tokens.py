"""Tokens of the API: an estimating tool that is in use, and one that was revoked. Nobody has their secrets."""

from datetime import datetime, timedelta

from api.models import ApiToken
from crm.kernel import clock
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory

NAMES = {"en": "Estimating tool", "nl": "Calculatieprogramma"}


def create_tokens(now: datetime) -> None:
    """Create them inside the tenant, after its members."""
    here = directory()
    first: dict[str, Member] = {}
    for member in sorted(here.members.values(), key=lambda row: row.pk):
        first.setdefault(member.role, member)
    admin = first[Role.ADMIN]
    with clock.at(now - timedelta(days=41)):
        name = NAMES.get(here.tenant.language, NAMES["en"])
        used, _secret = ApiToken.create(name, first[Role.REP], ["jobs:read", "quotes:write"], by=admin)
    with clock.at(now - timedelta(minutes=12)):
        ApiToken.objects.get_queryset().note_use(used.pk)
    with clock.at(now - timedelta(days=120)):
        old, _secret = ApiToken.create("Make", first[Role.MANAGER], by=admin)
    with clock.at(now - timedelta(days=30)):
        old.revoke(by=admin)
