"""Every page of the product: of a mailbox that shares nothing, only its owner learns anything (docs/private-mail.md).

Generated from the URL list, as test_urls.py is. Each address is asked with every id there is of the private mail, and
with a search for the beginning of its words: the whole words may stand in no answer to anybody else.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from comms.inbound.mail.receive_mail import receive_mail
from comms.models import Attachment, Channel, Inbound, Message
from crm.platform.access.permissions import allows
from crm.platform.events.events import dispatch_events
from crm.platform.models import Brand, Change
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from tests.cast import Cast, House
from tests.isolation.test_urls import OPEN_TO_MEMBERS, SAMPLES, URLS, signed_in
from tickets.models import Entry, Ticket

pytestmark = pytest.mark.long

PRIVATE, SHARED = "rita@own.example", "hello@suncoast.example"
STRANGER = "Xylo Quincebert <xylo.quincebert@elsewhere.example>"
CORA = "Cora Customer <cora@suncoast-test-mail.example>"
# Of the subject, the text, the sender and the file; and the beginnings of two of them, which are looked for.
SECRETS = ("zephyrquartz", "ocelotword", "quincebert", "zebraplan")
SEARCHED = ("zephyrq", "quinceb")


@dataclass
class PrivateScene:
    """A house with private mail of Rita's, and the ids by which somebody might ask for it."""

    house: House
    ids: dict[str, list[Any]] = field(default_factory=dict)


def raw(sender: str, name: str, subject: str, **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, PRIVATE, subject, f"<{name}@home.example>"
    for key, value in headers.items():
        mail[key.replace("_", "-")] = value
    mail.set_content("Hello, the ocelotword is between us. Unacceptable, I want my money back.")
    mail.add_attachment(b"zebraplan inside", maintype="text", subtype="plain", filename="zebraplan.txt")
    return mail.as_bytes()


def deliver(channel: Channel, content: bytes, **more: Any) -> Message:
    inbound = Inbound.objects.create(
        kind="mail", channel=channel, body=content, digest=hashlib.sha256(content).hexdigest(), **more
    )
    message = receive_mail(content, inbound, recipients=[channel.address]).message
    assert message is not None
    return message


@pytest.fixture
def scene(cast: Cast) -> PrivateScene:
    house = cast.house
    with use_tenant(house.tenant):
        brand = Brand.objects.get()
        own, shared = (
            Channel.create(by=None, brand=brand, medium="email", provider="embedded", address=address, **fields)
            for address, fields in (
                (PRIVATE, {"role": "personal", "owner": house.rita, "sharing": "private"}),
                (SHARED, {"role": "support"}),
            )
        )
        deliver(shared, raw(CORA, "open", "A leak").replace(b"ocelotword", b"gutter").replace(b"zebraplan", b"roof"))
        deliver(own, raw(CORA, "known", "About zephyrquartz"))
        deliver(own, raw(STRANGER, "new", "Zephyrquartz again"))
        deliver(own, raw(CORA, "reply", "Re: A leak, zephyrquartz", In_Reply_To="<open@home.example>"))
        parked = Inbound.objects.create(
            kind="mail", channel=own, body=raw(STRANGER, "bad", "zephyrquartz"), digest="b", state="parked",
            reason="It is broken.",
        )  # fmt: skip
    for _round in range(3):
        dispatch_events()
        due.run_due_work()
    return PrivateScene(house, ids_of(house, parked))


def ids_of(house: House, parked: Inbound) -> dict[str, list[Any]]:
    """What an address may name, by its argument."""
    with use_tenant(house.tenant):
        parked.refresh_from_db()
        private = Message.objects.filter(sole_reader=house.rita)
        assert private.count() == 3
        tickets = Ticket.objects.order_by("pk")
        assert [ticket.sole_reader_id for ticket in tickets] == [None, house.rita.pk, house.rita.pk]
        rita = signed_in(house.rita)
        solved = tickets.last()
        assert solved is not None
        rita.post(reverse("tickets:solve", args=[house.tenant.slug, solved.number]), {"version": solved.form_version})
        files, entries = Attachment.objects.filter(message__in=private), Entry.objects.filter(message__in=private)
        rows = [*private[:2], files[0], entries[0], parked]
        return {
            "number": [tickets[1].number, solved.number],
            "uid": [row.uid for row in rows],
            "key": [*Change.objects.values_list("uid", flat=True), SAMPLES["key"](house)],
            "channel": list(Channel.objects.values_list("uid", flat=True)),
            "kind": ["leads", "tickets"],
            "pk": [private[0].pk],
        }


def addresses(scene: PrivateScene, name: str, pattern: URLPattern, most: int) -> Iterator[str]:
    """Each address of a pattern that names something of the private mail; of each kind of thing so many at most."""
    keys = sorted({"tenant", *pattern.pattern.regex.groupindex})
    choices = [(scene.ids.get(key) or [SAMPLES[key](scene.house)])[:most] for key in keys]
    for values in product(*choices):
        url = reverse(name, kwargs=dict(zip(keys, values, strict=True)))
        yield url
        if len(keys) == 1:
            yield from (f"{url}?q={beginning}" for beginning in SEARCHED[:most])


def answer(client: Client, url: str) -> str:
    """All that an answer says, its headers too."""
    return words_of(client.get(url))


def words_of(response: Any) -> str:
    if response["Content-Type"].startswith("text/event-stream"):
        # It does not end; of what it tells open pages, none is words of a message (crm/web/live).
        return ""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.headers} {body.decode(errors='replace')}".lower()


@pytest.mark.parametrize(("role", "most"), [("ada", 5), ("mona", 1), ("sam", 1)])
def test_nobody_else_learns_of_private_mail(role: str, most: int, scene: PrivateScene) -> None:
    """An administrator, who may ask for most, asks for each kind of row; the others for one of them.

    What a role may not open answers 404 (test_urls.py), so that address is not asked here.
    """
    member = getattr(scene.house, role)
    client = signed_in(member)
    told = {}
    allowed = [
        (name, pattern)
        for name, pattern in URLS
        if name in OPEN_TO_MEMBERS or allows(member, pattern.callback.permission)
    ]
    for name, pattern in allowed:
        for url in addresses(scene, name, pattern, most):
            response = client.get(url)
            shown = words_of(response)
            if words := [secret for secret in SECRETS if secret in shown]:
                told[url] = words
            if response.status_code == 405:
                break  # it takes forms alone, whichever row is named
    assert told == {}


def test_its_owner_reads_it(scene: PrivateScene) -> None:
    client, slug = signed_in(scene.house.rita), scene.house.tenant.slug
    pages = [answer(client, f"/{slug}/tickets/{number}/") for number in scene.ids["number"]]
    for secret in SECRETS:
        assert any(secret in page for page in pages), secret
    assert "ocelotword" in answer(client, f"/{slug}/search/?q=ocelotw")
