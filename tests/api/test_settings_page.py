"""The tokens in the settings, and the reference."""

import re
from typing import Any

import pytest
from django.test import Client

from api.models import ApiToken
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient
from tests.cast import PASSWORD, Cast


@pytest.fixture
def browser(cast: Cast) -> Client:
    """Ada, who has just confirmed that it is her."""
    client = Client()
    client.post("/account/login/", {"login": cast.house.ada.user.email, "password": PASSWORD})
    client.post("/account/confirm/", {"password": PASSWORD})
    return client


def post_token(browser: Client, cast: Cast, member: Member, **values: object) -> str:
    data = {"name": "Estimator", "member": str(member.uid), "days": "90", "version": shown_version(browser, cast)}
    return browser.post(page(cast, "add/"), data | values, follow=True).content.decode()


def shown_version(browser: Client, cast: Cast) -> str:
    """What the forms of the page carry."""
    match = re.search(r'name="version" value="([^"]+)"', browser.get(page(cast)).content.decode())
    assert match
    return match[1]


def page(cast: Cast, below: str = "") -> str:
    return f"/{cast.house.tenant.slug}/settings/api/{below}"


def test_a_new_token_is_shown_once(browser: Client, cast: Cast) -> None:
    match = re.search(r"tl_[A-Za-z0-9_-]{43}", post_token(browser, cast, cast.house.rita))

    assert match
    assert match[0] not in browser.get(page(cast)).content.decode()
    assert ApiClient(match[0]).get("people/").status_code == 200


def test_each_scope_is_a_box_with_its_words(browser: Client, cast: Cast) -> None:
    text = browser.get(page(cast)).content.decode()

    box = r'<label class="option"><input[^>]+value="people:read"[^>]*><span>Customers: read</span></label>'
    assert re.search(box, text)
    assert '<div id="id_scopes" class="check">' not in text


def test_whoever_creates_a_token_confirms_that_it_is_them(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.house.ada.user)
    data = {"name": "Estimator", "member": str(cast.house.rita.uid), "days": "90"}

    answer = client.post(page(cast, "add/"), data | {"version": shown_version(client, cast)})

    assert answer["Location"].startswith("/account/confirm/")
    with use_tenant(cast.house.tenant):
        assert not ApiToken.objects.exists()


def test_a_token_gets_the_chosen_scopes(browser: Client, cast: Cast) -> None:
    post_token(browser, cast, cast.house.rita, scopes=["quotes:write"])

    with use_tenant(cast.house.tenant):
        assert ApiToken.objects.get().scopes == ["quotes:write"]


def test_a_token_without_a_name_is_refused(browser: Client, cast: Cast) -> None:
    assert "Name: " in post_token(browser, cast, cast.house.rita, name="")


def test_a_token_is_revoked(browser: Client, cast: Cast, ada: ApiClient) -> None:
    browser.post(page(cast, f"{ada.token.pk}/revoke/"), {"version": shown_version(browser, cast)})

    assert ada.get("people/").status_code == 401
    assert "Ended" in browser.get(page(cast)).content.decode()


@pytest.mark.usefixtures("valkey_url")
def test_a_token_shows_its_calls_of_this_minute(browser: Client, cast: Cast, ada: ApiClient, settings: Any) -> None:
    settings.API_RATE = 1_200
    with clock.at(clock.now().replace(second=10)):
        for _call in range(3):
            ada.get("people/")
        assert "3 of 1,200 calls this minute" in browser.get(page(cast)).content.decode()


def test_the_page_is_for_admins(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.house.mona.user)

    assert client.get(page(cast)).status_code == 404
    assert client.get(page(cast, "reference/")).status_code == 404


def test_the_reference_shows_a_call(browser: Client, cast: Cast) -> None:
    text = browser.get(page(cast, "reference/?call=quotes_create")).content.decode()

    assert "/api/v1/quotes/" in text
    assert "Write a draft" in text
    assert all(language in text for language in ("curl -X POST", "import httpx", "await fetch"))


def test_an_unknown_call_is_not_there(browser: Client, cast: Cast) -> None:
    assert browser.get(page(cast, "reference/?call=nonesuch")).status_code == 404
