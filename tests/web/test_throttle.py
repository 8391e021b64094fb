"""A member who asks too often is asked to wait; nobody else is, and with the cache dead nobody at all."""

import socket
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.core.internal.ratelimit import cache_lock
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.http import HttpResponse
from django.test import RequestFactory

from crm.kernel import clock
from crm.platform import cache as fail_open
from crm.platform.cache import FailOpenRedisCache
from crm.web.requests.throttle import limit
from tests.cast import Cast


@limit("search", "3/m")
def searched(request: Any) -> HttpResponse:
    return HttpResponse("found")


def ask(cast: Cast, name: str, view: Any = searched, method: str = "get") -> HttpResponse:
    request: Any = RequestFactory().generic(method.upper(), "/")
    request.tenant, request.member = cast.house.tenant, getattr(cast.house, name)
    return view(request)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 2, 12, 0, 20, tzinfo=UTC))


def test_the_fourth_in_a_minute_waits_for_the_next(
    cast: Cast, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [ask(cast, "rita").status_code for _ in range(3)] == [200] * 3
    refused = ask(cast, "rita")
    assert refused.status_code == 429
    assert refused["Retry-After"] == "40"
    assert "Too many tries" in refused.content.decode()
    assert ask(cast, "mona").status_code == 200, "she has not asked yet"
    assert ask(cast, "rita", limit("export", "3/m")(lambda request: HttpResponse())).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 2, 12, 1, tzinfo=UTC))
    assert ask(cast, "rita").status_code == 200


def test_where_only_one_method_counts_the_others_are_free(cast: Cast, valkey_url: str) -> None:
    uploads = limit("import", "1/h", method="POST")(lambda request: HttpResponse())
    assert [ask(cast, "rita", uploads).status_code for _ in range(3)] == [200] * 3
    assert [ask(cast, "rita", uploads, "post").status_code for _ in range(2)] == [200, 429]
    assert ask(cast, "rita", uploads).status_code == 200, "the page itself is still there"


def test_with_the_cache_dead_everything_is_let_through(cast: Cast) -> None:
    assert [ask(cast, "rita").status_code for _ in range(9)] == [200] * 9


def test_with_the_cache_dead_allauth_gets_the_lock_it_counts_under() -> None:
    """Told no, it would wait for a second and refuse the sign-in."""
    with cache_lock("sign-in") as locked:
        assert locked


def test_a_cache_that_hangs_is_asked_once_and_then_spared(valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    listener = socket.create_server(("127.0.0.1", 0))  # takes the connection and never answers
    url = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
    hanging = FailOpenRedisCache(url, {"OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}})
    asked: list[str] = []
    get = RedisCache.get

    def noted(self: RedisCache, key: str, *default: Any) -> Any:
        asked.append(key)
        return get(self, key, *default)

    with listener, monkeypatch.context() as watched:
        watched.setattr(RedisCache, "get", noted)
        assert hanging.get("key", "nothing") == "nothing"
        assert [hanging.get("key", 0) for _ in range(20)] == [0] * 20
    assert asked == ["key"]
    monkeypatch.setattr(fail_open, "_asked_again_at", 0.0)
    cache.set("key", 1)
    assert cache.get("key") == 1, "spared no longer"
