"""The pages of members' mailboxes: what they ask and refuse, who sees them, and the organization's rules."""

import pytest

from comms.models import Channel, MailboxConnection
from comms.models.mail.address_list import parse_addresses
from comms.models.mail.mailbox_policy import MailboxPolicy
from crm.kernel.refusal import Refused
from crm.platform.tenancy.context import use_tenant
from tests.cast import House
from tests.comms.inbound.imap_server import Mailbox
from tests.comms.mailboxes.conftest import choose, reloaded, to_rita
from tests.comms.mailboxes.test_reading import Visit
from tests.comms.mailboxes.test_signing_in import page
from tests.isolation.test_urls import signed_in as browser_of

ALL = ["private", "metadata", "subject", "full"]


def test_without_an_app_the_page_says_who_can_set_one_up(house: House) -> None:
    shown = browser_of(house.rita).get(page(house, "own_mailboxes")).content.decode()
    assert "Connect by IMAP" in shown
    assert "Connect Gmail" not in shown
    assert "GOOGLE_CLIENT_ID" in shown


def test_a_mailbox_whose_address_is_not_known_yet_is_shown(house: House) -> None:
    with use_tenant(house.tenant):
        MailboxConnection.connect(house.rita, "google", {}, {"tokens": "{}"})
    shown = browser_of(house.rita).get(page(house, "own_mailboxes"))
    assert shown.status_code == 200
    assert "New mailbox" in shown.content.decode()


def test_the_choice_proposes_inbox_sent_and_the_own_domain(house: House, connection: MailboxConnection) -> None:
    context = browser_of(house.rita).get(page(house, "choose_mail", connection.uid)).context
    assert [folder["name"] for folder in context["folders"] if folder["is_chosen"]] == ["INBOX", "Sent"]
    assert (context["form"]["never"].value(), context["form"]["reads_customers"].value()) == ("own.example", True)


def test_a_choice_without_folders_or_with_nonsense_is_refused_and_kept(
    house: House, connection: MailboxConnection
) -> None:
    posted = {"reads_customers": "on", "domains": "not a domain!", "never": "", "back": "0", "sharing": "private"}
    response = browser_of(house.rita).post(page(house, "choose_mail", connection.uid), posted)
    shown = response.content.decode()
    assert response.status_code == 422
    assert "Choose at least one folder." in shown
    assert "not a domain!" in shown
    assert reloaded(house, connection).state == "choosing"


def test_a_saved_choice_begins_the_reading(house: House, connection: MailboxConnection) -> None:
    posted = {
        "folders": ["INBOX"], "reads_customers": "on", "domains": "@Acme.example", "never": "", "back": "30",
        "sharing": "subject",
    }  # fmt: skip
    browser_of(house.rita).post(page(house, "choose_mail", connection.uid), posted)
    saved = reloaded(house, connection)
    assert (saved.state, saved.folders, saved.domains) == ("active", ["INBOX"], ["acme.example"])
    assert saved.channel is not None
    assert saved.channel.sharing == "subject"


@pytest.mark.parametrize("name", ["choose_mail", "disconnect_mailbox", "sign_in_imap"])
def test_a_mailbox_of_a_colleague_is_not_found(house: House, connection: MailboxConnection, name: str) -> None:
    for colleague in (house.ada, house.mona):
        assert browser_of(colleague).get(page(house, name, connection.uid)).status_code == 404


def test_administrators_find_no_connected_mailbox_among_the_channels(
    house: House, connection: MailboxConnection
) -> None:
    ada = browser_of(house.ada)
    assert connection.channel is not None
    assert connection.address not in ada.get(page(house, "channels")).content.decode()
    assert ada.get(page(house, "channel", connection.channel.uid)).status_code == 404
    assert connection.address in ada.get(page(house, "mailbox_policy")).content.decode()


def test_a_server_that_may_not_be_reached_is_refused(house: House) -> None:
    posted = {
        "address": "rita@own.example", "host": "169.254.169.254", "port": "993", "security": "tls", "password": "x",
        "smtp_security": "tls",
    }  # fmt: skip
    response = browser_of(house.rita).post(page(house, "connect_imap"), posted)
    assert response.status_code == 422
    assert "may not be reached" in response.content.decode()


def test_a_forbidden_mailbox_is_not_read_until_it_is_allowed_again(
    house: House, box: Mailbox, chosen: MailboxConnection, visit: Visit
) -> None:
    box.folders["INBOX"].add(to_rita("a"))
    with use_tenant(house.tenant):
        MailboxPolicy.set(is_allowed=True, sharing_levels=ALL, domains=["suncoast.example"], by=house.ada)
    visit(chosen)
    assert (box.fetched, "suncoast.example" in reloaded(house, chosen).problem) == ([], True)
    with use_tenant(house.tenant):
        MailboxPolicy.set(is_allowed=True, sharing_levels=ALL, domains=[], by=house.ada)
    visit(chosen)
    assert (box.fetched, reloaded(house, chosen).problem) == ([1], "")


def test_a_level_that_the_organization_does_not_allow_is_refused(house: House, connection: MailboxConnection) -> None:
    with use_tenant(house.tenant):
        MailboxPolicy.set(is_allowed=True, sharing_levels=["private", "metadata"], domains=[], by=house.ada)
    assert connection.channel is not None
    posted = {"mailbox": str(connection.channel.uid), "sharing": "full"}
    browser_of(house.rita).post(page(house, "own_mailboxes"), posted)
    with use_tenant(house.tenant):
        assert Channel.objects.get(pk=connection.channel_id).sharing == "private"


def test_rules_without_a_level_are_refused(house: House) -> None:
    with use_tenant(house.tenant), pytest.raises(Refused):
        MailboxPolicy.set(is_allowed=True, sharing_levels=[], domains=[], by=house.ada)


@pytest.mark.parametrize("word", ["nodot", "a b", "x@", "exa mple.com", "a@b"])
def test_what_is_no_domain_or_address_is_refused(word: str) -> None:
    with pytest.raises(Refused):
        parse_addresses([word])


def test_a_choice_that_was_made_goes_on_after_a_change(house: House, chosen: MailboxConnection) -> None:
    changed = choose(house, chosen, folders=["Sent"], never=["a.example"])
    assert (changed.state, changed.folders, changed.never) == ("active", ["Sent"], ["a.example"])
