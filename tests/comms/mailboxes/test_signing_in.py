"""Sign-in to a mailbox: by password and by token, renewed, refused, busy, and of another account."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from comms.channels.mail_access.access_tokens import token_values
from comms.mailboxes.sign_in_check import check_sign_in
from comms.models import Channel, MailboxConnection
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from tests.cast import House
from tests.comms.inbound.imap_server import Mailbox
from tests.comms.mailboxes.conftest import RITA, SignInServer, choose, reloaded, to_rita
from tests.isolation.test_urls import signed_in as browser_of

Visit = Callable[[MailboxConnection], None]


def page(house: House, name: str, *args: Any) -> str:
    return reverse(f"comms:{name}", args=[house.tenant.slug, *args])


def sign_in(house: House, google: SignInServer, query: str = "account=google") -> MailboxConnection:
    """Rita signs in at Google in her browser, and a worker checks it."""
    rita = browser_of(house.rita)
    begun = rita.get(f"{page(house, 'begin_mailbox_sign_in')}?{query}")
    returned = rita.get("/public/mailboxes/signed-in/", google.allow(begun["Location"]))
    assert rita.get(returned["Location"]).status_code == 302
    with use_tenant(house.tenant):
        connection = MailboxConnection.objects.get()
    check_sign_in(house.tenant.pk, connection.pk)
    return reloaded(house, connection)


def test_a_mailbox_is_connected_by_signing_in(house: House, google: SignInServer, box: Mailbox) -> None:
    connection = sign_in(house, google)
    assert (connection.state, connection.address, connection.pending_secrets) == ("choosing", RITA, "")
    assert box.names == [RITA]
    assert connection.channel is not None
    assert (connection.channel.owner_id, connection.channel.sharing) == (house.rita.pk, "private")
    assert "access-1" not in connection.channel.sealed_secrets


def test_a_token_that_ran_out_in_between_is_renewed(
    house: House, google: SignInServer, box: Mailbox, visit: Visit
) -> None:
    connection = choose(house, sign_in(house, google))
    box.token = "another"
    box.folders["INBOX"].add(to_rita("a"))
    visit(connection)
    assert (box.fetched, reloaded(house, connection).problem) == ([1], "")
    with use_tenant(house.tenant):
        assert token_values(Channel.objects.get(pk=connection.channel_id))["access"] == "access-2"


def test_a_revoked_sign_in_stops_says_so_once_and_goes_on_after_another(
    house: House, google: SignInServer, box: Mailbox, visit: Visit
) -> None:
    connection = choose(house, sign_in(house, google))
    google.is_revoked = True
    box.token = "another"
    for _round in range(3):
        visit(connection)
    broken = reloaded(house, connection)
    assert (broken.state, "Sign in again" in broken.problem) == ("broken", True)
    with use_tenant(house.tenant):
        assert Notice.objects.filter(kind="mailbox.broken").count() == 1
    google.is_revoked = False
    box.folders["INBOX"].add(to_rita("a"))
    assert sign_in(house, google, f"mailbox={connection.uid}").state == "active"
    visit(connection)
    assert box.fetched == [1]


def test_another_account_is_not_taken_for_the_mailbox(house: House, google: SignInServer) -> None:
    connection = sign_in(house, google)
    google.account = "other@own.example"
    again = sign_in(house, google, f"mailbox={connection.uid}")
    assert (again.state, "other@own.example" in again.problem) == ("broken", True)
    assert again.channel is not None
    assert again.channel.address == RITA


@pytest.mark.parametrize(("status", "body"), [(429, "{}"), (500, "{}"), (200, "<html>Wait</html>")])
def test_a_sign_in_server_in_trouble_is_asked_again_later(
    house: House, google: SignInServer, box: Mailbox, visit: Visit, status: int, body: str, monkeypatch: Any
) -> None:
    connection = choose(house, sign_in(house, google))
    box.token = "another"
    monkeypatch.setattr(google, "token", lambda form: (status, body))
    visit(connection)
    failing = reloaded(house, connection)
    assert (failing.state, "keep trying" in failing.problem) == ("active", True)
    monkeypatch.undo()
    visit(connection)
    assert reloaded(house, connection).problem == ""


def test_a_password_that_is_refused_three_times_waits_for_the_member(
    house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit
) -> None:
    box.says_no = True
    for state in ("active", "active", "broken"):
        visit(chosen)
        assert reloaded(house, chosen).state == state


def test_an_address_in_use_is_not_connected(house: House, box: Mailbox) -> None:
    with use_tenant(house.tenant):
        brand = Brand.objects.get()
        Channel.create(by=None, brand=brand, medium="email", provider="embedded", address=RITA, role="sales")
        chosen = {"host": "127.0.0.1", "port": str(box.port), "security": "none", "username": "rita"}
        connection = MailboxConnection.connect(house.rita, "imap", chosen, {"password": "x"}, address=RITA)
    check_sign_in(house.tenant.pk, connection.pk)
    refused = reloaded(house, connection)
    assert (refused.state, "in use here already" in refused.problem) == ("broken", True)


def test_a_silent_server_is_tried_again_and_then_left_to_the_member(house: House, box: Mailbox) -> None:
    with use_tenant(house.tenant):
        closed = {"host": "127.0.0.1", "port": "1", "security": "none", "username": "rita"}
        connection = MailboxConnection.connect(house.rita, "imap", closed, {"password": "x"}, address=RITA)
    for _round in range(3):
        check_sign_in(house.tenant.pk, connection.pk)
        assert reloaded(house, connection).state == "checking"
    check_sign_in(house.tenant.pk, connection.pk)
    assert reloaded(house, connection).state == "broken"


def test_a_sign_in_that_somebody_else_began_connects_nothing(house: House, google: SignInServer) -> None:
    begun = browser_of(house.mona).get(f"{page(house, 'begin_mailbox_sign_in')}?account=google")
    rita = browser_of(house.rita)
    returned = rita.get("/public/mailboxes/signed-in/", google.allow(begun["Location"]))
    rita.get(returned["Location"])
    with use_tenant(house.tenant):
        assert not MailboxConnection.objects.exists()
