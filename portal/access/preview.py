"""Looking as a customer: a colleague's pass to the same pages, for half an hour, on which nothing can be done.

No session of theirs opens the portal; the pass is a cookie of the portal's own, and who holds it is asked again each
time: still a member, still allowed, still to see that customer.
"""

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
from portal.access import cookies

PERMISSION = "portal.preview"
LASTS = timedelta(minutes=30)


class Preview(NamedTuple):
    """Who looks as whom."""

    member: Member
    person: Person


def token_of(person: Person, *, by: Member) -> str:
    """Return the pass by which a member looks as somebody."""
    return secrets.encrypt(json.dumps({"look": [person.tenant_id, by.pk, person.pk, int(clock.now().timestamp())]}))


def find(request: HttpRequest, tenant_id: int) -> Preview | None:
    """Return who looks as whom by the pass a request brings; None for none, or one that is over."""
    token = cookies.read(request, cookies.PREVIEW)
    if not token:
        return None
    try:
        of, member_id, person_id, stamp = map(int, json.loads(secrets.decrypt(token))["look"])
    except (InvalidToken, ValueError, TypeError, KeyError):
        return None
    member = directory().members.get(member_id)
    is_over = clock.now().timestamp() - stamp > LASTS.total_seconds()
    if of != tenant_id or is_over or member is None or not member.active or not allows(member, PERMISSION):
        return None
    person = visible_people(member).filter(pk=person_id, erased_at=None).first()
    return Preview(member, person) if person else None
