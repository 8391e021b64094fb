"""An authenticator app, as a user has it on the phone."""

import time
from types import SimpleNamespace
from typing import Any

from allauth.mfa.totp.internal import auth
from django.test import Client

from crm.platform.models import Member
from tests.cast import PASSWORD
from tests.web.confirm import confirm

ADD_APP = "/account/second-factor/app/add/"
AUTHENTICATE = "/account/second-factor/authenticate/"

# The clock by which codes are made and checked stands: a half minute that ends in the middle of a test would make the
# code of the step before one too old.
NOW = time.time()
auth.time = SimpleNamespace(time=lambda: NOW)


def code(secret: str, steps: int = 0) -> str:
    """What the app shows, so many half minutes from now."""
    return str(auth.format_hotp_value(auth.hotp_value(secret, int(NOW) // 30 + steps)))


def set_up_app(client: Client) -> str:
    """Set up an app for whoever is signed in; its key."""
    confirm(client)
    secret: str = client.get(ADD_APP).context["form"].secret
    # The step before: what the app shows now is still good for a sign-in.
    assert client.post(ADD_APP, {"code": code(secret, -1)}).status_code == 302
    return secret


def sign_in(client: Client, member: Member, **more: str) -> Any:
    """By the password; the answer."""
    return client.post("/account/login/", {"login": member.user.email, "password": PASSWORD, **more})
