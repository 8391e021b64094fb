"""Connected apps on the pages of members and admins."""

import re
from urllib.parse import urlencode

from django.test import Client

from api.models import ApiApp
from crm.platform.tenancy.context import use_tenant
from tests.api.oauth.dance import TestApp, browser_of, confirmed_browser_of, status_with
from tests.cast import Cast


def test_a_member_sees_and_disconnects_an_app(cast: Cast) -> None:
    app = TestApp(cast.house)
    tokens = app.connect(cast.house.rita)
    rita = browser_of(cast.house.rita)
    page = f"/{cast.house.tenant.slug}/apps/"
    assert "Estimator" in rita.get(page).content.decode()
    assert "Estimator" not in browser_of(cast.house.mona).get(page).content.decode()

    rita.post(f"{page}{app.row.uid}/disconnect/")

    assert status_with(tokens) == 401
    assert "You have not connected an app." in rita.get(page).content.decode()


def test_an_admin_registers_an_app_sees_who_uses_it_and_removes_it(cast: Cast) -> None:
    ada = confirmed_browser_of(cast.house.ada)
    page = f"/{cast.house.tenant.slug}/settings/api/apps/"
    form = {"name": "Estimator", "redirect_uris": "https://app.example/callback", "kind": "confidential"}
    text = ada.post(f"{page}add/", form | {"version": shown_version(ada, page)}, follow=True).content.decode()
    assert re.search(r"tls_[A-Za-z0-9_-]{43}", text)
    assert re.search(r"tla_[A-Za-z0-9_-]{24}", text)

    app = TestApp(cast.house)
    app.connect(cast.house.rita)
    text = ada.get(page).content.decode()
    assert "Rita Rep" in text
    ada.post(f"{page}{app.row.pk}/remove/", {"version": shown_version(ada, page)})
    assert "Rita Rep" not in ada.get(page).content.decode()


def test_who_registers_an_app_confirms_that_it_is_them(cast: Cast) -> None:
    ada = browser_of(cast.house.ada)
    page = f"/{cast.house.tenant.slug}/settings/api/apps/"
    form = {"name": "Estimator", "redirect_uris": "https://app.example/callback", "kind": "confidential"}

    answer = ada.post(f"{page}add/", form | {"version": shown_version(ada, page)})

    assert answer["Location"] == f"/account/confirm/?{urlencode({'next': page})}"
    with use_tenant(cast.house.tenant):
        assert not ApiApp.objects.exists()


def test_a_wrong_address_is_explained(cast: Cast) -> None:
    ada = confirmed_browser_of(cast.house.ada)
    page = f"/{cast.house.tenant.slug}/settings/api/apps/"
    form = {"name": "Estimator", "redirect_uris": "app.example", "kind": "public"}

    answer = ada.post(f"{page}add/", form | {"version": shown_version(ada, page)}, follow=True)
    assert "begins with https://" in answer.content.decode()


def test_tokens_of_apps_are_not_among_those_of_programs(cast: Cast) -> None:
    TestApp(cast.house).connect(cast.house.rita)

    text = browser_of(cast.house.ada).get(f"/{cast.house.tenant.slug}/settings/api/").content.decode()
    assert "No token yet." in text


def shown_version(browser: Client, page: str) -> str:
    """What the forms of the page carry."""
    match = re.search(r'name="version" value="([^"]+)"', browser.get(page).content.decode())
    assert match
    return match[1]
