"""Find the tenant of an app that names itself, through one reviewed SECURITY DEFINER function."""

import base64
import binascii
from typing import NamedTuple
from urllib.parse import unquote_plus

from django.db import connection
from django.http import HttpRequest

LONGEST_ID = 64


class AppPlace(NamedTuple):
    """A registered app, and its tenant."""

    app_id: int
    tenant_id: int
    config_version: int


def find_app(client_id: str) -> AppPlace | None:
    """Return the app of a client id; None if there is none. One query."""
    if not 0 < len(client_id) <= LONGEST_ID or not client_id.isascii() or not client_id.isprintable():
        return None
    with connection.cursor() as cursor:
        cursor.execute("select * from api_app_of(%s)", [client_id])
        row = cursor.fetchone()
    if row is None:
        return None
    return AppPlace(*row)


def read_credentials(request: HttpRequest) -> tuple[str, str]:
    """Return the client id and secret of a token request: of `Authorization: Basic`, else of the body; "" for none."""
    return parse_credentials(
        request.headers.get("Authorization", ""),
        request.POST.get("client_id", ""),
        request.POST.get("client_secret", ""),
    )


def parse_credentials(authorization: str, client_id: str, secret: str) -> tuple[str, str]:
    """Return the client id and secret of the header (RFC 6749, 2.3.1); without it those of the body."""
    scheme, _blank, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return client_id, secret
    try:
        named, colon, own_secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    if not colon:
        return "", ""
    return unquote_plus(named), unquote_plus(own_secret)
