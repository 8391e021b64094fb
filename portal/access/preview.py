"""Preview: a member views the portal as a customer, read-only, for half an hour.

No session of theirs opens the portal; the pass is a cookie of the portal's own, and who holds it is asked again each
time: still signed in by the session that began it, still a member, still allowed, still to see that customer. So it
ends with their sign-out, a password change, a session that was ended from elsewhere, and a deactivation.
"""

import hmac
import json
from datetime import timedelta
from typing import NamedTuple

from cryptography.fernet import InvalidToken
from django.http import HttpRequest

from crm.jobs.customer_visibility import visible_people
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy import secrets
from portal.access import cookies, sessions

PERMISSION = "portal.preview"
LASTS = timedelta(minutes=30)


class Preview(NamedTuple):
    """Preview: a member who looks at the portal as one of its customers."""

    member: Member
    person: Person


def token_of(person: Person, *, by: Member, session_key: str) -> str:
    """Return the token by which a member previews as a person; it is valid as long as their session."""
    begun = [person.tenant_id, by.pk, person.pk, int(clock.now().timestamp())]
    return secrets.encrypt(json.dumps({"look": begun, "session": sessions.secret_digest(session_key)}))


def find_preview(request: HttpRequest, tenant_id: int) -> Preview | None:
    """Return the preview of a request's token; None without one, or after it ended."""
    token = cookies.read_cookie(request, cookies.PREVIEW)
    if not token:
        return None
    try:
        content = json.loads(secrets.decrypt(token))
        of, member_id, person_id, stamp = map(int, content["look"])
        session = str(content["session"])
    except (InvalidToken, ValueError, TypeError, KeyError):
        return None
    member = directory().members.get(member_id)
    is_over = clock.now().timestamp() - stamp > LASTS.total_seconds()
    if of != tenant_id or is_over or member is None or not member.active or not allows(member, PERMISSION):
        return None
    if not _is_signed_in(request, member, session):
        return None
    person = visible_people(member).filter(pk=person_id, erased_at=None).first()
    if person:
        return Preview(member, person)
    return None


def _is_signed_in(request: HttpRequest, member: Member, session: str) -> bool:
    """Return whether the browser is still signed in as the member, with the session that started the preview."""
    if not request.user.is_authenticated or request.user.pk != member.user_id:
        return False
    return hmac.compare_digest(sessions.secret_digest(request.session.session_key or ""), session)
