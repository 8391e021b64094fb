"""A second factor: setting it up, signing in by it, losing it; and every way in which it is refused."""

import logging
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import call_command
from django.test import Client

from crm.kernel import clock
from crm.platform.accounts.outbox import send_waiting
from crm.platform.accounts.second_factor import has_second_factor
from crm.platform.models import StaffMail, User
from crm.platform.tenancy import secrets
from tests.cast import HOUSE, PASSWORD, Cast
from tests.web.codes import ADD_APP, AUTHENTICATE, code, set_up_app, sign_in
from tests.web.confirm import confirm

BASE = "/account/second-factor/"
CODES = f"{BASE}recovery-codes/"
LEADS = f"/{HOUSE}/leads/"

pytestmark = pytest.mark.usefixtures("mid_step")


@pytest.fixture
def rita(client: Client, cast: Cast) -> Client:
    sign_in(client, cast.house.rita)
    return client


@pytest.fixture
def half_way(rita: Client, cast: Cast) -> tuple[Client, str]:
    """Another browser that knows the password of somebody with an app, and the app's key."""
    secret = set_up_app(rita)
    other = Client()
    assert sign_in(other, cast.house.rita)["Location"] == AUTHENTICATE
    return other, secret


def is_in(client: Client) -> bool:
    return client.get(LEADS).status_code == 200


def subjects() -> list[str]:
    return list(StaffMail.objects.order_by("pk").values_list("subject", flat=True))


def recovery_codes(client: Client) -> list[str]:
    return list(client.get(CODES).context["unused_codes"])


