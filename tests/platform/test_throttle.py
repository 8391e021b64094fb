"""A member who asks too often is asked to wait; nobody else is, and with the cache dead nobody at all."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from crm.platform import clock
from crm.platform.throttle import limit
from tests.cast import Cast


@limit("search", "3/m")
def searched(request: Any) -> HttpResponse:
    return HttpResponse("found")


def ask(cast: Cast, name: str, view: Any = searched) -> HttpResponse:
    request: Any = RequestFactory().get("/")
    request.tenant, request.member = cast.house.tenant, getattr(cast.house, name)
    return view(request)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 2, 12, 0, 20, tzinfo=UTC))


def test_the_fourth_in_a_minute_waits_for_the_next(cast: Cast, valkey_url: str, monkeypatch: pytest.MonkeyPatch):
    assert [ask(cast, "rita").status_code for _ in range(3)] == [200] * 3
    refused = ask(cast, "rita")
    assert refused.status_code == 429
    assert refused["Retry-After"] == "40"
    assert "Too many tries" in refused.content.decode()
    assert ask(cast, "mona").status_code == 200, "she has not asked yet"
    assert ask(cast, "rita", limit("export", "3/m")(lambda request: HttpResponse())).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 2, 12, 1, tzinfo=UTC))
    assert ask(cast, "rita").status_code == 200


def test_with_the_cache_dead_everything_is_let_through(cast: Cast):
    assert [ask(cast, "rita").status_code for _ in range(9)] == [200] * 9
