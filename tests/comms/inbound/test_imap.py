"""A mailbox fetched from a real server on loopback: each mail once, also when the server dies in between."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest

from comms.channels.providers import imap as imap_provider
from comms.inbound import imap, inbound_processing
from comms.models import Channel, Inbound, MailFolder, Message
from comms.models.channel import FETCH
from crm.kernel import clock
from crm.platform.models import Due
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.comms.inbound.conftest import Opened
from tests.comms.inbound.imap_server import Mailbox, running
from tests.comms.inbound.mails import CORA, SUPPORT, raw_mail


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with running() as mailbox:
        yield mailbox


@pytest.fixture
def channel(box: Mailbox, opened: Opened) -> Channel:
    chosen = {"host": "127.0.0.1", "port": str(box.port), "security": "none", "username": "support"}
    return opened(SUPPORT, provider="imap", settings=chosen, secrets={"password": "x"})


def visit(cast: Cast, channel: Channel) -> None:
    imap.fetch(cast.house.tenant.pk, channel.pk)


def mail(number: int) -> bytes:
    return raw_mail(f"Mail {number}", Message_ID=f"<{number}@home.example>")


def stored(cast: Cast) -> int:
    with use_tenant(cast.house.tenant):
        return int(Inbound.objects.count())


def test_it_begins_now_and_fetches_what_is_new_once(cast: Cast, box: Mailbox, channel: Channel) -> None:
    box.folders["INBOX"].add(mail(1))
    visit(cast, channel)
    assert stored(cast) == 0
    for number in (2, 3):
        box.folders["INBOX"].add(mail(number))
    for _ in range(2):
        visit(cast, channel)
    assert box.fetched == [2, 3]
    with use_tenant(cast.house.tenant):
        assert MailFolder.objects.get(name="INBOX").next_uid == 4
        inbound_processing.read_waiting(list(Inbound.objects.values_list("pk", flat=True)))
        assert {each.channel for each in Message.objects.all()} == {channel}
        channel.refresh_from_db()
    assert (channel.problem, channel.fine_at is not None) == ("", True)


def test_what_another_program_sent_is_ours(cast: Cast, box: Mailbox, channel: Channel) -> None:
    visit(cast, channel)
    box.folders["Sent"].add(raw_mail(sender=SUPPORT, to=CORA, Message_ID="<s1@home.example>"))
    visit(cast, channel)
    with use_tenant(cast.house.tenant):
        inbound_processing.read_waiting([Inbound.objects.get().pk])
        message = Message.objects.select_related("person").get()
    assert (message.direction, message.person, message.state) == ("out", cast.house.cora, "sent")


@pytest.mark.parametrize("name", ["Verzonden items", "Sent Items"])
def test_a_sent_folder_is_known_by_its_name_where_the_server_marks_none(
    cast: Cast, box: Mailbox, channel: Channel, name: str
) -> None:
    box.folders[name] = box.folders.pop("Sent")
    channel.settings |= {"folders": f"INBOX, {name}"}
    with use_tenant(cast.house.tenant):
        channel.save()
    visit(cast, channel)
    box.folders[name].add(raw_mail(sender=SUPPORT, to=CORA, Message_ID="<s1@home.example>"))
    visit(cast, channel)
    with use_tenant(cast.house.tenant):
        assert Inbound.objects.get().envelope["is_sent"] is True


def test_a_mail_that_lay_in_the_mailbox_keeps_its_time(cast: Cast, box: Mailbox, channel: Channel) -> None:
    visit(cast, channel)
    box.arrived = "20-Nov-2026 09:00:10 +0000"
    box.folders["INBOX"].add(raw_mail(Date="Fri, 20 Nov 2026 09:00:00 +0000"))
    visit(cast, channel)
    with use_tenant(cast.house.tenant):
        inbound_processing.read_waiting([Inbound.objects.get().pk])
        assert Message.objects.get().at.isoformat() == "2026-11-20T09:00:00+00:00"


def test_a_server_that_dies_in_between_costs_nothing(cast: Cast, box: Mailbox, channel: Channel) -> None:
    visit(cast, channel)
    for number in (1, 2, 3):
        box.folders["INBOX"].add(mail(number))
    box.dies_after = 2
    visit(cast, channel)
    assert stored(cast) == 2
    with use_tenant(cast.house.tenant):
        channel.refresh_from_db()
    assert channel.problem
    box.dies_after = None
    visit(cast, channel)
    assert stored(cast) == 3


def test_numbers_that_mean_other_mails_lose_and_double_nothing(cast: Cast, box: Mailbox, channel: Channel) -> None:
    visit(cast, channel)
    box.folders["INBOX"].add(mail(1))
    visit(cast, channel)
    box.folders["INBOX"].validity = 2
    box.folders["INBOX"].mails = {1: mail(1), 2: mail(2)}
    visit(cast, channel)
    with use_tenant(cast.house.tenant):
        inbound_processing.read_waiting(list(Inbound.objects.values_list("pk", flat=True)))
        assert Message.objects.count() == 2


def test_a_mailbox_that_refuses_says_so_and_is_visited_less(cast: Cast, box: Mailbox, channel: Channel) -> None:
    box.says_no = True
    with clock.at(clock.now() + timedelta(hours=2)):
        visit(cast, channel)
        wait = Due.objects.get(kind=FETCH).due_at - clock.now()
    with use_tenant(cast.house.tenant):
        channel.refresh_from_db()
    assert "password" in channel.problem
    assert timedelta(minutes=20) < wait <= imap.LONGEST_PAUSE


def test_of_a_mail_that_is_too_large_only_the_beginning_is_fetched_and_that_is_kept(
    cast: Cast, box: Mailbox, channel: Channel, settings: Any
) -> None:
    visit(cast, channel)
    settings.INBOUND_MOST_BYTES = 100_000
    box.folders["INBOX"].add(raw_mail("Hello there\n" * 10_000))
    visit(cast, channel)
    with use_tenant(cast.house.tenant):
        inbound_processing.read_one(Inbound.objects.get().pk)
        assert Message.objects.get().problems[0]["code"] == "mail_too_large"


def test_a_server_that_lies_about_a_size_is_cut_at_the_limit(cast: Cast, box: Mailbox, channel: Channel) -> None:
    visit(cast, channel)
    box.folders["INBOX"].add(mail(1))
    box.claims = 50_000_000_000
    visit(cast, channel)
    with use_tenant(cast.house.tenant):
        channel.refresh_from_db()
    assert "more than it was asked for" in channel.problem
    box.claims = None
    visit(cast, channel)
    assert stored(cast) == 1


def test_a_visit_ends_however_slowly_the_server_drips(cast: Cast, channel: Channel, monkeypatch: Any) -> None:
    monkeypatch.setattr(imap_provider, "SIGN_IN", 0.2)
    with dripping() as port:
        channel.settings |= {"port": str(port)}
        with use_tenant(cast.house.tenant):
            channel.save()
        visit(cast, channel)
        with use_tenant(cast.house.tenant):
            channel.refresh_from_db()
    assert "too slow" in channel.problem


@contextmanager
def dripping() -> Iterator[int]:
    """A server that says a letter every twentieth of a second, and never a whole line."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                while not ended.wait(0.05):
                    connection.sendall(b"*")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        ended.set()
        thread.join()


def test_an_archived_mailbox_is_not_visited_again(cast: Cast, channel: Channel) -> None:
    with use_tenant(cast.house.tenant):
        channel.archive(by=cast.house.ada)
        Due.objects.filter(kind=FETCH).delete()
    visit(cast, channel)
    assert not Due.objects.filter(kind=FETCH).exists()
