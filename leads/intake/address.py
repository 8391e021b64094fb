"""Signed URLs and tokens of intake doors. An invalid signature is rejected without a query.

A form's address is public. An endpoint asks for the token besides; for a service that can send none it is part of the
address. A token holds the door's key: a new key makes it useless.
"""

import hmac
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from leads.models import IntakeDoor

LONGEST = 200
_places = signing.Signer(sep=".", salt="leads.intake.place")
_tokens = signing.Signer(sep=".", salt="leads.intake.token")


class DoorAddress(NamedTuple):
    """A door of a tenant, and the key that was given, if any."""

    tenant_id: int
    door_id: int
    key: str = ""

    def opens(self, door: IntakeDoor | None) -> bool:
        """True if this is the door's present token."""
        return door is not None and door.archived_at is None and hmac.compare_digest(door.key, self.key)


def place_token(door: IntakeDoor) -> str:
    """Return the signed part of a URL that names a door."""
    return _places.sign(f"{door.tenant_id}.{door.pk}")


def token_of(door: IntakeDoor) -> str:
    """Return the token that authenticates posts to a door."""
    return _tokens.sign(f"{door.tenant_id}.{door.pk}.{door.key}")


def place_named(text: str) -> DoorAddress | None:
    """Parse the signed part of a URL; None if the signature is invalid."""
    return _parse_token(_places, text, 2)


def place_proven(token: str) -> DoorAddress | None:
    """Parse a token; None if the signature is invalid. The caller compares its key with the door's."""
    return _parse_token(_tokens, token, 3)


def _parse_token(signer: signing.Signer, text: str, parts: int) -> DoorAddress | None:
    try:
        values = signer.unsign(text[:LONGEST]).split(".")
    except signing.BadSignature:
        return None
    if len(values) == parts:
        return DoorAddress(int(values[0]), int(values[1]), *values[2:])
    return None


def url_of(door: IntakeDoor) -> str:
    """Return the public URL of a door; blank for a kind without one."""
    match door.kind:
        case IntakeDoor.DoorKind.FORM:
            path = reverse("intake_public:form", args=[place_token(door)])
        case IntakeDoor.DoorKind.JSON:
            path = reverse("intake_public:endpoint", args=[place_token(door)])
        case IntakeDoor.DoorKind.META | IntakeDoor.DoorKind.GOOGLE | IntakeDoor.DoorKind.TOOL:
            path = reverse("intake_public:post", args=[door.kind, token_of(door)])
        case _:
            return ""
    return f"{settings.SITE_URL}{path}"


def script_url(door: IntakeDoor) -> str:
    """Return the URL of the script that embeds a form in a website."""
    return f"{settings.SITE_URL}{reverse('intake_public:script', args=[place_token(door)])}"


def snippet(door: IntakeDoor) -> str:
    """Return the HTML to paste into a website to embed the form."""
    return f'<script src="{script_url(door)}" async></script>'
