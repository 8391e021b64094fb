"""How long a sign-in lasts, what ends it, and the list of one's own devices."""

from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.kernel import clock
from crm.platform.accounts.sessions import delete_expired_sessions
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from crm.platform.tenancy.membership import memberships_of
from crm.web.requests import tenant_middleware
from crm.web.templatetags.sessions import device
from tests.cast import HOUSE, PASSWORD, Cast
from tests.web.confirm import confirm

LEADS = f"/{HOUSE}/settings/access-log/"  # a page of the tenant that Ada may see
SESSIONS = "/account/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = clock.now()
        monkeypatch.setattr(clock, "now", self.now)

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


@pytest.fixture
def ada(client: Client, cast: Cast, time: Time) -> Client:
    sign_in(client, cast.house.ada)
    return client


def sign_in(client: Client, member: Member) -> None:
    answer = client.post("/account/login/", {"login": member.user.email, "password": PASSWORD})
    assert answer.status_code == 302


def is_in(client: Client) -> bool:
    return client.get(LEADS).status_code == 200


def test_twelve_hours_without_a_click_end_it(ada: Client, time: Time) -> None:
    time.move(hours=11, minutes=59)
    assert is_in(ada)
    time.move(hours=11, minutes=59)
    assert is_in(ada), "the click before renewed it"
    time.move(hours=12, minutes=1)
    assert not is_in(ada)


def test_thirty_days_end_it_however_busy(ada: Client, time: Time) -> None:
    for _ in range(3 * 30 - 1):
        time.move(hours=8)
        assert is_in(ada)
    time.move(hours=9)
    assert not is_in(ada)


def test_the_cookie_and_the_row_end_after_twelve_hours_too(ada: Client) -> None:
    assert ada.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 12 * 3600
    left = Session.objects.get().expire_date - clock.now()
    assert timedelta(hours=11, minutes=59) < left <= timedelta(hours=12, minutes=1)


def test_a_click_costs_no_write_and_a_renewal_comes_every_ten_minutes(ada: Client, time: Time) -> None:
    def writes() -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            assert is_in(ada)
        return [q["sql"].split()[0] for q in seen.captured_queries if q["sql"].startswith(("UPDATE", "INSERT"))]

    assert writes() == []
    time.move(minutes=9)
    assert writes() == []
    time.move(minutes=2)
    assert writes() == ["UPDATE"] * 3, "the session, when the device was last seen, and the member"
    assert UserSession.objects.get().last_seen_at == time.at
    assert writes() == []


def test_the_key_changes_at_sign_in(client: Client, cast: Cast) -> None:
    before = client.session
    before["planted"] = "1"
    before.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before.session_key or ""
    sign_in(client, cast.house.ada)
    assert client.session.session_key != before.session_key
    assert not Session.objects.filter(session_key=before.session_key).exists()


def test_a_suspended_tenant_shuts_at_the_next_click(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_in(ada)
    # As memberships_of answers once the owner has suspended it (tests/platform/test_tenant_commands.py does).
    monkeypatch.setattr(
        tenant_middleware, "memberships_of", lambda pk: [place._replace(suspended=True) for place in memberships_of(pk)]
    )
    assert ada.get(LEADS).status_code == 404


def test_a_deactivated_member_is_out_at_the_next_click(ada: Client, cast: Cast) -> None:
    assert is_in(ada)
    with use_tenant(cast.house.tenant):
        Member.objects.filter(pk=cast.house.ada.pk).update(active=False)
    assert ada.get(LEADS).status_code == 404


def test_a_deactivated_user_is_signed_out_at_the_next_click(ada: Client, cast: Cast) -> None:
    cast.house.ada.user.is_active = False
    cast.house.ada.user.save()
    assert ada.get(LEADS)["Location"].startswith("/account/login/")


def test_a_form_sent_after_the_end_comes_back_to_its_page(client: Client, cast: Cast) -> None:
    form, page = f"/{HOUSE}/jobs/{cast.house.job.number}/move/", f"/{HOUSE}/leads/?level=crit"

    def sent_from(referer: str) -> str:
        answer = client.post(form, headers={"referer": referer})
        assert answer.status_code == 302
        return unquote(answer["Location"].partition("?next=")[2])

    assert sent_from(f"http://testserver{page}") == page
    assert sent_from("https://elsewhere.example/leads/") == "/"
    assert sent_from("") == "/"


def test_the_list_names_devices_and_one_can_be_signed_out(ada: Client, cast: Cast) -> None:
    phone = Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR="203.0.113.7")
    sign_in(phone, cast.house.ada)
    page = ada.get(SESSIONS).content.decode()
    assert "Firefox on Windows" in page
    assert "from 203.0.113.7" in page
    assert "this device" in page
    theirs = UserSession.objects.get(ip="203.0.113.7")
    confirm(ada)
    assert ada.post(f"{SESSIONS}{theirs.pk}/end/").status_code == 302
    assert not is_in(phone)
    assert is_in(ada)


def test_all_others_can_be_signed_out_at_once(ada: Client, cast: Cast) -> None:
    others = [Client(), Client()]
    for other in others:
        sign_in(other, cast.house.ada)
    confirm(ada)
    page = ada.post(SESSIONS, follow=True)
    assert "All other devices were signed out." in page.content.decode()
    assert [is_in(other) for other in others] == [False, False]
    assert is_in(ada)


def test_the_sweep_forgets_what_is_over_and_where_it_came_from(ada: Client, cast: Cast, time: Time) -> None:
    gone = Client(REMOTE_ADDR="203.0.113.7")
    sign_in(gone, cast.house.mona)
    Session.objects.filter(session_key=gone.session.session_key).update(expire_date=time.at - timedelta(seconds=1))
    assert delete_expired_sessions() == 1
    assert list(UserSession.objects.values_list("user_id", flat=True)) == [cast.house.ada.user_id]
    assert delete_expired_sessions() == 0
    assert is_in(ada)


def test_nobody_ends_anybody_elses_session(ada: Client, cast: Cast) -> None:
    mona = Client()
    sign_in(mona, cast.house.mona)
    theirs = UserSession.objects.get(user=cast.house.mona.user)
    confirm(ada)
    ada.post(f"{SESSIONS}{theirs.pk}/end/")
    assert UserSession.objects.filter(pk=theirs.pk).exists()
    assert mona.get("/")["Location"] == f"/{HOUSE}/home/"
    assert ada.get(f"{SESSIONS}{theirs.pk}/end/").status_code == 405


def test_cookies_are_bound_to_the_host_where_there_is_tls(production_settings: dict[str, object]) -> None:
    assert production_settings["SESSION_COOKIE_NAME"] == "__Host-session"
    assert production_settings["CSRF_COOKIE_NAME"] == "__Host-csrf"
    assert production_settings["SESSION_COOKIE_SECURE"]
    assert production_settings["CSRF_COOKIE_SECURE"]
    assert production_settings["SESSION_COOKIE_DOMAIN"] is None
    assert production_settings["SESSION_COOKIE_PATH"] == "/"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605 Version/18 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/143.0 Safari/537.36 Edg/143.0", "Edge on Linux"),
        ("curl/8.5.0", "curl"),
        ("", "Unknown device"),
        ("<script>alert(1)</script>", "Unknown device"),
    ],
)
def test_a_browser_is_named_as_far_as_it_says(user_agent: str, words: str) -> None:
    assert device(user_agent) == words
