"""Answering in the inbox: what it does to the ticket, what is taken back, who is warned, and notes that never leave."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comms.models import Channel, Draft, Message
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.files import stored_files
from crm.platform.models import Event, Member
from crm.web.shell.record_pages import record_url
from tests.cast import House
from tests.tickets.test_inbox import begin, say
from tickets.inbox import presence
from tickets.inbox.replies import answer_when_sent, take_back_replies
from tickets.merging.merge import merge
from tickets.models import Entry, Status, Ticket
from tickets.models.ticket_verbs.requester import mark_requester

pytestmark = pytest.mark.django_db

MAIL = {"medium": "email", "subject": "Re: Leak", "text": "We come at two"}


@pytest.fixture
def writing(house: House, settings: Any) -> House:
    settings.DEMO = True
    for medium, address in (("email", "support@suncoast.example"), ("sms", "+18135550100")):
        Channel.create(
            by=None, brand=house.job.brand, medium=medium, role="support", provider="embedded", address=address
        )
    return house


@pytest.fixture
def asked(writing: House) -> Ticket:
    """A conversation that Sam has, whose customer waits."""
    ticket = begin(writing, "Leak", member=writing.sam, person=writing.cora)
    say(ticket, text="It leaks", person=writing.cora)
    return ticket


@pytest.fixture
def sam(client: Client, writing: House) -> Client:
    client.force_login(writing.sam.user)
    return client


def url(house: House, ticket: Ticket, name: str = "reply") -> str:
    return f"/{house.tenant.slug}/tickets/{ticket.number}/{name}/"


def told(kind: str) -> list[Event]:
    return list(Event.objects.filter(kind=kind).order_by("pk"))


def test_an_answer_goes_to_whose_matter_it_is_and_is_on_the_ticket_at_once(
    sam: Client, writing: House, asked: Ticket
) -> None:
    asked.participants.create(address="stranger@else.example", name="Bob")
    page = sam.get(url(writing, asked)).content.decode()
    assert f"cora@{writing.tenant.slug}-mail.example" in page
    assert "stranger@else.example" not in page
    sam.post(url(writing, asked), MAIL)
    message = Message.objects.get(direction="out")
    entry = Entry.objects.get(message=message)
    asked.refresh_from_db()
    assert (entry.ticket_id, message.state, message.person_id) == (asked.pk, "held", writing.cora.pk)
    assert (asked.status, asked.waiting_since, asked.first_reply_at is not None) == (Status.PENDING, None, True)


def test_after_a_merge_every_channel_of_both_is_offered(sam: Client, writing: House, asked: Ticket) -> None:
    bob = Person.objects.create(name="Bob")
    ContactPoint.objects.create(person=bob, kind="phone", value="+18135550177")
    texted = begin(writing, "Text", person=bob)
    mark_requester(texted)
    say(texted, medium="sms", text="Hi", person=bob, address="+18135550177")
    merge(texted, asked, by=writing.mona, confirmed=True)
    page = sam.get(url(writing, asked)).content.decode()
    assert "+18135550177" in page
    mail = sam.get(f"{url(writing, asked)}?medium=email").content.decode()
    assert f"cora@{writing.tenant.slug}-mail.example" in mail
    sam.post(url(writing, asked), {"medium": "sms", "to": "+18135550177", "text": "We come"})
    message = Message.objects.get(direction="out")
    assert (message.address, message.person, message.medium) == ("+18135550177", bob, "sms")


def test_an_answer_takes_subject_and_thread_of_who_is_answered(sam: Client, writing: House, asked: Ticket) -> None:
    cora, stranger = {"person": writing.cora}, {"address": "stranger@else.example"}
    for ids, subject, who in (("c", "Leak", cora), ("s", "Cora owes me money", stranger)):
        say(asked, subject=subject, message_id=f"<{ids}@x.example>", references=f"<{ids}0@x.example>", **who)
    page = sam.get(url(writing, asked)).content.decode()
    assert 'value="Re: Leak"' in page
    assert "owes me" not in page
    sam.post(url(writing, asked), MAIL)
    message = Message.objects.get(direction="out")
    assert (message.in_reply_to, message.references) == ("<c@x.example>", "<c0@x.example> <c@x.example>")


def test_another_address_that_a_mail_asks_for_is_offered_and_not_chosen(
    sam: Client, writing: House, asked: Ticket
) -> None:
    other = {"participants": {"reply_to": [["Cora", "Cora.Home@else.example"]]}}
    say(asked, subject="Leak", address="cora@x.example", person=writing.cora, **other)
    page = sam.get(url(writing, asked)).content.decode()
    assert "<option>cora.home@else.example</option>" in page
    assert "isn’t on their record" in page
    sam.post(url(writing, asked), MAIL)
    sam.post(url(writing, asked), MAIL | {"to": "cora.home@else.example"})
    sam.post(url(writing, asked), MAIL | {"to": "anybody@else.example"})
    sent = Message.objects.filter(direction="out").order_by("pk")
    theirs = f"cora@{writing.tenant.slug}-mail.example"
    assert [one.address for one in sent] == [theirs, "cora.home@else.example", "anybody@else.example"]
    assert [bool(one.contact_point) for one in sent] == [True, False, False]


def test_an_answer_from_the_page_of_its_lead_leads_back_there(sam: Client, writing: House, asked: Ticket) -> None:
    asked.attach(writing.job, by=writing.sam)
    lead = record_url(writing.job, writing.tenant.slug)
    for page, back in ((lead, lead), ("/somewhere/else/", url(writing, asked).removesuffix("reply/"))):
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
        assert sam.post(url(writing, asked), MAIL, headers=headers)["HX-Redirect"] == back


def test_one_press_sends_and_solves_and_taking_it_back_undoes_both(sam: Client, writing: House, asked: Ticket) -> None:
    sam.post(url(writing, asked), MAIL | {"then": "solve"})
    asked.refresh_from_db()
    assert asked.status == Status.SOLVED
    Message.objects.get(direction="out").cancel(by=writing.sam)
    take_back_replies(told("message.cancelled"))
    take_back_replies(told("message.cancelled"))
    asked.refresh_from_db()
    assert (asked.status, asked.waiting_since is not None, asked.first_reply_at) == (Status.NEW, True, None)
    # What was written is there again, whichever lead it is put on meanwhile.
    asked.attach(writing.job, by=writing.sam)
    assert MAIL["text"] in sam.get(url(writing, asked)).content.decode()


@pytest.mark.parametrize("turn", ["nothing", "their move", "solved", "merged", "begun anew"])
def test_what_is_taken_back_is_a_draft_again_in_every_state(
    sam: Client, writing: House, asked: Ticket, turn: str
) -> None:
    """On a conversation that waited on the customer already, undoing lost the words."""
    ticket = asked
    if turn == "their move":
        asked.turn_to("customer", by=writing.sam)
    elif turn == "solved":
        asked.solve(by=writing.sam)
    sam.post(url(writing, asked), MAIL)
    if turn == "merged":
        ticket = begin(writing, "Roof", member=writing.sam, person=writing.cora)
        merge(asked, ticket, by=writing.sam)
    elif turn == "begun anew":
        sam.post(url(writing, asked), MAIL | {"act": "draft", "text": "One more thing"})
    Message.objects.get(direction="out").cancel(by=writing.sam)
    take_back_replies(told("message.cancelled"))
    draft = Draft.objects.unsent().get(about=f"ticket {ticket.pk}")
    assert draft.text.startswith(MAIL["text"])
    assert draft.text.endswith("One more thing") is (turn == "begun anew")
    assert MAIL["text"] in sam.get(url(writing, ticket)).content.decode()


def test_what_was_never_sent_is_neither_in_the_list_nor_in_the_thread(
    sam: Client, writing: House, asked: Ticket
) -> None:
    sam.post(url(writing, asked), MAIL)
    asked.refresh_from_db()
    assert asked.last_message_text == MAIL["text"]
    Message.objects.get(direction="out").cancel(by=writing.sam)
    take_back_replies(told("message.cancelled"))
    asked.refresh_from_db()
    assert (asked.last_message_text, asked.last_message_direction) == ("It leaks", "in")
    assert MAIL["text"] not in sam.get(url(writing, asked, "thread")).content.decode()


def test_reply_to_all_adds_who_is_on_their_mail_and_never_us(sam: Client, writing: House, asked: Ticket) -> None:
    named = {"to": [["", "support@suncoast.example"]], "cc": [["Ann", "ann@agency.example"]]}
    say(asked, subject="Leak", address="cora@x.example", person=writing.cora, participants=named)
    page = sam.post(url(writing, asked), MAIL | {"act": "all"}).content.decode()
    assert 'name="cc" value="ann@agency.example"' in page


def test_a_message_is_forwarded_with_its_files_and_answers_nobody(sam: Client, writing: House, asked: Ticket) -> None:
    mail = say(asked, subject="Estimate", text="See the numbers", person=writing.cora)
    stored = stored_files.store_file(io.BytesIO(b"%PDF-1.7"), "estimate.pdf", purpose="message", by=None)
    mail.attachments.create(file=stored, name="estimate.pdf", media_type="application/pdf", size=8)
    address = f"/{writing.tenant.slug}/tickets/entries/{Entry.objects.get(message=mail).uid}/forward/"
    page = sam.get(address).content.decode()
    assert "See the numbers" in page
    assert "Enter a recipient" in sam.post(address, MAIL).content.decode()
    sam.post(address, MAIL | {"to": "ann@agency.example"})
    sent = Message.objects.get(direction="out")
    asked.refresh_from_db()
    assert (sent.address, sent.person, sent.in_reply_to) == ("ann@agency.example", None, "")
    assert [one.name for one in sent.attachments.all()] == ["estimate.pdf"]
    assert (Entry.objects.get(message=sent).ticket_id, asked.waiting_since is not None) == (asked.pk, True)
    Channel.objects.filter(medium="email").update(owner=writing.mona, sharing="subject")
    Message.objects.filter(pk=mail.pk).update(channel=Channel.objects.get(medium="email"))
    assert sam.get(address).status_code == 404


def test_who_wants_to_goes_on_with_the_next_conversation(sam: Client, writing: House, asked: Ticket) -> None:
    own, following = (url(writing, asked, "")[:-1], f"/{writing.tenant.slug}/tickets/7/?who=all")
    assert sam.post(url(writing, asked), MAIL | {"next": following})["Location"] == following
    assert sam.post(url(writing, asked), MAIL | {"next": "//evil.example/"})["Location"] == own
    Member.objects.get(pk=writing.sam.pk).open_next(False)
    assert sam.post(url(writing, asked), MAIL | {"next": following})["Location"] == own


def test_a_message_for_later_answers_when_it_leaves(sam: Client, writing: House, asked: Ticket) -> None:
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    sam.post(url(writing, asked), MAIL | {"day": day, "clock": "10:00"})
    message = Message.objects.get(direction="out")
    asked.refresh_from_db()
    assert (asked.status, asked.first_reply_at) == (Status.NEW, None)
    message.state = "sent"
    message.record_event("message.sent", None)
    answer_when_sent(told("message.sent"))
    asked.refresh_from_db()
    assert (asked.status, asked.waiting_since) == (Status.PENDING, None)


def test_who_began_before_they_wrote_again_is_warned_once(sam: Client, writing: House, asked: Ticket) -> None:
    page = sam.get(url(writing, asked)).content.decode()
    [seen] = [part.split('"')[0] for part in page.split('name="seen" value="')[1:]]
    say(asked, text="And now the ceiling", person=writing.cora)
    late = sam.post(url(writing, asked), MAIL | {"seen": seen})
    assert late.status_code == 409
    assert "1 new message arrived while you were writing" in late.content.decode()
    assert not Message.objects.filter(direction="out").exists()
    assert Draft.objects.get(member=writing.sam).text == MAIL["text"]
    [seen] = [part.split('"')[0] for part in late.content.decode().split('name="seen" value="')[1:]]
    sam.post(url(writing, asked), MAIL | {"seen": seen})
    assert Message.objects.filter(direction="out").count() == 1


def test_a_note_is_the_teams_alone_and_no_answer(sam: Client, writing: House, asked: Ticket) -> None:
    assert sam.post(url(writing, asked, "note"), {"body": " "}).status_code == 422
    sam.post(url(writing, asked, "note"), {"body": "Mind the dog"})
    note = Entry.objects.get(kind="note")
    asked.refresh_from_db()
    assert (note.author_id, note.body, asked.waiting_since is not None) == (writing.sam.pk, "Mind the dog", True)
    assert not Message.objects.filter(direction="out").exists()


def test_two_who_answer_at_once_see_each_other(writing: House, asked: Ticket, settings: Any) -> None:
    """zammad#246; osTicket#2504: two answers, or locks that are worse."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    presence.note_presence(asked, writing.sam, presence.READING)
    presence.note_presence(asked, writing.mona, presence.ANSWERING)
    presence.note_presence(asked, writing.mona, presence.READING)
    assert presence.others(asked, writing.sam) == (["Mona Manager"], [])
    assert presence.others(asked, writing.mona) == ([], ["Sam Service"])
    presence.leave(asked, writing.mona)
    assert presence.others(asked, writing.sam) == ([], [])


def test_a_new_conversation_begins_with_whom_one_finds(sam: Client, writing: House) -> None:
    inbox, page = f"/{writing.tenant.slug}/tickets/", f"/{writing.tenant.slug}/tickets/new/"
    assert f'href="{page}"' in sam.get(inbox).content.decode()
    found = sam.get(f"{page}?q={writing.cora.name}").content.decode()
    assert f"/{writing.cora.uid}/" in found
    assert "Nobody found" in sam.get(f"{page}?q=Zacharias").content.decode()
