"""What is read of a member's own mailbox: what they chose, once, whatever the server does; of the rest no word."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from comms.inbound import folder_fetch, imap
from comms.inbound.selection.mail_choice import MailChoice
from comms.inbound.selection.mail_headers import AddressFields
from comms.models import Channel, Inbound, MailboxConnection, MailboxDay, MailFolder, Message
from comms.models.channel import FETCH
from crm.kernel import clock
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from tests.cast import House
from tests.comms.inbound.imap_server import Folder, Mailbox
from tests.comms.inbound.mails import CORA
from tests.comms.mailboxes.conftest import RITA, choose, reloaded, to_rita

STRANGER = "Xylo <xylo@elsewhere.example>"
Visit = Callable[[MailboxConnection], None]


def subjects(house: House) -> list[str]:
    with use_tenant(house.tenant):
        return sorted(Message.objects.values_list("text", flat=True))


def test_nothing_is_read_before_folders_are_chosen(
    house: House, box: Mailbox, connection: MailboxConnection, visit: Visit
) -> None:
    box.folders["INBOX"].add(to_rita("a"))
    visit(connection)
    assert connection.state == "choosing"
    assert [(folder["name"], folder["count"]) for folder in connection.folder_list] == [("INBOX", 0), ("Sent", 0)]
    assert box.fetched == []


def test_only_mail_with_customers_is_stored_and_the_rest_is_counted(
    house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit
) -> None:
    box.folders["INBOX"].add(to_rita("secret", sender=STRANGER))
    box.folders["INBOX"].add(to_rita("known"))
    for _round in range(2):
        visit(chosen)
    assert box.fetched == [2]
    assert subjects(house) == ["Words of known"]
    with use_tenant(house.tenant):
        assert Inbound.objects.count() == 1
        day = MailboxDay.objects.get()
    assert (day.stored, day.skipped) == (1, 1)


def test_mail_of_a_chosen_mailbox_is_its_members_alone(
    house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit
) -> None:
    box.folders["INBOX"].add(to_rita("known"))
    visit(chosen)
    with use_tenant(house.tenant):
        message = Message.objects.get()
    assert (message.person_id, message.sole_reader_id, message.job_id) == (house.cora.pk, house.rita.pk, None)


def test_a_shared_mailbox_puts_mail_on_the_lead(
    house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit
) -> None:
    with use_tenant(house.tenant):
        Channel.objects.get(pk=chosen.channel_id).share("metadata", by=house.rita)
    box.folders["INBOX"].add(to_rita("known"))
    visit(chosen)
    with use_tenant(house.tenant):
        assert Message.objects.get().job == house.job


def test_mail_that_is_shared_later_comes_on_the_lead(
    house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit
) -> None:
    box.folders["INBOX"].add(to_rita("known"))
    visit(chosen)
    with use_tenant(house.tenant):
        Message.objects.update(at=clock.now())
        Channel.objects.get(pk=chosen.channel_id).share("metadata", by=house.rita)
        message = Message.objects.get()
    assert (message.job_id, message.sole_reader_id) == (house.job.pk, None)


def test_sent_mail_is_the_members_and_a_copy_of_ours_is_no_second_message(
    house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit
) -> None:
    sent = to_rita("sent", sender=RITA).replace(f"To: {RITA}".encode(), f"To: {CORA}".encode())
    box.folders["Sent"].add(sent)
    visit(chosen)
    with use_tenant(house.tenant):
        message = Message.objects.get()
    assert (message.direction, message.author_id, message.person_id) == ("out", house.rita.pk, house.cora.pk)
    box.folders["INBOX"].add(sent)
    visit(chosen)
    assert len(subjects(house)) == 1


@pytest.mark.parametrize(
    ("changes", "headers", "is_wanted"),
    [
        ({}, {"senders": {"cora@suncoast-test-mail.example"}}, True),
        ({}, {"senders": {"xylo@elsewhere.example"}}, False),
        ({"domains": ["elsewhere.example"]}, {"senders": {"xylo@mail.elsewhere.example"}}, True),
        ({"domains": ["elsewhere.example"]}, {"senders": {"xylo@notelsewhere.example"}}, False),
        ({"reads_customers": False, "domains": ["a.example"]}, {"senders": {"cora@suncoast-test-mail.example"}}, False),
        # A customer in copy: neither wrote it nor got it from Rita.
        ({}, {"senders": {"x@else.example"}, "recipients": {"cora@suncoast-test-mail.example"}}, False),
        ({}, {"senders": {RITA}, "recipients": {"cora@suncoast-test-mail.example", "bo@own.example"}}, True),
        ({"domains": ["own.example"]}, {"senders": {RITA}, "recipients": {"bo@own.example"}}, False),
        # An address that is never read keeps out all that it takes part in.
        (
            {"never": ["law@firm.example"]},
            {"senders": {"cora@suncoast-test-mail.example"}, "recipients": {"law@firm.example"}},
            False,
        ),
        ({"never": ["suncoast-test-mail.example"]}, {"senders": {"cora@suncoast-test-mail.example"}}, False),
    ],
)
def test_whose_mail_is_read(
    house: House, connection: MailboxConnection, changes: Any, headers: Any, is_wanted: bool
) -> None:
    choice = MailChoice.of(choose(house, connection, **changes))
    mails = {7: AddressFields(**{name: frozenset(value) for name, value in headers.items()})}
    with use_tenant(house.tenant):
        assert choice.select(mails, is_sent=False) == ({7} if is_wanted else set())


def test_a_bounce_of_what_we_sent_is_read_whoever_it_is_from(house: House, connection: MailboxConnection) -> None:
    choice = MailChoice.of(choose(house, connection))
    with use_tenant(house.tenant):
        channel = Channel.objects.get(pk=connection.channel_id)
        Message.objects.create(
            channel=channel, brand=channel.brand, medium="email", direction="out", message_id="<ours@x.example>",
            state="sent",
        )  # fmt: skip
        mails = {1: AddressFields(frozenset({"daemon@mx.example"}), frozenset({RITA}), ("<ours@x.example>",))}
        assert choice.select(mails, is_sent=False) == {1}


def test_mail_of_the_days_before_is_read_if_chosen_and_nothing_older(
    house: House, box: Mailbox, connection: MailboxConnection, visit: Visit
) -> None:
    box.folders["INBOX"].add(to_rita("earlier"))
    box.arrived = "20-Nov-2026 09:00:10 +0000"
    choose(house, connection)
    visit(connection)
    assert subjects(house) == []
    choose(house, connection, read_since=clock.now() - timedelta(days=3650))
    for _round in range(3):
        visit(connection)
    assert subjects(house) == ["Words of earlier"]


def test_a_server_that_dies_in_between_loses_and_doubles_nothing(
    house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit
) -> None:
    visit(chosen)
    for name in ("a", "b", "c"):
        box.folders["INBOX"].add(to_rita(name))
        box.folders["INBOX"].add(to_rita(f"not-{name}", sender=STRANGER))
    box.dies_after = 2
    visit(chosen)
    assert reloaded(house, chosen).problem
    box.dies_after = None
    visit(chosen)
    assert subjects(house) == ["Words of a", "Words of b", "Words of c"]
    with use_tenant(house.tenant):
        day = MailboxDay.objects.get()
    assert (day.stored, day.skipped, reloaded(house, chosen).problem) == (3, 3, "")


def test_numbers_that_mean_other_mails_lose_and_double_nothing(
    house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit
) -> None:
    box.folders["INBOX"].add(to_rita("a"))
    visit(chosen)
    box.folders["INBOX"].validity = 2
    box.folders["INBOX"].mails = {1: to_rita("a"), 2: to_rita("b")}
    visit(chosen)
    assert subjects(house) == ["Words of a", "Words of b"]


def test_a_folder_that_is_gone_is_named_and_the_others_are_read(
    house: House, box: Mailbox, connection: MailboxConnection, visit: Visit
) -> None:
    with use_tenant(house.tenant):
        MailboxConnection.objects.update(folder_list=[*connection.folder_list, {"name": "Roofs", "role": "other"}])
    chosen = choose(house, reloaded(house, connection), folders=["INBOX", "Roofs"])
    box.folders["INBOX"].add(to_rita("a"))
    visit(chosen)
    assert subjects(house) == ["Words of a"]
    assert "Roofs" in reloaded(house, chosen).problem


@pytest.mark.parametrize(("name", "flags"), [("Concepten", ""), ("Rubbish", "\\Trash"), ("[Gmail]/All Mail", "\\All")])
def test_drafts_trash_and_all_mail_are_not_offered(
    house: House, box: Mailbox, name: str, flags: str, request: pytest.FixtureRequest
) -> None:
    box.folders[name] = Folder(flags=flags)
    connection: MailboxConnection = request.getfixturevalue("connection")
    assert [folder["name"] for folder in connection.folder_list] == ["INBOX", "Sent"]


def test_a_mail_that_is_too_large_is_kept_from_its_beginning(
    house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit, settings: Any
) -> None:
    settings.INBOUND_MOST_BYTES = 100_000
    box.folders["INBOX"].add(to_rita("a").replace(b"Words", b"Words\n" * 40_000))
    visit(chosen)
    with use_tenant(house.tenant):
        assert Message.objects.get().problems[0]["code"] == "mail_too_large"


def test_of_two_visits_at_once_one_stores(house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit) -> None:
    visit(chosen)
    with use_tenant(house.tenant):
        row = MailFolder.objects.get(name="INBOX")
    first = folder_fetch.FolderPosition(row, row.uid_validity, row.next_uid)
    with use_tenant(house.tenant):
        second = MailFolder.objects.get(pk=row.pk)
        folder_fetch.FolderPosition(second, second.uid_validity, second.next_uid).advance(9)
        with pytest.raises(folder_fetch.VisitEnded):
            first.advance(9)


def test_a_visit_ends_when_its_member_disconnects(
    house: House, box: Mailbox, chosen: MailboxConnection, monkeypatch: pytest.MonkeyPatch, visit: Visit
) -> None:
    box.folders["INBOX"].add(to_rita("a"))
    before = folder_fetch._fetch_one

    def disconnect_first(*args: Any, **kwargs: Any) -> None:
        with use_tenant(house.tenant):
            reloaded(house, chosen).disconnect(removes_shared=False, by=house.rita)
        before(*args, **kwargs)

    monkeypatch.setattr(folder_fetch, "_fetch_one", disconnect_first)
    visit(chosen)
    with use_tenant(house.tenant):
        assert not Inbound.objects.exists()
        assert not Due.objects.filter(kind=FETCH, claimed_at=None, due_at__gt=clock.now()).exists()


def test_a_member_who_left_is_not_read_until_they_are_back(
    house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit
) -> None:
    with use_tenant(house.tenant):
        house.rita.deactivate(by=house.ada)
    box.folders["INBOX"].add(to_rita("a"))
    visit(chosen)
    assert subjects(house) == []
    with use_tenant(house.tenant):
        Due.objects.filter(kind=FETCH).delete()
        house.rita.reactivate(by=house.ada)
        imap.go_on(list(Event.objects.filter(kind="member.reactivated")))
        assert Due.objects.filter(kind=FETCH).exists()
    visit(chosen)
    assert subjects(house) == ["Words of a"]


def test_the_page_hears_of_what_was_read(
    house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics: list[str] = []
    monkeypatch.setattr(folder_fetch.hints, "touch", lambda *names: topics.extend(names))
    box.folders["INBOX"].add(to_rita("known"))
    visit(chosen)
    assert "mymailboxes" in topics
