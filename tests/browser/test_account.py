"""One's own account in a real browser: passkeys, codes from an app, recovery codes, the required second factor.

The passkeys are Chromium's own, kept by its virtual authenticator; the page and this product do all the rest.
"""

from typing import Any
from urllib.parse import urlsplit

import pytest

from crm.platform.models import Member
from tests.browser.test_pages import in_all_looks, problems
from tests.browser.windows import settle
from tests.cast import PASSWORD
from tests.web.codes import code

pytestmark = pytest.mark.browser


INDEX, ADD_APP, ADD_PASSKEY = (f"/account/second-factor/{rest}" for rest in ("", "app/add/", "passkeys/add/"))


def with_authenticator(page: Any) -> Any:
    """The page's browser has a fingerprint reader that always says yes; its CDP session."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    cdp.authenticator = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": device})["authenticatorId"]
    return cdp


def confirm(page: Any) -> None:
    """By the password, where the page asks for it."""
    page.wait_for_url(lambda url: urlsplit(url).path == "/account/confirm/")
    page.locator("input[type=password]:focus").wait_for()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def sign_in(page: Any, site: Any, member: Member) -> None:
    page.goto(f"{site.url}/account/login/")
    page.get_by_label("Email").and_(page.locator(":focus")).wait_for()
    page.keyboard.type(member.user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def leave(page: Any, site: Any) -> None:
    page.goto(site.path("leads/"))
    settle(page)
    page.locator("[popovertarget=user-menu]:visible").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/leads/" not in url)


def set_up_app(page: Any, site: Any) -> str:
    """From the page of second factors; the app's key. Ends at the recovery codes."""
    page.goto(f"{site.url}{INDEX}")
    page.get_by_role("link", name="Set up an app").click()
    confirm(page)
    page.wait_for_url(f"**{ADD_APP}")
    secret: str = page.locator("code.secret").inner_text()
    # The step before: what the app shows now is still good for a sign-in.
    page.get_by_label("Code from the app").fill(code(secret, -1))
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url("**/recovery-codes/")
    return secret


def add_passkey(page: Any, site: Any, *, alone: bool = True) -> None:
    """From the page of second factors. Ends at the recovery codes."""
    page.goto(f"{site.url}{INDEX}")
    page.get_by_role("link", name="Add a passkey").click()
    confirm(page)
    page.wait_for_url(f"**{ADD_PASSKEY}")
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Sign in with this passkey alone").set_checked(alone)
    page.get_by_role("button", name="Create passkey").click()
    page.wait_for_url("**/recovery-codes/")


