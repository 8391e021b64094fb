"""Mail servers that somebody typed: which are refused, what is said of them, and whom a password was given for."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client

from comms.channels.interface import Permanent, Provider, Transient
from comms.channels.mail_servers import GuardedSmtpOverTls, ServerPlace, new_places
from comms.channels.providers import imap, smtp
from comms.models import Channel
from crm.platform.http import guarded_connection, public_address
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, Cast
from tests.web.test_people_pages import version, words

CHANNELS = f"/{HOUSE}/messages/channels/"
PROVIDERS: list[Provider] = [smtp.Smtp(), imap.Imap()]
SECRET_BANNER = b"SSH-2.0-OpenSSH_9.2 internal-build-host\r\n"


def channel(host: str, port: int | str, security: str = "none") -> Channel:
    made = Channel(provider="smtp", medium="email", address="hello@suncoast.example")
    made.settings = {"host": host, "port": str(port), "security": security, "username": "u"}
    made.seal({"password": "x"})
    return made


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.key)
@pytest.mark.parametrize(
    ("host", "port"),
    [
        ("127.0.0.2", 587), ("localhost", 993), ("10.1.2.3", 993), ("169.254.169.254", 587), ("[::1]", 587),
        ("::ffff:127.0.0.1", 993), ("2130706433", 587), ("0x7f.1", 993), ("①②⑦.⓪.⓪.②", 587), ("fe80::1%eth0", 587),
        ("1.1.1.1", 22), ("1.1.1.1", 6379), ("a b", 587), ("host\x00.example", 993), ("1.1.1.1", "x"),
    ],
)  # fmt: skip
def test_what_may_not_be_reached_is_refused(
    monkeypatch: pytest.MonkeyPatch, provider: Provider, host: str, port: int
) -> None:
    monkeypatch.setattr(guarded_connection.socket, "create_connection", lambda *_args, **_given: pytest.fail("called"))
    with pytest.raises(Permanent):
        provider.test(channel(host, port))


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.key)
def test_the_address_that_was_checked_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch, provider: Provider
) -> None:
    connected: list[Any] = []
    answers = iter([["1.1.1.1"], ["127.0.0.1"]])  # the second answer would be of a host that rebinds

    def create_connection(place: Any, timeout: float) -> Any:
        connected.append(place[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(public_address.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (next(answers)[0], 0))])
    monkeypatch.setattr(guarded_connection.socket, "create_connection", create_connection)
    with pytest.raises(Transient):
        provider.test(channel("rebinding.example", 587 if provider.key == "smtp" else 993))
    assert connected == ["1.1.1.1"]


def test_tls_asks_for_the_name_that_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Context:
        def wrap_socket(self, sock: Any, server_hostname: str) -> Any:
            asked.append(server_hostname)
            raise ConnectionResetError

    monkeypatch.setattr("comms.channels.mail_servers.connect_to_host", lambda *_, **__: socket.socket())
    with pytest.raises(ConnectionResetError):
        GuardedSmtpOverTls("mail.example", 465, timeout=5, context=Context())  # type: ignore[arg-type]
    assert asked == ["mail.example"]


@contextmanager
def banner(said: bytes) -> Iterator[int]:
    """A server of another service, which says this and nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(said)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.key)
@pytest.mark.parametrize("said", [SECRET_BANNER, b"554 internal-build-host\r\n", b"* BYE internal-build-host\r\n"])
def test_what_a_server_says_is_never_shown(provider: Provider, said: bytes) -> None:
    with banner(said) as port, pytest.raises((Permanent, Transient)) as raised:
        provider.test(channel("127.0.0.1", port))
    assert "internal" not in str(raised.value)
    assert len(str(raised.value)) > 20, "a reason in words"


@pytest.mark.parametrize(
    ("now", "is_new"),
    [
        (("mail.example", "587", "starttls"), False),
        (("MAIL.example", "587", "tls"), False),
        (("mail.example", "587", "none"), True),
        (("mail.example", "2525", "starttls"), True),
        (("evil.example", "587", "starttls"), True),
    ],
)
def test_a_password_is_given_for_one_server(now: tuple[str, str, str], is_new: bool) -> None:
    before = ServerPlace("host", "mail.example", "587", "starttls", frozenset())
    assert bool(new_places([before], [ServerPlace("host", *now, frozenset())])) is is_new


@pytest.fixture
def kept(cast: Cast) -> Channel:
    """A channel with a password, in the tenant."""
    with use_tenant(cast.house.tenant):
        made = channel("mail.example", 587, "starttls")
        made.brand = Brand.objects.get()
        made.role = "sales"
        made.save()
        return Channel.objects.select_related("brand").get(pk=made.pk)


def typed(kept: Channel, **changed: str) -> dict[str, str]:
    sent = {"brand": str(kept.brand.uid), "role": "sales", "address": kept.address}
    server = {f"provider_{name}": value for name, value in kept.settings.items()}
    return sent | server | {"provider_password": ""} | changed


def test_another_host_asks_for_the_password_and_who_it_is(client: Client, cast: Cast, kept: Channel) -> None:
    client.force_login(cast.house.ada.user)
    url = f"{CHANNELS}{kept.uid}/"
    shown = version(client.get(url))
    refused = client.post(url, typed(kept, provider_host="evil.example", version=shown))
    assert refused.status_code == 422
    assert "belongs to another server" in words(refused)
    again = typed(kept, provider_host="evil.example", provider_password="new", version=shown)
    asked = client.post(url, again)
    assert asked["Location"].startswith("/account/confirm/")
    with use_tenant(cast.house.tenant):
        assert Channel.objects.get(pk=kept.pk).settings["host"] == "mail.example"


def test_who_has_confirmed_may_move_it(client: Client, cast: Cast, kept: Channel, monkeypatch: Any) -> None:
    monkeypatch.setattr("comms.views.channels.settings.recently_confirmed", lambda _request: True)
    client.force_login(cast.house.ada.user)
    url = f"{CHANNELS}{kept.uid}/"
    sent = typed(kept, provider_host="new.example", provider_password="new", version=version(client.get(url)))
    assert client.post(url, sent).status_code == 302
    with use_tenant(cast.house.tenant):
        assert Channel.objects.get(pk=kept.pk).secrets == {"password": "new"}


def test_a_private_server_is_refused_where_it_is_typed(client: Client, cast: Cast, kept: Channel) -> None:
    client.force_login(cast.house.ada.user)
    url = f"{CHANNELS}{kept.uid}/"
    sent = typed(kept, provider_host="169.254.169.254", provider_password="x", version=version(client.get(url)))
    page = client.post(url, sent)
    assert page.status_code == 422
    assert "private network" in words(page)