def test_setting_up_an_app_proves_it_first(
    rita: Client, cast: Cast, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    confirm(rita)
    page = rita.get(ADD_APP)
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    wrong = rita.post(ADD_APP, {"code": "000000" if code(secret) != "000000" else "111111"})
    assert "incorrect" in wrong.content.decode()
    assert not has_second_factor(cast.house.rita.user_id)
    caplog.set_level(logging.INFO, "crm.platform.accounts.second_factor")
    with django_capture_on_commit_callbacks(execute=True):
        assert rita.post(ADD_APP, {"code": code(secret)})["Location"] == CODES
    assert has_second_factor(cast.house.rita.user_id)
    assert subjects() == ["An authenticator app was set up"]
    assert StaffMail.objects.get().user_id == cast.house.rita.user_id
    notes = [record for record in caplog.records if record.name == "crm.platform.accounts.second_factor"]
    assert {(record.message, record.user) for record in notes} == {  # type: ignore[attr-defined]
        ("second factor added", cast.house.rita.user_id)
    }
    assert cast.house.rita.user.email not in caplog.text


def test_the_key_is_encrypted_where_it_lies(rita: Client, cast: Cast) -> None:
    secret = set_up_app(rita)
    row = Authenticator.objects.get(type="totp")
    assert secret not in str(row.data)
    assert secrets.decrypt(row.data["secret"]) == secret


def test_recovery_codes_are_shown_once(rita: Client) -> None:
    set_up_app(rita)
    codes = recovery_codes(rita)
    assert len(codes) == 10
    again = rita.get(CODES).content.decode()
    assert "10 codes are left" in again
    assert codes[0] not in again


def test_the_password_alone_is_half_the_way(half_way: tuple[Client, str]) -> None:
    other, secret = half_way
    assert not is_in(other)
    assert "incorrect" in other.post(AUTHENTICATE, {"code": "1234567"}).content.decode()
    assert not is_in(other)
    assert other.post(AUTHENTICATE, {"code": code(secret)})["Location"] == "/"
    assert is_in(other)


def test_the_page_asked_for_is_kept_through_both_steps(rita: Client, cast: Cast) -> None:
    secret = set_up_app(rita)
    other = Client()
    sign_in(other, cast.house.rita, next=f"{LEADS}?level=crit")
    assert other.post(AUTHENTICATE, {"code": code(secret)})["Location"] == f"{LEADS}?level=crit"


@pytest.mark.parametrize("broker", [True, False], ids=["with the broker", "without"])
def test_a_code_is_good_once(half_way: tuple[Client, str], cast: Cast, broker: bool, request: Any) -> None:
    """The cache would forget it after half a minute, and may be gone: the database remembers."""
    if broker:
        request.getfixturevalue("valkey_url")
    other, secret = half_way
    used = code(secret)
    assert other.post(AUTHENTICATE, {"code": used}).status_code == 302
    thief = Client()
    sign_in(thief, cast.house.rita)
    assert "was already used" in thief.post(AUTHENTICATE, {"code": used}).content.decode()
    assert "was already used" in thief.post(AUTHENTICATE, {"code": code(secret, -1)}).content.decode()
    assert not is_in(thief)
    assert thief.post(AUTHENTICATE, {"code": code(secret, 1)}).status_code == 302


def test_the_code_that_set_it_up_is_spent(rita: Client, cast: Cast) -> None:
    confirm(rita)
    secret = rita.get(ADD_APP).context["form"].secret
    used = code(secret)
    rita.post(ADD_APP, {"code": used})
    thief = Client()
    sign_in(thief, cast.house.rita)
    assert "was already used" in thief.post(AUTHENTICATE, {"code": used}).content.decode()


def test_a_phones_clock_may_be_off_by_half_a_minute_and_no_more(half_way: tuple[Client, str]) -> None:
    other, secret = half_way
    assert "incorrect" in other.post(AUTHENTICATE, {"code": code(secret, 3)}).content.decode()
    assert other.post(AUTHENTICATE, {"code": code(secret, 1)}).status_code == 302


def test_a_recovery_code_is_good_once_and_tells(rita: Client, cast: Cast) -> None:
    set_up_app(rita)
    codes = recovery_codes(rita)
    lost = Client()
    sign_in(lost, cast.house.rita)
    assert lost.post(AUTHENTICATE, {"code": codes[0]}).status_code == 302
    assert is_in(lost)
    mail = StaffMail.objects.get(subject="A recovery code was used")
    assert "9 are left" in mail.body
    assert codes[0] not in mail.body
    thief = Client()
    sign_in(thief, cast.house.rita)
    assert "was already used" in thief.post(AUTHENTICATE, {"code": codes[0]}).content.decode()
    assert thief.post(AUTHENTICATE, {"code": codes[1]}).status_code == 302


def test_it_is_said_on_the_page_how_many_codes_are_left(rita: Client, cast: Cast) -> None:
    set_up_app(rita)
    codes = recovery_codes(rita)
    lost = Client()
    sign_in(lost, cast.house.rita)
    assert "9 are left" in lost.post(AUTHENTICATE, {"code": codes[0]}, follow=True).content.decode()
    assert '<span class="badge is-good">9 left</span>' in rita.get(BASE).content.decode()
    for used in codes[1:9]:
        assert Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().validate_code(used)
    sign_in(lost := Client(), cast.house.rita)
    assert "your last recovery code" in lost.post(AUTHENTICATE, {"code": codes[9]}, follow=True).content.decode()
    assert '<span class="badge is-bad">0 left</span>' in rita.get(BASE).content.decode()


def test_new_recovery_codes_end_the_old(rita: Client, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    set_up_app(rita)
    old = recovery_codes(rita)
    with django_capture_on_commit_callbacks(execute=True):
        assert rita.post(f"{CODES}new/")["Location"] == CODES
    assert "You have new recovery codes" in subjects()
    new = recovery_codes(rita)
    assert not set(old) & set(new)
    other = Client()
    sign_in(other, cast.house.rita)
    assert other.post(AUTHENTICATE, {"code": old[0]}).status_code == 200
    assert other.post(AUTHENTICATE, {"code": new[0]}).status_code == 302


def test_without_a_factor_there_are_no_recovery_codes(rita: Client) -> None:
    confirm(rita)
    assert rita.get(CODES).status_code == 404
    assert rita.post(f"{CODES}new/").status_code == 200
    assert not Authenticator.objects.exists()


def test_the_sixth_wrong_code_waits_even_if_right(half_way: tuple[Client, str], valkey_url: str) -> None:
    other, secret = half_way
    for _ in range(5):
        other.post(AUTHENTICATE, {"code": "1234567"})
    assert "Too many attempts" in other.post(AUTHENTICATE, {"code": code(secret)}).content.decode()
    assert not is_in(other)


def test_changes_are_limited(rita: Client, valkey_url: str) -> None:
    confirm(rita)
    with clock.at(clock.now()):  # of one hour, even where the next one begins
        answers = [rita.post(f"{CODES}new/").status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]


def test_half_the_way_ends_after_a_quarter_of_an_hour(
    half_way: tuple[Client, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other, secret = half_way
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 15 * 60 + 1)
    assert other.post(AUTHENTICATE, {"code": code(secret)})["Location"].startswith("/account/login/")
    assert not is_in(other)


def test_one_switched_off_half_way_does_not_come_in(half_way: tuple[Client, str], cast: Cast) -> None:
    other, secret = half_way
    User.objects.filter(pk=cast.house.rita.user_id).update(is_active=False)
    other.post(AUTHENTICATE, {"code": code(secret)})
    assert not is_in(other)


def test_another_may_sign_in_instead(half_way: tuple[Client, str], cast: Cast) -> None:
    other, _secret = half_way
    assert other.get("/account/login/")["Location"] == AUTHENTICATE
    other.post("/account/logout/", {"next": "/account/login/"})
    assert sign_in(other, cast.house.mona)["Location"] == "/"


def test_a_new_password_does_not_get_round_it(rita: Client, cast: Cast) -> None:
    set_up_app(rita)
    user = cast.house.rita.user
    user.set_password("an even longer staple")
    user.save()
    other = Client()
    answer = other.post("/account/login/", {"login": user.email, "password": "an even longer staple"})
    assert answer["Location"] == AUTHENTICATE


def test_whoever_has_a_second_factor_confirms_by_that_alone(rita: Client) -> None:
    secret = set_up_app(rita)
    rita.post("/account/logout/")
    rita.post("/account/login/", {"login": "rita@suncoast-test.example", "password": PASSWORD})
    rita.post(AUTHENTICATE, {"code": code(secret)})
    page = rita.get(f"{BASE}app/remove/", follow=True)
    assert page.redirect_chain[-1][0].startswith(f"{BASE}confirm/?next=")
    assert "With the password" not in page.content.decode()
    by_password = rita.post("/account/confirm/", {"password": PASSWORD, "next": f"{BASE}app/remove/"})
    assert by_password["Location"].startswith(f"{BASE}confirm/?next=")
    assert rita.get("/account/confirm/")["Location"] == f"{BASE}confirm/"
    assert rita.get(f"{BASE}app/remove/").status_code == 302, "the password alone confirmed nothing"
    wrong = rita.post(f"{BASE}confirm/", {"code": code(secret), "next": f"{BASE}app/remove/"})
    assert "was already used" in wrong.content.decode()
    right = rita.post(f"{BASE}confirm/", {"code": code(secret, 1), "next": f"{BASE}app/remove/"})
    assert right["Location"] == f"{BASE}app/remove/"
    assert rita.get(f"{BASE}app/remove/").status_code == 200


def test_a_password_that_confirmed_before_does_not_once_there_is_a_second_factor(rita: Client, cast: Cast) -> None:
    """Another browser that knows the password confirmed by it, a moment before the owner set up an app in theirs."""
    other = Client()
    sign_in(other, cast.house.rita)
    confirm(other)
    assert other.get(ADD_APP).status_code == 200
    secret = set_up_app(rita)
    assert rita.get(CODES).status_code == 200, "the code that set it up confirms, too"
    for path in (f"{BASE}app/remove/", CODES, f"{CODES}new/", f"{BASE}passkeys/add/", "/account/password/change/"):
        for ask in (other.get, other.post):
            assert ask(path)["Location"].startswith(f"{BASE}confirm/?next="), path
    assert has_second_factor(cast.house.rita.user_id)
    right = other.post(f"{BASE}confirm/", {"code": code(secret, 1), "next": f"{BASE}app/remove/"})
    assert right["Location"] == f"{BASE}app/remove/"
    assert other.get(f"{BASE}app/remove/").status_code == 200


def test_removing_the_app_takes_the_recovery_codes_along(rita: Client, cast: Cast) -> None:
    set_up_app(rita)
    assert rita.post(f"{BASE}app/remove/")["Location"] == BASE
    assert not Authenticator.objects.exists()
    assert subjects()[-1] == "Your authenticator app was removed"
    assert rita.post(f"{BASE}app/remove/").status_code == 404, "the other tab lost the race"
    assert sign_in(Client(), cast.house.rita)["Location"] == "/"


def test_a_second_app_is_not_set_up_beside_the_first(rita: Client) -> None:
    confirm(rita)
    secret = rita.get(ADD_APP).context["form"].secret
    rita.post(ADD_APP, {"code": code(secret)})
    again = rita.post(ADD_APP, {"code": code(secret, 1)})
    assert again["Location"] == f"{BASE}app/remove/"
    assert Authenticator.objects.filter(type="totp").count() == 1


NONSENSE = ["", "x", "{}", "[]", "null", "7", '{"id": 1}', '{"id": "AA", "rawId": "AA", "type": "public-key"}']
NONSENSE += ['{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "AA"}}']
NONSENSE += ['{"id": "AA", "rawId": "AA", "type": "public-key", "response": []}']
NONSENSE += [
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "MQ", "clientDataJSON": "e30",'
    ' "authenticatorData": "AA", "signature": "AA", "attestationObject": "AA"}}'
]


@pytest.mark.parametrize("credential", NONSENSE)
def test_a_nonsensical_passkey_is_refused_not_an_error(rita: Client, cast: Cast, credential: str) -> None:
    anybody = Client()
    anybody.get(f"{BASE}passkeys/sign-in/", headers={"accept": "application/json"})
    refused = anybody.post(f"{BASE}passkeys/sign-in/", {"credential": credential}, follow=True)
    assert (refused.status_code, is_in(anybody)) == (200, False)
    confirm(rita)
    rita.get(f"{BASE}passkeys/add/")
    assert rita.post(f"{BASE}passkeys/add/", {"credential": credential}).status_code == 200
    assert not Authenticator.objects.exists()
    set_up_app(rita)
    half = Client()
    sign_in(half, cast.house.rita)
    half.get(AUTHENTICATE)
    assert half.post(AUTHENTICATE, {"credential": credential}).status_code == 200
    assert not is_in(half)


def test_nobody_touches_anothers_passkey(rita: Client, cast: Cast) -> None:
    row = Authenticator.objects.create(user=cast.house.mona.user, type="webauthn", data={"name": "Mona's"})
    confirm(rita)
    for act in ("name", "remove"):
        assert rita.post(f"{BASE}passkeys/{row.pk}/{act}/", {"name": "mine"}).status_code == 404
    row.refresh_from_db()
    assert row.data["name"] == "Mona's"


def test_with_the_key_gone_it_says_so(half_way: tuple[Client, str], settings: Any) -> None:
    other, secret = half_way
    row = Authenticator.objects.get(type="totp")
    row.data["secret"] = "gAAAAABnothing"
    row.save()
    assert "can’t be used here" in other.post(AUTHENTICATE, {"code": code(secret)}).content.decode()


def test_the_operator_removes_what_was_lost(rita: Client, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_app(rita)
    for _ in range(2):
        call_command("remove_second_factor", cast.house.rita.user.email.upper())
    assert not Authenticator.objects.exists()
    assert subjects().count("Your second factor was removed") == 1
    assert "nothing changed" in capsys.readouterr().out
    assert sign_in(Client(), cast.house.rita)["Location"] == "/"


def test_a_new_password_alone_lets_nobody_in_and_confirms_nothing(rita: Client, cast: Cast) -> None:
    secret = set_up_app(rita)
    other = Client()
    other.post("/account/password/reset/", {"email": cast.house.rita.user.email})
    send_waiting()
    mailed = str(mail.outbox[-1].body)
    link = re.search(r"/account/password/reset/key/\S+", mailed)[0]
    form = other.get(link, follow=True)
    new = "an even longer staple"
    done = other.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert done["Location"] == AUTHENTICATE
    assert not is_in(other)
    other.post(AUTHENTICATE, {"code": code(secret)})
    assert is_in(other)
    assert other.get("/account/password/change/")["Location"].startswith("/account/second-factor/confirm/")
