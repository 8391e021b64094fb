"""The tokens of a connection: an ApiToken whose secret is the present access token, and its refresh tokens."""

from collections.abc import Sequence
from datetime import timedelta

from api.models import ApiApp, ApiToken, RefreshToken
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.models.accounts.token import secret_digest

ACCESS_LIFETIME = timedelta(hours=1)
# Connections of a member to one app, such as one for each of their devices. A further one ends the oldest.
MOST_CONNECTIONS = 10


def connect(app: ApiApp, member: Member, scopes: Sequence[str], access: str, refresh: str) -> ApiToken:
    """Create a connection with its first tokens. The caller has locked the code it comes from."""
    mine = ApiToken.objects.of_apps().filter(app=app, member=member)
    for oldest in mine.order_by("-pk")[MOST_CONNECTIONS - 1 :]:
        oldest.revoke(by=member)
    token = ApiToken(app=app, name=app.name, member=member, scopes=list(scopes), created_by=member)
    token.set_secret(access)
    token.expires_at = clock.now() + ACCESS_LIFETIME
    token.save(force_insert=True)
    RefreshToken.objects.create(token=token, digest=secret_digest(refresh))
    token.record_connection("api_app.connected", member)
    ApiToken.schedule_forgetting()
    return token


def rotate(used: RefreshToken, access: str, refresh: str) -> ApiToken:
    """Replace both tokens of a connection. The caller has locked the refresh token, and checked that it is unused."""
    token = used.token
    token.lock()
    now = clock.now()
    token.set_secret(access)
    token.expires_at = now + ACCESS_LIFETIME
    token.save(update_fields=["digest", "hint", "expires_at"])
    used.used_at = now
    used.save(update_fields=["used_at"])
    RefreshToken.objects.create(token=token, digest=secret_digest(refresh))
    return token
