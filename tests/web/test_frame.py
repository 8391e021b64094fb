"""The frame around a page: one drawing serves many requests, and none of them shows another's."""

import re
from typing import Any

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client

from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from crm.web.shell import frame, navigation
from crm.web.shell.frame_context import frame_context
from tests.cast import HOUSE, Cast

PREFERENCES, CHANGES, SETTINGS = (f"/{HOUSE}/{page}/" for page in ("preferences", "changes", "settings"))
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')


def browser(member: Member, **cookies: str) -> Client:
    client = Client()
    client.force_login(member.user)
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


def page(client: Client, path: str = PREFERENCES, **hand: Any) -> str:
    response = client.get(path, **hand)
    assert response.status_code == 200
    return response.content.decode()


def drawn(response: Any) -> list[str]:
    """The parts as the request itself would draw them."""
    request = response.wsgi_request
    member, slug = request.member, request.tenant.slug
    with use_tenant(request.tenant):
        context = frame_context(member, slug, navigation.current_page(member, slug, request.path))
        return [render_to_string(f"components/{name}.html", context, request) for name in frame.PARTS]


@pytest.mark.parametrize("name", ["rita", "mona", "ada"])
def test_what_is_kept_is_what_each_request_would_draw(cast: Cast, name: str) -> None:
    client = browser(getattr(cast.house, name), theme="dark")
    for path in (f"{PREFERENCES}?a=1&b=2", f"/{HOUSE}/leads/", PREFERENCES):
        response = client.get(path)
        html = response.content.decode()
        assert len(set(TOKEN.findall(html))) == 1
        for part in drawn(response):
            assert TOKEN.sub("", part) in TOKEN.sub("", html)
    before = frame._render_frame.cache_info().misses
    assert page(client, f"{PREFERENCES}?again=1")
    assert frame._render_frame.cache_info().misses == before


def test_each_request_has_its_own_token_and_page_to_come_back_to(cast: Cast) -> None:
    client = browser(cast.house.rita)
    first, second = page(client, f"{PREFERENCES}?a=1&b=2"), page(client)
    assert TOKEN.findall(first)[0] != TOKEN.findall(second)[0]
    assert f'name="next" value="{PREFERENCES}?a=1&amp;b=2"' in first
    assert f'name="next" value="{PREFERENCES}"' in second
    assert "a=1" not in second
    assert not re.search(r"(token|here)-[0-9a-f]{32}", first + second)


def test_nobody_sees_the_frame_of_another(cast: Cast) -> None:
    house = cast.house
    for one, other in ((house.rita, house.ada), (house.ada, house.rita)):
        shown = page(browser(one))
        assert one.name in shown
        assert one.user.email in shown
        assert other.name not in shown
        assert other.user.email not in shown
        assert (f'href="{SETTINGS}"' in shown) == (one == house.ada)


def test_what_changes_is_seen_at_once(cast: Cast) -> None:
    rita, client = cast.house.rita, browser(cast.house.rita)
    assert "Suncoast-Test" in page(client)
    with use_tenant(cast.house.tenant):
        cast.house.tenant.edit(by=cast.house.ada, name="Sunny & Sons")
    assert "Sunny &amp; Sons" in page(client)
    with use_tenant(cast.house.tenant):
        rita.role, rita.name, rita.single_keys = "admin", "Rita Renamed", not rita.single_keys
        rita.save()
    shown = page(client)
    assert "Rita Renamed" in shown
    assert f'href="{SETTINGS}"' in shown
    assert bool(re.search(r'id="single-keys" type="checkbox"\s+name="single_keys" value="on" checked', shown)) == (
        rita.single_keys
    )
    assert 'value="dark" aria-current="true"' in page(browser(rita, theme="dark"))
    assert 'value="dark" aria-current="true"' not in page(client)
    rita.user.email = "other@house.example"
    rita.user.save()
    assert "other@house.example" in page(client)
    assert "Uitloggen" in page(client, headers={"Accept-Language": "nl"})


def test_a_change_that_was_taken_back_leaves_nothing(cast: Cast) -> None:
    client, tenant = browser(cast.house.rita), cast.house.tenant
    request: Any = client.get(PREFERENCES).wsgi_request
    with use_tenant(tenant), transaction.atomic():
        tenant.edit(by=cast.house.ada, name="For a moment")
        assert "For a moment" in frame.cached_frame(request, "").above
        transaction.set_rollback(True)
    assert "For a moment" not in page(client)
    tenant.refresh_from_db()
    with use_tenant(tenant):
        tenant.edit(by=cast.house.ada, name="For good")
    shown = page(client)
    assert "For good" in shown
    assert "For a moment" not in shown