def test_a_passkey_signs_in_by_itself_and_goes(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    cdp = with_authenticator(page)
    add_passkey(page, site)
    page.goto(f"{site.url}{INDEX}")
    assert page.locator(".factors li", has_text="Laptop").locator(".badge").inner_text() == (
        "signs in without a password"
    )

    leave(page, site)
    page.goto(site.path("leads/"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(site.path("leads/"))

    page.goto(f"{site.url}{INDEX}")
    page.get_by_role("link", name="Remove: Laptop").click()
    page.get_by_role("button", name="Use a passkey").wait_for()
    assert page.get_by_role("link", name="With the password").count() == 0
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Remove the passkey").click()
    page.wait_for_url(f"{site.url}{INDEX}")
    assert page.locator(".factors li", has_text="Laptop").count() == 0
    assert len(cdp.send("WebAuthn.getCredentials", {"authenticatorId": cdp.authenticator})["credentials"]) == 1

    leave(page, site)
    page.goto(f"{site.url}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("That passkey was not accepted.").wait_for()
    assert "/account/login/" in page.url


def test_a_passkey_after_the_password(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    with_authenticator(page)
    add_passkey(page, site, alone=False)
    page.goto(f"{site.url}{INDEX}")
    assert page.locator(".factors li", has_text="Laptop").locator(".badge").count() == 0

    leave(page, site)
    sign_in(page, site, site.cast.house.rita)
    page.wait_for_url("**/second-factor/authenticate/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(site.path("home/"))

    page.goto(f"{site.url}{ADD_PASSKEY}")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"**{ADD_PASSKEY}")
    page.get_by_label("Sign in with this passkey alone").uncheck()
    page.get_by_role("button", name="Create passkey").click()
    page.get_by_text("This device already has a passkey.").wait_for()


def test_a_code_after_the_password_and_recovery_codes_once(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    secret = set_up_app(page, site)
    spare = page.locator(".codes code").all_inner_texts()
    assert len(spare) == 10
    page.goto(f"{site.url}/account/second-factor/recovery-codes/")
    page.get_by_text("10 codes are left").wait_for()
    assert page.locator(".codes code").count() == 0

    leave(page, site)
    sign_in(page, site, site.cast.house.rita)
    page.wait_for_url("**/second-factor/authenticate/")
    assert page.get_by_role("button", name="Use a passkey").count() == 0
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_text("That code is incorrect").wait_for()
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(site.path("home/"))

    leave(page, site)
    sign_in(page, site, site.cast.house.rita)
    page.get_by_label("Code").fill(spare[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(site.path("home/"))


def test_an_admin_requires_it_and_a_rep_is_led_to_it(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.ada)
    page.goto(site.path("settings/security/"))
    assert page.get_by_role("link", name="First set one up for yourself").is_visible()
    set_up_app(page, site)
    page.goto(site.path("settings/security/"))
    assert page.locator(".settings li", has_text="Rita Rep").is_visible()
    page.get_by_role("button", name="Require a second factor").click()
    page.get_by_text("A second factor is required now.").wait_for()

    rita = open_page()
    sign_in(rita, site, site.cast.house.rita)
    rita.get_by_role("heading", name="A second factor is needed").wait_for()
    assert problems(rita) == []
    rita.get_by_role("button", name="Sign out").click()
    rita.wait_for_url(lambda url: "required" not in url)
    sign_in(rita, site, site.cast.house.rita)
    rita.get_by_role("link", name="Set up an app").click()
    confirm(rita)
    secret = rita.locator("code.secret").inner_text()
    rita.get_by_label("Code from the app").fill(code(secret))
    rita.get_by_role("button", name="Set up").click()
    rita.get_by_role("link", name="Continue").click()
    rita.wait_for_url(site.path("home/"))


def test_pages_of_an_account(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.ada)
    with_authenticator(page)
    found = []

    def look(path: str = "") -> None:
        if path:
            page.goto(f"{site.url}{path}" if path.startswith("/") else site.path(path))
        found.extend(in_all_looks(page))

    for path in (INDEX, "preferences/", "settings/security/", ADD_APP):
        look(path)
    add_passkey(page, site)
    look()
    page.goto(f"{site.url}{ADD_APP}")
    page.get_by_label("Code from the app").fill("000000")
    page.get_by_role("button", name="Set up").click()
    page.get_by_text("That code is incorrect").wait_for()
    look()
    page.goto(f"{site.url}{ADD_APP}")  # looking made a new key
    page.get_by_label("Code from the app").fill(code(page.locator("code.secret").inner_text(), -1))
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url(f"{site.url}{INDEX}")
    for path in (INDEX, ADD_PASSKEY, f"{INDEX}app/remove/", f"{INDEX}recovery-codes/new/"):
        look(path)
    for name in ("Rename: Laptop", "Remove: Laptop"):
        page.goto(f"{site.url}{INDEX}")
        page.get_by_role("link", name=name).click()
        look()
    for path in ("/account/confirm/", f"{INDEX}confirm/", f"{INDEX}passkeys/confirm/"):
        look(path)
    look("settings/security/")
    leave(page, site)
    sign_in(page, site, site.cast.house.ada)
    page.wait_for_url("**/second-factor/authenticate/")
    look()
    assert found == []
