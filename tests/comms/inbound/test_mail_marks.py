"""Reactions and recalls are marks on the message they are about; whatever says more is a reply."""

import pytest

from comms.inbound import inbound_storage
from comms.inbound.mail.receive_mail import receive_mail
from comms.inbound.messaging.message_marks import shown_reactions
from comms.models import Inbound, Message
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.comms.inbound.conftest import Opened
from tests.comms.inbound.mails import SUPPORT, raw_mail
from tickets.matching.placement import place_messages
from tickets.models import Entry, Ticket

GMAIL = b"""From: Cora Customer <cora@suncoast-test-mail.example>
To: support@suncoast.example
Subject: Re: My roof
Message-ID: <r1@home.example>
In-Reply-To: %s
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

Cora Customer reacted via Gmail
--b
Content-Type: text/vnd.google.email-reaction+json

{"version": 1, "emoji": "\xf0\x9f\x91\x8d"}
--b--
"""
REACTIONS = [
    "Cora Customer reacted to your message: 👍",
    "👍 Cora Customer reacted to your message:\n👍\n\nSent: Monday\nWe come on Wednesday",
    "Cora Customer hat auf Ihre Nachricht reagiert: ❤️",
    "Cora Customer heeft gereageerd op uw bericht\n😂",
    "Cora Customer a réagi à votre message : 👍",
]
RECALLS = [
    ("Recall: My roof", 'Cora Customer would like to recall the message, "My roof".'),
    ("Rückruf: My roof", 'Cora Customer möchte die Nachricht "My roof" zurückrufen.'),
    ("Rappel : My roof", "Cora Customer souhaite rappeler le message « My roof »."),
]
CORA = "Cora Customer <cora@suncoast-test-mail.example>"


class Talk:
    """A solved conversation of Cora's, with an answer of ours."""

    def __init__(self, cast: Cast) -> None:
        self.first = self.receive(raw_mail("It leaks", sender=CORA))
        entry = Entry.objects.get(message=self.first)
        self.ticket, channel = entry.ticket, self.first.channel
        assert channel is not None
        self.ours = Message.queue(
            channel=channel,
            address=self.first.address,
            answers=self.first,
            by=cast.house.sam,
            subject="Re: My roof",
            text="We come on Wednesday",
        )
        Entry.objects.add_message(self.ticket, self.ours, matched_by="written")
        self.ticket.solve(by=cast.house.sam)

    def receive(self, raw: bytes) -> Message:
        inbound, _new = inbound_storage.keep(raw, kind=Inbound.Kind.MAIL, channel=None, provider="test")
        read = receive_mail(raw, inbound)
        assert read.message is not None
        place_messages(read.message, read.answers, read.matched_by)
        self.outcome = read.outcome
        self.status = Ticket.objects.order_by("pk").first().status if Ticket.objects.exists() else ""  # type: ignore[union-attr]
        return read.message

    def react(self, text: str) -> Message:
        name = "<r2@home.example>"
        return self.receive(
            raw_mail(text, sender=CORA, Subject="Re: My roof", Message_ID=name, In_Reply_To=self.ours.message_id)
        )


@pytest.fixture
def talk(cast: Cast, opened: Opened) -> Talk:
    opened(SUPPORT)
    with use_tenant(cast.house.tenant):
        return Talk(cast)


@pytest.mark.parametrize("text", REACTIONS)
def test_a_reaction_opens_nothing(cast: Cast, talk: Talk, text: str) -> None:
    with use_tenant(cast.house.tenant):
        assert talk.react(text) == talk.ours
        assert (talk.outcome, talk.status, Entry.objects.count()) == ("reaction", "solved", 2)
        assert shown_reactions(Message.objects.get(pk=talk.ours.pk)).endswith(" Cora Customer")


def test_gmail_says_it_by_a_part(cast: Cast, talk: Talk) -> None:
    with use_tenant(cast.house.tenant):
        talk.receive(GMAIL % talk.ours.message_id.encode())
        assert shown_reactions(Message.objects.get(pk=talk.ours.pk)) == "👍 Cora Customer"
        assert (talk.outcome, talk.status) == ("reaction", "solved")


@pytest.mark.parametrize(("subject", "text"), RECALLS)
def test_a_recall_stands_with_the_mail_it_wants_back(cast: Cast, talk: Talk, subject: str, text: str) -> None:
    with use_tenant(cast.house.tenant):
        marked = talk.receive(raw_mail(text, sender=CORA, Subject=subject, Message_ID="<r3@home.example>"))
        assert (marked, talk.outcome, talk.status) == (talk.first, "recall", "solved")
        assert shown_reactions(Message.objects.get(pk=talk.first.pk)) == "wants it back: Cora Customer"


@pytest.mark.parametrize(
    "text",
    [
        "👍 see you then, and bring the invoice",
        "Cora Customer reacted to your message: 👍\n\nAnd please call me today",
        "Cora Customer here: my dog reacted to your glue, can you come? 👍",
        "My husband reacted to your message, he wants another colour 👍",
    ],
)
def test_what_says_more_is_a_reply(cast: Cast, talk: Talk, text: str) -> None:
    with use_tenant(cast.house.tenant):
        talk.react(text)
        assert (talk.outcome, talk.status) == ("reply", "open")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Recall: My shingles", 'Cora Customer would like to recall the message, "My shingles".'),
        ("Recall: My roof", "Do you recall what we said about My roof? Write it down for me."),
        ("Rappel : My roof", "Je vous rappelle demain pour My roof."),
    ],
)
def test_a_recall_of_nothing_we_have_is_read_by_a_person(cast: Cast, talk: Talk, subject: str, text: str) -> None:
    with use_tenant(cast.house.tenant):
        message = talk.receive(raw_mail(text, sender=CORA, Subject=subject, Message_ID="<r4@home.example>"))
        assert talk.outcome in ("ticket", "reply")
        assert Entry.objects.filter(message=message).exists()
