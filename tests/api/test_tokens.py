"""Tokens: who a request acts as, and when it is refused."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.models import ApiToken
from api.models.api_token import NOTED_EVERY
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member, Role
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient, api_client
from tests.cast import Cast


def test_a_wrong_token_is_answered_with_401(cast: Cast) -> None:
    answer = ApiClient("tl_" + "x" * 43).get("people/")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert answer.json()["code"] == "no_token"


def test_a_session_opens_nothing(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.house.ada.user)

    assert client.get("/api/v1/people/").status_code == 401


def test_the_secret_is_not_stored(ada: ApiClient, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        token, secret = ApiToken.create("Make", cast.house.ada, by=cast.house.ada)
        row = ApiToken.objects.filter(pk=token.pk).values().get()

    assert re.fullmatch(r"tl_[A-Za-z0-9_-]{43}", secret)
    assert secret not in str(row)


def test_a_revoked_token_is_refused(ada: ApiClient, cast: Cast) -> None:
    assert ada.get("people/").status_code == 200
    with use_tenant(cast.house.tenant):
        ApiToken.objects.get(pk=ada.token.pk).revoke(by=cast.house.ada)

    assert ada.get("people/").status_code == 401


def test_a_token_revoked_in_mid_request_writes_nothing(
    ada: ApiClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was valid when the request came in, and is revoked before the write begins."""
    from api.requests import api_view

    def revoke_first(request: object) -> None:
        ApiToken.objects.filter(pk=ada.token.pk).update(revoked_at=clock.now())

    monkeypatch.setattr(api_view.IdempotentWrite, "begin", revoke_first)

    assert ada.send("post", "people/", {"name": "Luz"}).status_code == 401


def test_an_expired_token_is_refused(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        _token, secret = ApiToken.create("Make", cast.house.ada, by=None, expires_at=clock.now())

    assert ApiClient(secret).get("people/").status_code == 401


def test_a_deactivated_members_token_is_refused(rita: ApiClient, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        Member.objects.get(pk=cast.house.rita.pk).deactivate(by=cast.house.ada)

    assert rita.get("people/").status_code == 401


def test_a_narrowed_role_is_seen_at_once(cast: Cast) -> None:
    mona = api_client(cast.house.tenant, cast.house.mona)
    assert mona.get(f"jobs/{cast.house.job.number}/").status_code == 200
    with use_tenant(cast.house.tenant):
        Member.objects.get(pk=cast.house.mona.pk).change_role(Role.REP, by=cast.house.ada)

    assert mona.get(f"jobs/{cast.house.job.number}/").status_code == 404


def test_a_scope_limits_a_token(cast: Cast) -> None:
    client = api_client(cast.house.tenant, cast.house.ada, ["people:read"])

    assert client.get("people/").status_code == 200
    assert client.send("post", "people/", {"name": "Luz"}).status_code == 403
    assert client.get("jobs/").status_code == 403


def test_the_last_use_is_noted(ada: ApiClient, cast: Cast) -> None:
    ada.get("people/")

    with use_tenant(cast.house.tenant):
        assert ApiToken.objects.get(pk=ada.token.pk).last_used_at is not None


def test_a_use_within_a_minute_is_not_noted_again(ada: ApiClient, cast: Cast) -> None:
    ada.get("people/")

    with CaptureQueriesContext(connection) as queries:
        ada.get("people/")

    assert [query["sql"] for query in queries if query["sql"].startswith("UPDATE")] == []


def test_a_use_after_a_minute_is_noted(ada: ApiClient, cast: Cast) -> None:
    with clock.at(clock.now() - NOTED_EVERY):
        ada.get("people/")
    ada.get("people/")

    with use_tenant(cast.house.tenant):
        used_at = ApiToken.objects.get(pk=ada.token.pk).last_used_at
    assert used_at > clock.now() - NOTED_EVERY / 2


def test_the_command_prints_the_token_last(cast: Cast) -> None:
    printed = StringIO()

    email = cast.house.ada.user.email
    call_command("create_api_token", tenant=cast.house.tenant.slug, email=email, stdout=printed)

    assert ApiClient(printed.getvalue().split()[-1]).get("people/").status_code == 200


def test_the_command_names_a_missing_member(cast: Cast) -> None:
    with pytest.raises(CommandError):
        call_command("create_api_token", tenant=cast.house.tenant.slug, email="nobody@nowhere.example")


def test_a_token_needs_a_name(cast: Cast) -> None:
    with use_tenant(cast.house.tenant), pytest.raises(Refused):
        ApiToken.create(" ", cast.house.ada, by=None)
