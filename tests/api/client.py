"""A client of the API with a token of a member, for tests."""

from collections.abc import Iterable
from typing import Any

from django.test import Client

from api.models import ApiToken
from api.scopes import EVERYTHING
from crm.platform.models import Member, Tenant
from crm.platform.tenancy.context import use_tenant


class ApiClient(Client):
    """Sends JSON with a token, to paths below /api/v1/."""

    def __init__(self, secret: str, token: ApiToken | None = None) -> None:
        super().__init__(headers={"Authorization": f"Bearer {secret}"})
        self.token = token

    def generic(self, method: str, path: str, *args: Any, **extra: Any) -> Any:
        return super().generic(method, f"/api/v1/{path}", *args, **extra)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a body as JSON. Headers by their names with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(self, method)(path, body, content_type="application/json", headers=named)


def api_client(tenant: Tenant, member: Member, scopes: Iterable[str] = (EVERYTHING,)) -> ApiClient:
    """Return a client with a new token of a member."""
    with use_tenant(tenant):
        token, secret = ApiToken.create("Test", member, scopes, by=None)
    return ApiClient(secret, token)
