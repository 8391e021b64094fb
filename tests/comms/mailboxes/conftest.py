"""Rita's own mailbox on a real IMAP server on loopback, and a sign-in server that gives tokens for it."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from comms.inbound import imap, inbound_processing
from comms.mailboxes.sign_in_check import check_sign_in
from comms.models import Inbound, MailboxConnection
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House
from tests.comms.inbound.imap_server import Mailbox, running
from tests.comms.inbound.mails import raw_mail
from tests.integrations import rest_peer

RITA = "rita@own.example"


class SignInServer(rest_peer.RestPeer):
    """Gives tokens with an ID token that names the account, which the mailbox accepts; notes what is revoked."""

    def __init__(self, box: Mailbox) -> None:
        super().__init__()
        self.box = box
        self.account = RITA
        self.revoked: list[str] = []

    def token(self, form: dict[str, str]) -> tuple[int, Any]:
        status, answer = super().token(form)
        if status == 200:
            self.box.token = answer["access_token"]
            claims = base64.urlsafe_b64encode(json.dumps({"email": self.account}).encode()).decode().rstrip("=")
            answer |= {"id_token": f"head.{claims}.signature"}
        return status, answer


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with running() as mailbox:
        yield mailbox


@pytest.fixture
def house(cast: Cast) -> House:
    return cast.house


@pytest.fixture
def google(box: Mailbox, settings: Any) -> Iterator[SignInServer]:
    """Google on loopback: its sign-in, and its mail servers."""
    with rest_peer.running(SignInServer(box)) as server:
        settings.GOOGLE_CLIENT_ID = "client"
        settings.GOOGLE_CLIENT_SECRET = "secret"
        settings.GOOGLE_TOKEN_URL = f"{server.origin}/token"
        settings.GOOGLE_REVOKE_URL = f"{server.origin}/revoke"
        settings.GMAIL_IMAP_SERVER = f"127.0.0.1:{box.port}:none"
        yield server


@pytest.fixture
def connection(house: House, box: Mailbox) -> MailboxConnection:
    """Rita's mailbox by IMAP, signed in; nothing is chosen yet."""
    with use_tenant(house.tenant):
        chosen = {"host": "127.0.0.1", "port": str(box.port), "security": "none", "username": "rita"}
        connection = MailboxConnection.connect(house.rita, "imap", chosen, {"password": "x"}, address=RITA)
    check_sign_in(house.tenant.pk, connection.pk)
    return reloaded(house, connection)


@pytest.fixture
def chosen(house: House, connection: MailboxConnection) -> MailboxConnection:
    """The same, reading mail with customers in both folders from now on."""
    return choose(house, connection)


@pytest.fixture
def visit(house: House) -> Callable[[MailboxConnection], None]:
    """Fetch a mailbox, and read what was fetched."""

    def run(connection: MailboxConnection) -> None:
        assert connection.channel_id
        imap.fetch(house.tenant.pk, connection.channel_id)
        with use_tenant(house.tenant):
            inbound_processing.read_waiting(list(Inbound.objects.unread().values_list("pk", flat=True)))

    return run


def choose(house: House, connection: MailboxConnection, **changes: Any) -> MailboxConnection:
    """Choose what is read of a mailbox."""
    choice = {"folders": ["INBOX", "Sent"], "reads_customers": True, "domains": [], "never": ["own.example"]}
    choice["read_since"] = clock.now() - timedelta(seconds=5)
    with use_tenant(house.tenant):
        connection.choose(by=house.rita, **(choice | changes))
    return reloaded(house, connection)


def reloaded(house: House, connection: MailboxConnection) -> MailboxConnection:
    with use_tenant(house.tenant):
        return MailboxConnection.objects.select_related("channel", "member").get(pk=connection.pk)


def to_rita(name: str, **headers: Any) -> bytes:
    return raw_mail(f"Words of {name}", Message_ID=f"<{name}@home.example>", to=RITA, **headers)
