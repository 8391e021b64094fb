"""The security headers on pages, error pages and redirects, and what is set where there is TLS."""

import subprocess
import sys
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import path

from crm.config import urls
from tests.cast import HOUSE, Cast
from tests.production import ROOT, production_like


def explode(request: HttpRequest) -> Any:
    raise ZeroDivisionError("Dana Whitfield")


# The product's own addresses, and one that breaks.
urlpatterns = [*urls.urlpatterns, path("account/explode/", explode)]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler429, handler500 = urls.handler429, urls.handler500

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def hold(response: Any) -> None:
    for name, value in EXPECTED.items():
        assert response[name] == value
    policy = response["Content-Security-Policy"]
    for part in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.urls("tests.web.test_headers")
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/account/login/", 200),
        ("/healthz", 200),
        ("/", 302),
        (f"/{HOUSE}/leads/", 302),
        ("/no/such/page", 404),
        ("/account/explode/", 500),
    ],
)
def test_every_kind_of_answer_has_them(client: Client, db: None, address: str, status: int) -> None:
    client.raise_request_exception = False
    response = client.get(address)
    assert response.status_code == status
    hold(response)


def test_a_refused_form_has_them(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/account/login/", {"login": "a@b.example", "password": "x"})
    assert response.status_code == 403
    assert "That was refused" in response.content.decode()
    hold(response)


def test_a_page_about_people_is_kept_by_no_cache(client: Client, cast: Cast) -> None:
    client.force_login(cast.house.ada.user)
    response = client.get(f"/{HOUSE}/settings/access-log/")
    assert response.status_code == 200
    hold(response)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.urls("tests.web.test_headers")
def test_the_500_page_needs_no_database_and_quotes_the_request(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/account/explode/", headers={"x-request-id": "quote-me-1234"})
    page = response.content.decode()
    assert "Something went wrong on our side" in page
    assert "quote-me-1234" in page
    assert "Dana" not in page


def test_the_404_page_inside_a_tenant_is_in_the_look(client: Client, cast: Cast) -> None:
    client.force_login(cast.house.rita.user)
    for address in (f"/{HOUSE}/settings/access-log/", f"/{HOUSE}/leads/99999999/", "/otherside/leads/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "The page does not exist, or you don’t have access to it." in response.content.decode()


def test_a_forms_own_address_says_what_it_is(client: Client, cast: Cast) -> None:
    client.force_login(cast.house.rita.user)
    response = client.get(f"/{HOUSE}/jobs/{cast.house.job.number}/turn/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "Nothing was changed." in response.content.decode()
    hold(response)


def test_behind_tls_the_browser_is_told_to_stay_there(production_settings: dict[str, Any]) -> None:
    assert production_settings["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert production_settings["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert production_settings["SECURE_SSL_REDIRECT"]
    assert not [check for check in production_settings["SILENCED_SYSTEM_CHECKS"] if check.startswith("security.")]


@pytest.mark.servers
def test_check_deploy_has_nothing_to_say() -> None:
    argv = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    run = subprocess.run(argv, env=production_like(), cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert "no issues" in run.stdout
