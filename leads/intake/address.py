"""The addresses and tokens of doors: signed, so that a made-up one costs no query and names no tenant.

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
    """Which door of which tenant is meant, and by which key, if one was given."""

    tenant_id: int
    door_id: int
    key: str = ""

    def opens(self, door: IntakeDoor | None) -> bool:
        """True if this is a token of the door as it is now."""
        return door is not None and door.archived_at is None and hmac.compare_digest(door.key, self.key)


def place_token(door: IntakeDoor) -> str:
    """Return the part of an address that names a door."""
    return _places.sign(f"{door.tenant_id}.{door.pk}")


def token_of(door: IntakeDoor) -> str:
    """Return the secret that proves who posts to a door."""
    return _tokens.sign(f"{door.tenant_id}.{door.pk}.{door.key}")


def place_named(text: str) -> DoorAddress | None:
    """Read the part of an address; None for one we did not sign."""
    return _parse_token(_places, text, 2)


def place_proven(token: str) -> DoorAddress | None:
    """Read a token; None for one we did not sign. Whether its key is still good, the door tells."""
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
    """Return the public URL of a door; blank for a kind that has none."""
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
    """Return the address of the script that puts a form on a website."""
    return f"{settings.SITE_URL}{reverse('intake_public:script', args=[place_token(door)])}"


def snippet(door: IntakeDoor) -> str:
    """Return what is pasted into a website where the form is to stand."""
    return f'<script src="{script_url(door)}" async></script>'
