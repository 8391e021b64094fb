"""Disconnecting removes what was private, keeps what was shared, and ends the access."""

from collections.abc import Callable
from typing import Any

import pytest

from comms.inbound import imap, inbound_processing
from comms.mailboxes import removal
from comms.mailboxes.sign_in_check import check_sign_in
from comms.models import Attachment, Channel, Inbound, MailboxConnection, MailFolder, Message
from crm.platform.events.events import dispatch_events
from crm.platform.models import StoredFile
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from tests.cast import House
from tests.comms.inbound.imap_server import Mailbox
from tests.comms.inbound.mails import with_file
from tests.comms.mailboxes.conftest import RITA, SignInServer, choose, reloaded, to_rita
from tests.comms.mailboxes.test_signing_in import page, sign_in
from tests.isolation.test_urls import signed_in as browser_of
from tickets.models import Ticket
from tickets.privacy.sharing import share_conversation

Visit = Callable[[MailboxConnection], None]


def place() -> None:
    for _round in range(2):
        dispatch_events()
        due.run_due_work()


def disconnect(house: House, connection: MailboxConnection, **posted: str) -> None:
    response = browser_of(house.rita).post(page(house, "disconnect_mailbox", connection.uid), posted)
    assert response.status_code == 302
    removal.remove_mailbox(house.tenant.pk, connection.pk)


@pytest.fixture
def filled(house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit) -> MailboxConnection:
    """Two conversations: a private one with a file, and one that Rita shared."""
    box.folders["INBOX"].add(to_rita("shared", Subject="Gutter"))
    visit(chosen)
    place()
    with use_tenant(house.tenant):
        share_conversation(Ticket.objects.get(sole_reader=house.rita), by=house.rita)
    mail = with_file(b"zebraplan").replace(b"support@suncoast.example", RITA.encode())
    box.folders["INBOX"].add(mail.replace(b"Files", b"Quartz"))
    visit(chosen)
    with use_tenant(house.tenant):
        message = Message.objects.get(subject="Quartz")
        # As if the conversation was a private one of its own.
        Message.objects.filter(pk=message.pk).update(sole_reader=house.rita)
    place()
    return reloaded(house, chosen)


def test_the_page_says_how_much_is_removed(house: House, filled: MailboxConnection) -> None:
    shown = browser_of(house.rita).get(page(house, "disconnect_mailbox", filled.uid)).content.decode()
    assert "<strong>1</strong> private message is removed" in shown
    assert "<strong>1</strong> message that colleagues see stays" in shown


def test_what_was_private_is_gone_and_what_was_shared_stays(house: House, filled: MailboxConnection) -> None:
    with use_tenant(house.tenant):
        files = list(Attachment.objects.values_list("file", flat=True))
    disconnect(house, filled)
    with use_tenant(house.tenant):
        assert [message.subject for message in Message.objects.all()] == ["Gutter"]
        assert not Attachment.objects.exists()
        assert {file.name for file in StoredFile.objects.filter(pk__in=files)} == {"–"}
        assert sum(b"Quartz" in bytes(body) for body in Inbound.objects.values_list("body", flat=True)) == 0
        channel = Channel.objects.get(pk=filled.channel_id)
        assert (channel.archived_at is not None, channel.sealed_secrets) == (True, "")
        assert not MailboxConnection.objects.exists()
        assert not MailFolder.objects.exists()
        assert not Ticket.objects.filter(sole_reader=house.rita).exists()


def test_what_was_shared_goes_too_if_its_member_says_so(house: House, filled: MailboxConnection) -> None:
    disconnect(house, filled, removes_shared="on")
    with use_tenant(house.tenant):
        assert not Message.objects.exists()


def test_mail_that_was_fetched_and_not_read_becomes_no_message(
    house: House, box: Mailbox, chosen: MailboxConnection
) -> None:
    box.folders["INBOX"].add(to_rita("late"))
    assert chosen.channel_id
    imap.fetch(house.tenant.pk, chosen.channel_id)
    disconnect(house, chosen)
    with use_tenant(house.tenant):
        inbound_processing.read_waiting(list(Inbound.objects.values_list("pk", flat=True)))
        assert not Message.objects.exists()
        assert [bytes(row.body) for row in Inbound.objects.all()] == [b""]


def test_the_access_is_revoked_at_google_also_when_it_answers_late(
    house: House, google: SignInServer, monkeypatch: Any
) -> None:
    connection = sign_in(house, google)
    asked: list[Any] = []

    def answer(self: Any, url: str, data: Any) -> Any:
        asked.append((url, data))
        return type("Answer", (), {"status_code": 503 if len(asked) == 1 else 200})()

    monkeypatch.setattr(removal.GuardedSession, "post", answer)
    disconnect(house, connection)
    assert reloaded(house, connection).state == "removing"
    removal.remove_mailbox(house.tenant.pk, connection.pk)
    assert asked == [(f"{google.origin}/revoke", {"token": "refresh-1"})] * 2
    with use_tenant(house.tenant):
        assert not MailboxConnection.objects.exists()


def test_a_mailbox_that_is_connected_again_brings_its_mail_again(
    house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit
) -> None:
    box.folders["INBOX"].add(to_rita("a"))
    visit(chosen)
    disconnect(house, chosen)
    with use_tenant(house.tenant):
        settings = {"host": "127.0.0.1", "port": str(box.port), "security": "none", "username": "rita"}
        again = MailboxConnection.connect(house.rita, "imap", settings, {"password": "x"}, address=RITA)
    check_sign_in(house.tenant.pk, again.pk)
    again = choose(house, reloaded(house, again))
    visit(again)
    with use_tenant(house.tenant):
        assert Message.objects.get().channel_id == chosen.channel_id
