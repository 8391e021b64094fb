"""What the tests of pages share: somebody signed in, and follow-ups at hours from now."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.cast import Cast, House
from tests.markup import flat

# A Wednesday, ten in the morning in New York.
NOON = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    """The house on a Wednesday morning."""
    with clock.at(NOON):
        yield cast.house


@pytest.fixture
def planned(house: House) -> Callable[..., FollowUp]:
    """Plan something, `hours` from now; Rita's call on her lead unless said otherwise."""

    def plan(subject: str = "Call", *, hours: float = 4, **changed: Any) -> FollowUp:
        values: dict[str, Any] = {"kind": "call", "job": house.job, "assignee": house.rita, "by": house.rita}
        with use_tenant(house.tenant):
            if hours > 0:
                return FollowUp.plan(subject=subject, due_at=clock.now() + timedelta(hours=hours), **values | changed)
            with clock.at(clock.now() + timedelta(hours=hours - 1)):
                return FollowUp.plan(subject=subject, due_at=clock.now() + timedelta(hours=1), **values | changed)

    return plan


class Browser:
    """Asks as one member, under /<tenant>/."""

    def __init__(self, house: House, member: Any) -> None:
        self.prefix, self.client = f"/{house.tenant.slug}/", Client()
        self.client.force_login(member.user)

    def get(self, path: str, *, status: int = 200, htmx: bool = False) -> str:
        response = self.client.get(self.prefix + path, headers={"HX-Request": "true"} if htmx else None)
        assert response.status_code == status, response.content.decode()[:500]
        return flat(response.content.decode())

    def post(self, path: str, data: dict[str, Any], *, status: int = 302, htmx: bool = False) -> Any:
        headers = {"HX-Request": "true"} if htmx else None
        response = self.client.post(self.prefix + path, data, headers=headers)
        assert response.status_code == status, response.content.decode()[:500]
        return response


@pytest.fixture
def as_member(house: House) -> Callable[[str], Browser]:
    """A browser for one of the cast, by name."""
    return lambda name: Browser(house, getattr(house, name))
