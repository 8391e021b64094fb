"""An app that a member connects, for tests: it asks the browser for a code, and the token endpoint for tokens."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client

from api.models import ApiApp
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient
from tests.cast import PASSWORD, House

REDIRECT = "https://app.example/callback"
VERIFIER = "a-verifier-that-only-the-app-knows-0123456789"


class TestApp:
    """A registered app."""

    __test__ = False

    def __init__(self, house: House, *, is_confidential: bool = True, redirect_uri: str = REDIRECT) -> None:
        self.house = house
        with use_tenant(house.tenant):
            self.row, self.secret = ApiApp.register(
                "Estimator", [redirect_uri], is_confidential=is_confidential, by=house.ada
            )
            self.row.refresh_from_db()

    def question(self, **changes: Any) -> dict[str, Any]:
        """What the app sends the member's browser with."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.row.client_id,
            "redirect_uri": REDIRECT,
            "scope": "people:write jobs:read",
            "state": "s-1",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (asked | changes).items() if value is not None}

    def ask(self, member: Member, **changes: Any) -> Any:
        """The page that the member sees."""
        return browser_of(member).get(f"{self.address}?{urlencode(self.question(**changes))}")

    def answer(self, member: Member, button: str = "allow", **changes: Any) -> dict[str, str]:
        """The parameters that the app gets back once the member pressed a button."""
        question = self.question(**changes)
        response = browser_of(member).post(self.address, question | {button: "1"})
        assert response.status_code == 302
        assert response["Location"].startswith(f"{question['redirect_uri']}?")
        return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}

    @property
    def address(self) -> str:
        return f"/{self.house.tenant.slug}/apps/authorize/"

    def exchange(self, code: str, **changes: Any) -> Any:
        """The answer to a code."""
        body = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
        return self.call("token", body | changes)

    def refresh(self, refresh_token: str, **changes: Any) -> Any:
        """The answer to a refresh token."""
        return self.call("token", {"grant_type": "refresh_token", "refresh_token": refresh_token} | changes)

    def call(self, endpoint: str, body: dict[str, Any]) -> Any:
        credentials = {"client_id": self.row.client_id}
        if self.secret:
            credentials["client_secret"] = self.secret
        return Client().post(f"/api/v1/oauth/{endpoint}/", credentials | body)

    def connect(self, member: Member, **changes: Any) -> dict[str, Any]:
        """The tokens of a member who agreed."""
        tokens: dict[str, Any] = self.exchange(self.answer(member, **changes)["code"]).json()
        return tokens


def browser_of(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def confirmed_browser_of(member: Member) -> Client:
    """The browser of a member who has just confirmed that it is them."""
    client = browser_of(member)
    client.post("/account/confirm/", {"password": PASSWORD})
    return client


def status_with(tokens: dict[str, Any], path: str = "people/") -> int:
    """The status of a request of the API with the access token."""
    return int(ApiClient(tokens["access_token"]).get(path).status_code)
