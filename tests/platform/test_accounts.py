"""Signing in, with its refusals; resetting and changing a password; and where one lands."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.platform.accounts.outbox import send_waiting
from crm.platform.models import Member, StaffMail, User
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, OTHER, PASSWORD, Cast
from tests.web.confirm import confirm

SIGN_IN = "/account/login/"
RESET = "/account/password/reset/"
NEW = "an even longer staple"


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


def errors(response: Any) -> list[str]:
    return list(response.context["form"].non_field_errors())


def test_right_password_leads_to_the_leads_of_the_one_organization(client: Client, cast: Cast) -> None:
    response = sign_in(client, cast.house.rita.user.email)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/")["Location"] == f"/{HOUSE}/home/"
    assert client.get(f"/{HOUSE}/")["Location"] == f"/{HOUSE}/home/"


def test_an_address_may_be_typed_in_capitals(client: Client, cast: Cast) -> None:
    assert sign_in(client, cast.house.rita.user.email.upper()).status_code == 302


def test_wrong_password_unknown_address_and_inactive_user_read_the_same(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.house.sam.user_id).update(is_active=False)
    said = [
        errors(sign_in(client, cast.house.rita.user.email, "wrong")),
        errors(sign_in(client, "nobody@nowhere.example", "wrong")),
        errors(sign_in(client, cast.house.sam.user.email)),
    ]
    assert said == [["The email address or password is incorrect."]] * 3


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", r"/\evil.example"]
)
def test_next_leads_nowhere_else(client: Client, cast: Cast, target: str) -> None:
    assert sign_in(client, cast.house.rita.user.email, next=target)["Location"] == "/"


def test_next_leads_back_to_the_page_asked_for(client: Client, cast: Cast) -> None:
    asked = client.get(f"/{HOUSE}/leads/?level=crit")
    assert asked.status_code == 302
    page = client.get(asked["Location"])
    value = page.context["redirect_field_value"]
    assert sign_in(client, cast.house.rita.user.email, next=value)["Location"] == f"/{HOUSE}/leads/?level=crit"


def from_network(number: int) -> Client:
    """A browser somewhere else that nobody has signed in from."""
    return Client(REMOTE_ADDR=f"203.0.{number}.7")


def test_sixth_failed_try_is_refused_even_with_the_right_password(client: Client, cast: Cast, valkey_url: str) -> None:
    email = cast.house.rita.user.email
    for _ in range(5):
        assert "incorrect" in errors(sign_in(client, email, "wrong"))[0]
    assert "Too many attempts" in errors(sign_in(client, email))[0]
    neighbour = Client(REMOTE_ADDR="127.0.0.99")
    assert "Too many attempts" in errors(sign_in(neighbour, email))[0], "the network is the same"
    assert sign_in(client, cast.house.mona.user.email).status_code == 302, "another address is free to go on"


def test_the_right_password_of_somebody_switched_off_counts_as_a_wrong_one(
    client: Client, cast: Cast, valkey_url: str
) -> None:
    User.objects.filter(pk=cast.house.sam.user_id).update(is_active=False)
    for _ in range(5):
        assert "incorrect" in errors(sign_in(client, cast.house.sam.user.email))[0]
    assert "Too many attempts" in errors(sign_in(client, cast.house.sam.user.email))[0]


def test_nobody_locks_an_address_out_from_elsewhere(client: Client, cast: Cast, valkey_url: str) -> None:
    email = cast.house.rita.user.email
    for _ in range(6):
        sign_in(client, email, "wrong")
    assert sign_in(from_network(1), email).status_code == 302


def test_a_known_browser_is_counted_by_itself(
    client: Client, cast: Cast, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    email, known = cast.house.rita.user.email, from_network(1)
    monkeypatch.setitem(settings.ACCOUNT_RATE_LIMITS, "login_failed_anywhere", "8/h/key")
    assert sign_in(known, email).status_code == 302
    known.post("/account/logout/")
    for number in (1, 2):
        for _ in range(5):
            sign_in(from_network(number), email, "wrong")
    assert "Too many attempts" in errors(sign_in(from_network(3), email))[0], "from everywhere at once"
    assert sign_in(known, email.upper()).status_code == 302
    known.post("/account/logout/")
    for _ in range(5):
        assert "incorrect" in errors(sign_in(known, email, "wrong"))[0]
    assert "Too many attempts" in errors(sign_in(known, email))[0]
    assert "Too many attempts" not in str(errors(sign_in(known, "nobody@nowhere.example", "wrong"))), (
        "not known by that"
    )


@pytest.mark.parametrize("forged", ["", "x", "W10:1tZ:abc"])
def test_a_browser_does_not_make_itself_known(cast: Cast, valkey_url: str, forged: str) -> None:
    client = Client()
    client.cookies[settings.DEVICE_COOKIE_NAME] = forged
    for _ in range(5):
        sign_in(client, cast.house.rita.user.email, "wrong")
    client.cookies[settings.DEVICE_COOKIE_NAME] = f"{forged}2"
    assert "Too many attempts" in errors(sign_in(client, cast.house.rita.user.email))[0]


def test_with_the_broker_dead_tries_are_not_counted_and_one_signs_in(client: Client, cast: Cast) -> None:
    for _ in range(7):
        sign_in(client, cast.house.rita.user.email, "wrong")
    assert sign_in(client, cast.house.rita.user.email).status_code == 302


def test_nobody_signs_up(client: Client, db: None) -> None:
    assert client.get("/account/signup/").status_code == 404


def test_several_organizations_are_a_choice(client: Client, cast: Cast) -> None:
    with use_tenant(cast.other.tenant):
        Member.objects.create(user=cast.house.rita.user, name="Rita Rep", role="rep")
    sign_in(client, cast.house.rita.user.email)
    page = client.get("/").content.decode()
    assert f'href="/{HOUSE}/"' in page
    assert f'href="/{OTHER}/"' in page


def test_no_organization_is_a_sentence(client: Client, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        Member.objects.filter(pk=cast.house.rita.pk).update(active=False)
    sign_in(client, cast.house.rita.user.email)
    assert "You are not a member of any organization" in client.get("/").content.decode()


def reset_link(client: Client, email: str) -> str:
    assert client.post(RESET, {"email": email})["Location"] == f"{RESET}done/"
    assert mail.outbox == [], "a request never talks to a mail server"
    assert send_waiting() == 1
    [message] = mail.outbox
    assert message.to == [email]
    found = re.search(r"https?://\S+/account/password/reset/key/\S+", str(message.body))
    assert found
    return found[0].removeprefix(settings.SITE_URL)


def test_reset_sends_nothing_itself_and_works_once(client: Client, cast: Cast) -> None:
    email = cast.house.rita.user.email
    link = reset_link(client, email)
    form = client.get(link, follow=True)
    assert form.status_code == 200
    assert "Choose a password" in form.content.decode()
    done = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert done.status_code == 302
    assert client.get(f"/{HOUSE}/leads/").status_code == 200, "whoever set a password is signed in"
    assert client.get("/account/password/change/").status_code == 200, "and is not asked for it at once"
    assert sign_in(Client(), email, NEW).status_code == 302
    assert errors(sign_in(Client(), email, PASSWORD))
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_reset_link_names_the_site_whatever_host_was_asked(cast: Cast, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(headers={"host": "evil.example"})
    client.post(RESET, {"email": cast.house.rita.user.email.upper()}, headers={"accept-language": "nl"})
    send_waiting()
    [message] = mail.outbox
    assert settings.SITE_URL in message.body
    assert "evil.example" not in message.body
    assert (message.to, message.subject) == ([cast.house.rita.user.email], "Nieuw wachtwoord instellen")


def test_reset_of_an_unknown_address_reads_the_same_and_mails_nobody(client: Client, cast: Cast) -> None:
    known = client.post(RESET, {"email": cast.house.rita.user.email}, follow=True)
    StaffMail.objects.all().delete()
    unknown = client.post(RESET, {"email": "nobody@nowhere.example"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert [p.content.decode().count("link is on its way") for p in (known, unknown)] == [1, 1]
    assert send_waiting() == 1
    assert mail.outbox == []
    assert not StaffMail.objects.exists()


def test_asking_for_a_reset_looks_nobody_up(client: Client, cast: Cast) -> None:
    """Then an unknown address takes as long as a known one."""
    with CaptureQueriesContext(connection) as captured:
        client.post(RESET, {"email": cast.house.rita.user.email})
    said = [query["sql"] for query in captured]
    assert [one.split("(")[0] for one in said if one.startswith("INSERT")] == ['INSERT INTO "platform_staffmail" ']
    assert not [one for one in said if "platform_user" in one or "account_emailaddress" in one]
    assert not StaffMail.objects.get().body


def test_the_page_of_a_reset_link_is_kept_by_no_cache(client: Client, cast: Cast) -> None:
    link = reset_link(client, cast.house.rita.user.email)
    for address in (link, client.get(link)["Location"], f"{link[:-1]}x/"):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_reset_ends_the_sessions_of_other_devices(client: Client, cast: Cast) -> None:
    email = cast.house.rita.user.email
    other = Client()
    sign_in(other, email)
    assert other.get(f"/{HOUSE}/").status_code == 302
    assert "login" not in other.get(f"/{HOUSE}/")["Location"]
    form = client.get(reset_link(client, email), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert other.get(f"/{HOUSE}/")["Location"].startswith(SIGN_IN)


def test_changing_the_password_keeps_this_session_and_ends_the_others(client: Client, cast: Cast) -> None:
    email = cast.house.rita.user.email
    other = Client()
    sign_in(client, email)
    sign_in(other, email)
    confirm(client)
    changed = client.post("/account/password/change/", {"password1": NEW, "password2": NEW}, follow=True)
    assert "Your password is changed." in changed.content.decode()
    assert client.get("/")["Location"] == f"/{HOUSE}/home/"
    assert other.get("/")["Location"].startswith(SIGN_IN)
    assert StaffMail.objects.get().subject == "Your password was changed"


def test_a_weak_password_is_refused_with_its_reason(client: Client, cast: Cast) -> None:
    sign_in(client, cast.house.rita.user.email)
    confirm(client)
    page = client.post("/account/password/change/", {"password1": "12345", "password2": "12345"})
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    assert "too short" in page.content.decode()


def test_signing_out_needs_a_post(client: Client, cast: Cast) -> None:
    sign_in(client, cast.house.rita.user.email)
    assert "Stay signed in" in client.get("/account/logout/").content.decode()
    client.post("/account/logout/")
    assert client.get("/")["Location"].startswith(SIGN_IN)


def test_outside_a_demo_there_is_no_mailbox_and_no_sign_in_list(client: Client, cast: Cast) -> None:
    assert client.get("/demo/mail/").status_code == 404
    assert "This is a demo" not in client.get(SIGN_IN).content.decode()


def test_a_demo_lists_its_people_and_shows_its_mail(client: Client, cast: Cast, settings: Any) -> None:
    settings.DEMO = True
    page = client.get(SIGN_IN).content.decode()
    assert "Rita Rep" in page
    assert cast.house.ada.user.email in page
    client.post(RESET, {"email": cast.house.rita.user.email})
    send_waiting()
    assert "Set a new password" in client.get("/demo/mail/").content.decode()
