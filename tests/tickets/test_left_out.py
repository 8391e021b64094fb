"""What was left out of a mail is said on its ticket, with the original for who may open it."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from comms.inbound import inbound_storage
from comms.models import Channel, Inbound, Message
from crm.kernel import clock
from crm.platform.models import Member, StoredFile
from crm.platform.organization.configuration import directory
from tests.cast import Cast, House
from tests.tickets.test_inbox import begin, get, say
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

LEFT_OUT = [{"code": "attachments_too_large", "count": 2, "names": ["<script>\x07.pdf", "b" * 150 + ".pdf"]}]
ORIGINAL = re.compile(r'href="([^"]*/messages/unread/[^"]+/)"')


def arrived(ticket: Ticket, *, body: bytes = b"raw", channel: Channel | None = None, **more: Any) -> Message:
    inbound, _ = inbound_storage.keep(body, kind=Inbound.Kind.MAIL, channel=channel, provider="test")
    return say(ticket, inbound=inbound, channel=channel, **({"problems": LEFT_OUT} | more))


def pages(cast: Cast, member: Member, ticket: Ticket, said: Message, **headers: str) -> list[str]:
    """The ticket's page and the message's own."""
    client = Client()
    client.force_login(member.user)
    own = client.get(f"/{cast.house.tenant.slug}/messages/{said.uid}/", headers=headers).content.decode()
    return [get(cast, member, f"{ticket.number}/", **headers).content.decode(), own]


def words(page: str) -> str:
    text = unescape(strip_tags(page)).replace("\u2068", "").replace("\u2069", "")
    return " ".join(text.split())


def test_it_is_told_in_the_readers_language_whatever_the_files_are_called(cast: Cast, house: House) -> None:
    ticket = begin(house, "Leak", member=house.sam)
    said = arrived(ticket)
    for page in pages(cast, house.sam, ticket, said):
        assert "2 attachments were left out, because all together they are too large: " in words(page)
        assert "\u2068&lt;script&gt;.pdf\u2069" in page
        assert "b" * 60 not in page
    for page in pages(cast, house.sam, ticket, said, **{"Accept-Language": "nl"}):
        assert "2 bijlagen zijn weggelaten" in words(page)


def test_nothing_is_told_of_a_mail_that_is_whole(cast: Cast, house: House) -> None:
    ticket = begin(house, "Leak", member=house.ada)
    said = arrived(ticket, problems=[])
    for page in pages(cast, house.ada, ticket, said):
        assert "msg-problems" not in page
        assert not ORIGINAL.search(page)


def test_the_original_is_offered_to_who_may_open_it(cast: Cast, house: House) -> None:
    ticket = begin(house, "Leak", member=house.sam)
    said = arrived(ticket)
    for page in pages(cast, house.sam, ticket, said):
        assert "Open the original message" not in page
    client = Client()
    client.force_login(house.ada.user)
    for page in pages(cast, house.ada, ticket, said):
        [url] = ORIGINAL.findall(page)
        assert "Open the original message" in page
        assert client.get(url).content == b"raw"
    client.force_login(house.sam.user)
    assert client.get(url).status_code == 404


def test_an_original_that_is_gone_is_not_offered(cast: Cast, house: House) -> None:
    ticket = begin(house, "Leak", member=house.ada)
    small, large = arrived(ticket), arrived(ticket, body=b"x" * 100_000)
    [page, _own] = pages(cast, house.ada, ticket, small)
    assert len(ORIGINAL.findall(page)) == 2
    Inbound.objects.filter(pk=small.inbound_id).update(body=b"", envelope={"forgotten": True})
    StoredFile.objects.filter(pk=large.inbound.file_id).update(expires_at=clock.now())
    for said in (small, large):
        for page in pages(cast, house.ada, ticket, said):
            assert "2 attachments were left out" in words(page)
            assert not ORIGINAL.search(page)


@pytest.mark.parametrize("sharing", ["subject", "full"])
def test_of_a_colleagues_own_mailbox_no_more_is_told_than_is_shared(cast: Cast, house: House, sharing: str) -> None:
    channel = Channel.create(
        by=None,
        brand=directory().default_brand,
        medium="email",
        role="personal",
        provider="imap",
        address="rita@suncoast.example",
        owner=house.rita,
        sharing=sharing,
    )
    ticket = begin(house, "Leak", member=house.sam)
    said = arrived(ticket, channel=channel)
    client = Client()
    client.force_login(house.ada.user)
    for page in pages(cast, house.ada, ticket, said):
        assert ("left out" in page) == (sharing == "full")
        assert bool(ORIGINAL.search(page)) == (sharing == "full")
    raw = client.get(f"/{house.tenant.slug}/messages/unread/{said.inbound.uid}/")
    assert raw.status_code == (200 if sharing == "full" else 404)
