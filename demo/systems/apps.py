"""An app of another company that is registered in the demo, and that a member has connected. Nobody has its secrets."""

from datetime import datetime, timedelta

from api.models import ApiApp, ApiToken
from api.models.api_token import new_secret
from api.oauth.token_family import connect
from crm.kernel import clock
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory

NAMES = {"en": "Crew Planner", "nl": "Ploegplanner"}
CALLBACK = "https://crewplanner.example/oauth/callback"
SCOPES = ("jobs:read", "appointments:write")


def create_apps(now: datetime) -> None:
    """Register the app inside the tenant, after its members, and connect it for the first service member."""
    house = directory()
    first: dict[str, Member] = {}
    for member in sorted(house.members.values(), key=lambda row: row.pk):
        first.setdefault(member.role, member)
    with clock.at(now - timedelta(days=26)):
        name = NAMES.get(house.tenant.language, NAMES["en"])
        app, _secret = ApiApp.register(name, [CALLBACK], is_confidential=True, by=first[Role.ADMIN])
    with clock.at(now - timedelta(days=25)):
        token = connect(app, first[Role.SERVICE], SCOPES, new_secret(), new_secret())
    with clock.at(now - timedelta(minutes=34)):
        ApiToken.objects.get_queryset().note_use(token.pk)
