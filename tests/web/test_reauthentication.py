"""What asks once more who it is, for how long the answer holds, and where one lands."""

import time as wall
from typing import Any

import pytest
from django.test import Client

from crm.web.requests.permissions import require
from crm.web.requests.reauthentication import confirm_first
from tests.cast import HOUSE, PASSWORD, Cast
from tests.web.confirm import confirm

CONFIRM = "/account/confirm/"
CHANGE = "/account/password/change/"
SECURITY = f"/{HOUSE}/settings/security/"
SESSIONS = "/account/sessions/"


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.post("/account/login/", {"login": cast.house.ada.user.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize("address", [CHANGE, "/account/second-factor/app/add/", "/account/second-factor/passkeys/add/"])
def test_a_page_that_changes_the_sign_in_asks_first(ada: Client, address: str) -> None:
    """Having just signed in is no confirmation: the session may be a stolen one."""
    asked = ada.get(address)
    assert asked["Location"] == f"{CONFIRM}?next={address.replace('/', '%2F')}"
    assert "Confirm it’s you" in ada.get(asked["Location"]).content.decode()
    confirm(ada)
    assert ada.get(address).status_code == 200


@pytest.mark.parametrize("address", [SECURITY, SESSIONS, f"{SESSIONS}1/end/"])
def test_an_act_asks_first_and_keeps_nothing_that_was_posted(ada: Client, cast: Cast, address: str) -> None:
    asked = ada.post(address, {"required": "on", "secret": "hunter2"})
    back = SESSIONS if address.startswith(SESSIONS) else address
    assert asked["Location"] == f"{CONFIRM}?next={back.replace('/', '%2F')}"
    assert "hunter2" not in str(dict(ada.session))
    page = ada.get(asked["Location"]).content.decode()
    assert "do it once more" in page


def test_looking_asks_for_nothing(ada: Client) -> None:
    assert ada.get(SESSIONS).status_code == 200
    assert ada.get(SECURITY).status_code == 200


def test_a_wrong_password_confirms_nothing(ada: Client) -> None:
    page = ada.post(CONFIRM, {"password": "wrong", "next": CHANGE})
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    assert ada.get(CHANGE)["Location"].startswith(CONFIRM)


def test_it_holds_for_fifteen_minutes(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    confirm(ada)
    now = wall.time()
    monkeypatch.setattr(wall, "time", lambda: now + 14 * 60)
    assert ada.get(CHANGE).status_code == 200
    monkeypatch.setattr(wall, "time", lambda: now + 15 * 60 + 1)
    assert ada.get(CHANGE)["Location"].startswith(CONFIRM)


def test_it_holds_for_this_session_alone(ada: Client, cast: Cast) -> None:
    confirm(ada)
    other = Client()
    other.post("/account/login/", {"login": cast.house.ada.user.email, "password": PASSWORD})
    assert other.get(CHANGE)["Location"].startswith(CONFIRM)


def test_next_leads_nowhere_else(ada: Client) -> None:
    answer = ada.post(CONFIRM, {"password": PASSWORD, "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_the_eleventh_try_in_a_minute_waits(ada: Client, valkey_url: str) -> None:
    answers = [ada.post(CONFIRM, {"password": "wrong"}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_nobody_signed_in_is_sent_to_sign_in(client: Client, db: None) -> None:
    for address in (CONFIRM, CHANGE, "/account/second-factor/", "/account/second-factor/recovery-codes/new/"):
        assert client.get(address)["Location"].startswith("/account/login/")


def test_a_fragment_moves_the_whole_page(ada: Client) -> None:
    here = f"http://testserver{SECURITY}"
    asked = ada.post(SECURITY, headers={"HX-Request": "true", "HX-Current-URL": here})
    assert asked["HX-Redirect"] == f"{CONFIRM}?next={SECURITY.replace('/', '%2F')}"


def test_it_goes_below_require_and_keeps_the_permission() -> None:
    @require("security.manage")
    @confirm_first()
    def view(request: Any) -> Any:
        raise AssertionError

    assert view.permission == "security.manage"  # type: ignore[attr-defined]
