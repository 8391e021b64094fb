"""Signing a test's client in by one statement: Django's own way takes two dozen, and most tests do it, some thrice.

The session is as sign-in leaves it. What sign-in does besides (the member is seen, work is given on the first one of
the day) is for tests of that: they sign in by the page, or by `sign_in`.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.crypto import get_random_string

from crm.kernel import clock

sign_in = Client.force_login


def force_login(client: Client, user: Any, backend: str | None = None) -> None:
    """Sign a client in; one that has a session keeps what Django keeps of it."""
    if settings.SESSION_COOKIE_NAME in client.cookies:
        sign_in(client, user, backend)
        return
    user.backend = backend or settings.AUTHENTICATION_BACKENDS[0]
    now = clock.now().timestamp()
    kept = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: user.backend,
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        "began": now,
        "seen": now,
    }
    sessions = SessionStore()
    row = Session(
        session_key=get_random_string(32, VALID_KEY_CHARS),
        session_data=sessions.encode(kept),
        expire_date=sessions.get_expiry_date(),
    )
    Session.objects.bulk_create([row])
    client.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    client.cookies[settings.SESSION_COOKIE_NAME].update({"path": "/"})
