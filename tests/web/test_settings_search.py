"""The search of the settings: pages and fields by their own words, by synonyms and in both languages; and tabs."""

import pytest
from django.test import Client

from crm.web.settings.search import SettingMatch, find_settings
from tests.cast import HOUSE, Cast

INDEX = f"/{HOUSE}/settings/"


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.house.ada.user)
    return client


def found(cast: Cast, text: str) -> list[SettingMatch]:
    return find_settings(cast.house.ada, HOUSE, text)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Brands", "settings/brands/"),
        ("vakantie", "settings/absences/"),
        ("2fa", "settings/security/"),
        ("round robin", "settings/assignment/"),
        ("signature", "messages/channels/"),
        ("which times customers can book", "settings/calendars/"),
    ],
)
def test_a_page_is_found_by_its_name_a_synonym_and_what_it_affects(cast: Cast, text: str, page: str) -> None:
    assert f"/{HOUSE}/{page}" in [match.url for match in found(cast, text)]


def test_a_field_is_found_by_its_label_with_its_anchor(ada: Client, cast: Cast) -> None:
    match = next(match for match in found(cast, "time zone") if match.field and match.label == "Organization")
    page, _sign, anchor = match.url.partition("#")
    assert f'id="{anchor}"' in ada.get(page).content.decode()
    assert "reopen_days" in [match.url.partition("#")[2] for match in found(cast, "days after")]


def test_the_best_match_is_first_and_nothing_typed_finds_nothing(cast: Cast) -> None:
    assert found(cast, "tags")[0].label == "Tags"
    assert found(cast, " ") == []
    assert found(cast, "xyzzy") == []


def test_nobody_finds_a_page_they_may_not_open(cast: Cast) -> None:
    assert [match.url for match in find_settings(cast.house.mona, HOUSE, "second factor")] == []


def test_htmx_gets_the_matches_alone_and_a_plain_form_the_page(ada: Client) -> None:
    part = ada.get(INDEX, {"q": "webhooks"}, headers={"HX-Request": "true"}).content.decode()
    assert f'href="/{HOUSE}/settings/webhooks/"' in part
    assert "<h1>" not in part
    assert f'href="/{HOUSE}/settings/webhooks/"' in ada.get(INDEX, {"q": "webhooks"}).content.decode()
    assert "No setting matches “xyzzy”." in ada.get(INDEX, {"q": "xyzzy"}).content.decode()


def test_every_page_says_what_it_affects_and_lists_its_tabs(ada: Client) -> None:
    page = ada.get(f"/{HOUSE}/settings/levels/").content.decode()
    assert "Affects the colours and order of leads" in page
    assert f'<a href="/{HOUSE}/settings/pipelines/">' in page
    menu = page.partition("settings-nav")[2].partition("</nav>")[0]
    assert f'<a class="menu-line" href="{INDEX}pipelines/" aria-current="page">' in menu
    assert f"{INDEX}levels/" not in menu
