"""Find the token of a request, through one reviewed SECURITY DEFINER function: no tenant is known yet."""

import re
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from api.models.api_token import PREFIX
from crm.kernel import clock
from crm.platform.models.accounts.token import secret_digest

# The secret of a header; 43 characters are 256 bits.
_BEARER = re.compile(rf"Bearer +({PREFIX}[A-Za-z0-9_-]{{43}}) *", re.IGNORECASE)
# A longer header is no token of ours.
_LONGEST = 200


class TokenPlace(NamedTuple):
    """A valid token: its tenant, the member it acts as, its scopes, and when its last use was noted.

    `token_id` 0: a member who is signed in tries a call in the reference (api/schema/call_trial.py).
    """

    token_id: int
    tenant_id: int
    config_version: int
    member_id: int
    scopes: list[str]
    last_used_at: datetime | None = None


def find_token(authorization: str) -> TokenPlace | None:
    """Return the token of an `Authorization` header; None if there is none that is valid. One query."""
    match = _BEARER.fullmatch(authorization[:_LONGEST])
    if match is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select * from api_token_of(%s, %s)", [secret_digest(match[1]), clock.now()])
        row = cursor.fetchone()
    if row is None:
        return None
    return TokenPlace(*row)
