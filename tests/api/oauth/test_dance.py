"""An app gets a code, tokens, and acts as the member; and what ends that."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from api.models import ApiApp, ApiToken, AppCode, RefreshToken
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event, Member, Role
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient
from tests.api.oauth.dance import REDIRECT, TestApp, browser_of, status_with
from tests.cast import Cast


@pytest.fixture
def app(cast: Cast) -> TestApp:
    return TestApp(cast.house)


def test_the_page_names_app_organization_and_scopes(app: TestApp, cast: Cast) -> None:
    page = app.ask(cast.house.rita)
    text = page.content.decode()

    assert page.status_code == 200
    for words in ("Estimator", cast.house.tenant.name, "Rita Rep", "Customers: read and change", "app.example"):
        assert words in text
    assert "form-action 'self' https://app.example" in page["Content-Security-Policy"]


def test_an_app_acts_as_the_member_within_the_scopes(app: TestApp, cast: Cast) -> None:
    answer = app.answer(cast.house.rita)
    response = app.exchange(answer["code"])

    tokens = response.json()
    assert (answer["state"], tokens["token_type"], tokens["expires_in"]) == ("s-1", "Bearer", 3600)
    assert (tokens["scope"], response["Cache-Control"]) == ("people:write jobs:read", "no-store")
    made = ApiClient(tokens["access_token"]).send("post", "people/", {"name": "Luz"})
    assert made.status_code == 201
    assert status_with(tokens, "quotes/") == 403
    with use_tenant(cast.house.tenant):
        assert Event.objects.filter(kind="person.added", actor=cast.house.rita).exists()


def test_a_public_app_needs_no_secret(cast: Cast) -> None:
    assert status_with(TestApp(cast.house, is_confidential=False).connect(cast.house.rita)) == 200


def test_a_member_says_no(app: TestApp, cast: Cast) -> None:
    assert app.answer(cast.house.rita, "deny") == {"error": "access_denied", "state": "s-1"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "*"}, "invalid_scope"),
        ({"scope": "people:write nonesuch:read"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_an_app_that_asks_wrongly_is_told_so(changes: Any, error: str, app: TestApp, cast: Cast) -> None:
    assert app.answer(cast.house.rita, **changes)["error"] == error


@pytest.mark.parametrize(
    "redirect_uri",
    ["https://evil.example/callback", f"{REDIRECT}/more", f"{REDIRECT}?x=1", None, "javascript:alert(1)"],
)
def test_an_unregistered_address_gets_no_answer(redirect_uri: Any, app: TestApp, cast: Cast) -> None:
    page = app.ask(cast.house.rita, redirect_uri=redirect_uri)

    assert (page.status_code, "Nothing was connected" in page.content.decode()) == (400, True)


def test_an_app_of_another_tenant_is_not_there(app: TestApp, cast: Cast) -> None:
    url = app.address.replace(cast.house.tenant.slug, cast.other.tenant.slug)

    assert browser_of(cast.otto).get(url, app.question()).status_code == 404
    assert browser_of(cast.otto).post(url, app.question() | {"allow": "1"}).status_code == 404


def test_a_visitor_signs_in_first(app: TestApp) -> None:
    answer = Client().get(app.address, app.question())

    assert (answer.status_code, "login" in answer["Location"]) == (302, True)


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": "another-verifier-that-nobody-gave-to-this-app"}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"redirect_uri": "https://app.example/other"}, 400, "invalid_request"),
        ({"client_secret": "tls_wrong"}, 401, "invalid_client"),
        ({"client_id": "tla_nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"code": "unknown"}, 400, "invalid_grant"),
    ],
)
def test_a_code_is_good_for_who_asked_alone(changes: Any, status: int, error: str, app: TestApp, cast: Cast) -> None:
    code = app.answer(cast.house.rita)["code"]

    refused = app.exchange(**({"code": code} | changes))
    assert (refused.status_code, refused.json()["error"]) == (status, error)
    assert app.exchange(code).status_code == 200


def test_the_secret_may_come_in_the_header(app: TestApp, cast: Cast) -> None:
    code = app.answer(cast.house.rita)["code"]
    basic = base64.b64encode(f"{app.row.client_id}:{app.secret}".encode()).decode()
    body = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    body["code_verifier"] = "a-verifier-that-only-the-app-knows-0123456789"

    answer = Client().post("/api/v1/oauth/token/", body, headers={"Authorization": f"Basic {basic}"})
    assert answer.status_code == 200


def test_another_app_does_not_get_the_code(app: TestApp, cast: Cast) -> None:
    assert TestApp(cast.house).exchange(app.answer(cast.house.rita)["code"]).json()["error"] == "invalid_grant"


def test_a_code_used_again_ends_what_it_brought(app: TestApp, cast: Cast) -> None:
    code = app.answer(cast.house.rita)["code"]
    tokens = app.exchange(code).json()

    assert app.exchange(code).json()["error"] == "invalid_grant"
    assert status_with(tokens) == 401
    assert app.refresh(tokens["refresh_token"]).status_code == 400


def test_a_code_is_good_for_a_minute(app: TestApp, cast: Cast) -> None:
    code = app.answer(cast.house.rita)["code"]

    with clock.at(clock.now() + timedelta(minutes=2)):
        assert app.exchange(code).json()["error"] == "invalid_grant"


def test_a_refresh_token_brings_the_next_tokens(app: TestApp, cast: Cast) -> None:
    first = app.connect(cast.house.rita)
    with clock.at(clock.now() + timedelta(hours=2)):
        assert status_with(first) == 401
        second = app.refresh(first["refresh_token"]).json()

        assert (status_with(second), second["scope"]) == (200, first["scope"])
        assert second["refresh_token"] != first["refresh_token"]


def test_a_refresh_token_used_again_ends_the_connection(app: TestApp, cast: Cast) -> None:
    first = app.connect(cast.house.rita)
    second = app.refresh(first["refresh_token"]).json()

    assert app.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert status_with(second) == 401
    assert app.refresh(second["refresh_token"]).status_code == 400


@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
def test_an_app_ends_its_connection(name: str, app: TestApp, cast: Cast) -> None:
    tokens = app.connect(cast.house.rita)

    assert app.call("revoke", {"token": tokens[name]}).status_code == 200
    assert (status_with(tokens), app.refresh(tokens["refresh_token"]).status_code) == (401, 400)


def test_nothing_secret_is_stored(app: TestApp, cast: Cast) -> None:
    code = app.answer(cast.house.rita)["code"]
    tokens = app.exchange(code).json()
    with use_tenant(cast.house.tenant):
        rows = [list(model.objects.values()) for model in (ApiApp, AppCode, ApiToken, RefreshToken)]

    secrets = (code, app.secret, tokens["access_token"], tokens["refresh_token"])
    assert [secret for secret in secrets if secret in str(rows)] == []


def test_a_narrowed_role_is_seen_at_once(app: TestApp, cast: Cast) -> None:
    tokens = app.connect(cast.house.mona)
    path = f"jobs/{cast.house.job.number}/"
    assert status_with(tokens, path) == 200
    with use_tenant(cast.house.tenant):
        Member.objects.get(pk=cast.house.mona.pk).change_role(Role.REP, by=cast.house.ada)

    assert status_with(tokens, path) == 404


def test_a_deactivated_member_is_not_acted_for(app: TestApp, cast: Cast) -> None:
    tokens = app.connect(cast.house.rita)
    with use_tenant(cast.house.tenant):
        Member.objects.get(pk=cast.house.rita.pk).deactivate(by=cast.house.ada)

    assert (status_with(tokens), app.refresh(tokens["refresh_token"]).status_code) == (401, 400)


def test_a_removed_app_is_shut_out(app: TestApp, cast: Cast) -> None:
    tokens = app.connect(cast.house.rita)
    with use_tenant(cast.house.tenant):
        app.row.remove(by=cast.house.ada)

    assert (status_with(tokens), app.refresh(tokens["refresh_token"]).status_code) == (401, 401)
    assert app.ask(cast.house.rita).status_code == 404


@pytest.mark.parametrize(
    "uri",
    [
        "http://app.example/",
        "https://",
        "https://a@app.example/",
        "https://app.example/#x",
        "javascript:x",
        "app:x",
        " ",
    ],
)
def test_an_address_that_a_token_must_not_go_to_is_refused(uri: str, cast: Cast) -> None:
    with use_tenant(cast.house.tenant), pytest.raises(Refused):
        ApiApp.register("App", [uri], is_confidential=False, by=cast.house.ada)


@pytest.mark.parametrize("uri", ["http://127.0.0.1:8400/callback", "com.example.app:/callback"])
def test_an_app_may_run_on_the_members_own_device(uri: str, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        app, secret = ApiApp.register("App", [uri], is_confidential=False, by=cast.house.ada)

    assert (app.redirect_uris, secret) == ([uri], "")


@pytest.mark.parametrize(
    ("registered", "sent", "is_accepted"),
    [
        ("http://127.0.0.1/callback", "http://127.0.0.1:53219/callback", True),
        ("http://127.0.0.1:8400/callback", "http://127.0.0.1:53219/callback", True),
        ("http://[::1]/callback?a=1", "http://[::1]:53219/callback?a=1", True),
        ("http://127.0.0.1/callback", "http://[::1]:53219/callback", False),
        ("http://127.0.0.1/callback", "http://127.0.0.1:53219/other", False),
        ("http://127.0.0.1/callback", "http://127.0.0.1:53219/callback?a=1", False),
        ("http://127.0.0.1/callback", "http://127.0.0.1:99999/callback", False),
        ("http://127.0.0.1/callback", "http://a@127.0.0.1:53219/callback", False),
        ("http://127.0.0.1/callback", "https://127.0.0.1:53219/callback", False),
        ("http://localhost/callback", "http://localhost:53219/callback", False),
        ("https://app.example/callback", "https://app.example:53219/callback", False),
        ("com.example.app:/callback", "com.example.other:/callback", False),
    ],
)
def test_an_app_on_the_members_computer_listens_on_any_port(
    registered: str, sent: str, is_accepted: bool, cast: Cast
) -> None:
    with use_tenant(cast.house.tenant):
        app, _secret = ApiApp.register("App", [registered], is_confidential=False, by=cast.house.ada)

    assert app.accepts_redirect(sent) is is_accepted


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_a_native_app_gets_its_tokens_at_the_port_it_listens_on(host: str, cast: Cast) -> None:
    app = TestApp(cast.house, is_confidential=False, redirect_uri=f"http://{host}/callback")
    uri = f"http://{host}:53219/callback"

    page = app.ask(cast.house.rita, redirect_uri=uri)
    code = app.answer(cast.house.rita, redirect_uri=uri)["code"]

    assert page.status_code == 200
    assert app.exchange(code).status_code == 400
    code = app.answer(cast.house.rita, redirect_uri=uri)["code"]
    assert status_with(app.exchange(code, redirect_uri=uri).json()) == 200
