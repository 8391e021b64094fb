"""A mail goes on the ticket that the evidence says, in the order of docs/rules.md#threading; a doubt asks a person.

Each complaint of docs/complaints.md about threads has a test here that shows we don't have it.
"""

import pytest

from comms.mail import threads
from comms.models import Message
from tests.tickets.matching.conftest import CORA, Office
from tickets.matching.explanation import possible_reply, why_here
from tickets.matching.subscribers import place_received
from tickets.models import Entry, Participant, Status, Ticket
from tickets.models.ticket_verbs.status_change import enter_status

STRANGER = "Ned Neighbour <ned@neighbour.example>"
ANSWER = {"sender": f"Cora Customer <{CORA}>", "Subject": "Re: Your roof"}


def ours(office: Office, ticket: Ticket, **more: object) -> Message:
    """An answer of ours on a ticket."""
    message = office.write(**more)
    assert Entry.objects.get(message=message).ticket == ticket
    return message


def test_a_mail_begins_a_ticket_of_its_sender_and_is_placed_once(office: Office, begun: Ticket) -> None:
    assert (begun.subject, begun.person, begun.job) == ("My roof", office.house.cora, office.house.job)
    assert (begun.unread_count, begun.status) == (1, Status.NEW)
    requester = begun.participants.get()
    assert (requester.address, requester.is_requester, requester.confirmed_at is not None) == (CORA, True, True)
    place_received(office.events("message.received") * 2)
    begun.refresh_from_db()
    assert (begun.unread_count, Ticket.objects.count(), Entry.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("by", ["reply_token", "in_reply_to", "references", "message_id", "body_marker"])
def test_an_answer_goes_on_the_ticket_whatever_says_so(office: Office, begun: Ticket, by: str) -> None:
    sent = ours(office, begun)
    box, text, headers = office.mailbox.address, "Fine", {}
    match by:
        case "reply_token":
            box = headers["to"] = threads.reply_address(sent.uid, office.mailbox.address)
        case "in_reply_to":
            headers["In_Reply_To"] = sent.message_id
        case "references":
            headers |= {"In_Reply_To": "<other@home.example>", "References": f"{sent.message_id} <x@home.example>"}
        case "message_id":  # a relay wrote another domain
            headers["In_Reply_To"] = sent.message_id.replace("@suncoast", "@relay.suncoast")
        case "body_marker":  # all headers are gone, and the subject is another
            text, headers["Subject"] = f"Fine\n\n> We come\n> {threads.thread_mark(sent.uid)}\n", "Answer"
    entry = office.mail(text, to_box=box, **ANSWER | headers)
    assert entry
    assert (entry.ticket, entry.matched_by) == (begun, by)
    assert why_here(entry)
    begun.refresh_from_db()
    assert (begun.unread_count, begun.status) == (1, Status.OPEN)


@pytest.mark.parametrize("what", ["token", "id", "mark"])
def test_what_somebody_made_up_is_refused(office: Office, begun: Ticket, what: str) -> None:
    sent = ours(office, begun)
    forged = f"{sent.uid.hex}{'0' * 16}"
    headers = {"sender": STRANGER, "Subject": "Hello"}
    text = f"Hi\n\n> [ref:{forged}]" if what == "mark" else "Hi"
    box = f"support+{forged}@suncoast.example" if what == "token" else office.mailbox.address
    headers |= {"to": box} | (
        {"In_Reply_To": f"<tl.{sent.uid.hex}.{'0' * 16}@suncoast.example>"} if what == "id" else {}
    )
    entry = office.mail(text, to_box=box, **headers)
    assert entry
    assert (entry.ticket != begun, entry.matched_by, entry.evidence) == (True, "new", {})


def test_whom_the_customer_put_in_copy_may_answer_first(office: Office) -> None:
    """freescout#2086: the answer of a person in copy opened another conversation."""
    first = office.mail(Message_ID="<c1@home.example>", Cc="Sid Spouse <sid@home.example>")
    assert first
    spouse = first.ticket.participants.get(address="sid@home.example")
    assert (spouse.role, spouse.is_requester, spouse.confirmed_at) == ("other", False, None)
    answer = office.mail(sender="Sid Spouse <sid@home.example>", Subject="Re: My roof", In_Reply_To="<c1@home.example>")
    assert answer
    assert answer.ticket == first.ticket
    first.ticket.refresh_from_db()
    assert first.ticket.person == office.house.cora  # the reply goes to the requester (freescout#4928)


def test_a_stranger_who_names_a_customers_id_gets_a_ticket_of_their_own(office: Office, begun: Ticket) -> None:
    """GHSA-6r38-6mcf-2ww3: an id nobody signed let outsiders write into threads. One in copy elsewhere is no other."""
    other = office.mail(Message_ID="<o1@home.example>", Subject="Gutter", Cc="Ned <ned@neighbour.example>")
    assert other
    assert other.ticket.participants.filter(address="ned@neighbour.example", confirmed_at=None).exists()
    entry = office.mail(sender=STRANGER, Subject="Re: My roof", In_Reply_To="<first@home.example>")
    assert entry
    assert entry.ticket not in (begun, other.ticket)
    assert entry.evidence["possible"] == {"ticket": begun.pk, "number": begun.number, "by": "unsigned_id"}
    assert not begun.participants.filter(address="ned@neighbour.example").exists()


def test_a_stranger_with_a_signed_id_is_on_the_thread_and_unconfirmed(office: Office, begun: Ticket) -> None:
    sent = ours(office, begun)
    entry = office.mail(sender=STRANGER, Subject="Re: Your roof", In_Reply_To=sent.message_id, Cc="Pal <pal@x.example>")
    assert entry
    assert entry.ticket == begun
    begun.refresh_from_db()
    assert begun.person == office.house.cora
    unconfirmed = begun.participants.filter(confirmed_at=None).values_list("address", flat=True)
    assert set(unconfirmed) == {"ned@neighbour.example", "pal@x.example"}
    assert begun.participants.get(is_requester=True).address == CORA


def test_a_subject_tag_is_believed_of_who_takes_part_alone(office: Office, begun: Ticket) -> None:
    subject = f"About my roof [#{begun.number}]"
    known = office.mail(Subject=subject)
    assert known
    assert (known.ticket, known.matched_by) == (begun, "subject_tag")
    strange = office.mail(sender=STRANGER, Subject=subject)
    assert strange
    assert strange.ticket != begun
    assert strange.evidence["possible"]["by"] == "tag_of_stranger"


def test_the_same_subject_of_the_same_person_asks(office: Office, begun: Ticket) -> None:
    entry = office.mail(Subject="RE: my Roof")
    assert entry
    assert entry.ticket != begun
    assert entry.evidence["possible"] == {"ticket": begun.pk, "number": begun.number, "by": "same_subject"}
    assert possible_reply(entry).startswith(f"Possible reply to #{begun.number}: ")


def test_reply_pressed_to_write_about_something_else_asks(office: Office, begun: Ticket) -> None:
    """freescout#2375: a reply lands in the wrong thread. With "Re:", or what we wrote quoted, it is an answer."""
    sent = ours(office, begun)
    stranger = {"sender": STRANGER, "In_Reply_To": sent.message_id}
    other = office.mail("My gutter is gone", Subject="A new gutter", **stranger)
    assert other
    assert (other.ticket != begun, other.evidence["possible"]["by"]) == (True, "other_subject")
    quoted = "Yes\n\nOn Mon, Nov 2, 2026 at 10:00 AM Rita Rep <rita@x.example> wrote:\n> We come on Monday.\n"
    for text, subject in (("Yes", "Re: Something else"), (quoted, "Monday is fine")):
        entry = office.mail(text, Subject=subject, **stranger)
        assert entry
        assert entry.ticket == begun


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
def test_a_participant_who_answers_a_mail_we_signed_is_not_asked_about(
    office: Office, begun: Ticket, header: str
) -> None:
    """A mail program that drops "Re:", or a person who types a subject of their own."""
    sent = ours(office, begun)
    entry = office.mail("Monday then", Subject="About the gutter", **{header: sent.message_id})
    assert entry
    assert (entry.ticket, "possible" in entry.evidence) == (begun, False)


def test_a_participant_who_answers_a_mail_of_their_own_is_asked_about(office: Office, begun: Ticket) -> None:
    entry = office.mail("My gutter is gone", Subject="A new gutter", In_Reply_To="<first@home.example>")
    assert entry
    assert (entry.ticket != begun, entry.evidence["possible"]["by"]) == (True, "other_subject")


def test_one_mail_to_two_mailboxes_is_on_one_ticket_and_waits_once(office: Office) -> None:
    """SuiteCRM#10813. A mail that only claims to be the same is not taken for it."""
    office.open("sales@suncoast.example")
    same = {"to": "support@suncoast.example, sales@suncoast.example", "Message_ID": "<two@home.example>"}
    entry = office.mail(**same)
    assert office.mail(to_box="sales@suncoast.example", **same) is None
    assert entry
    entry.refresh_from_db()
    assert (entry.evidence["also_to"], entry.ticket.unread_count, Ticket.objects.count()) == (
        ["sales@suncoast.example"],
        1,
        1,
    )


def test_automatic_mail_opens_nothing_and_answers_nothing(office: Office, begun: Ticket) -> None:
    """osTicket#1041, #1473, #1529: absence notices that make tickets."""
    sent = ours(office, begun)
    begun.refresh_from_db()
    assert begun.status == Status.PENDING
    away = {"Auto_Submitted": "auto-replied", "Subject": "Out of office"}
    assert office.mail("I am out of the office", **away) is None
    entry = office.mail("I am out of the office until 3 December 2026.", In_Reply_To=sent.message_id, **away)
    assert entry
    assert (entry.ticket, entry.evidence["returns_on"]) == (begun, "2026-12-03")
    begun.refresh_from_db()
    assert (begun.status, begun.waiting_since, Ticket.objects.count()) == (Status.PENDING, None, 1)
    begun.save(update_fields=enter_status(begun, Status.CLOSED))
    late = office.mail("I am out of the office", In_Reply_To=sent.message_id, **away)
    assert late
    assert late.ticket == begun


def test_a_later_answer_on_a_closed_ticket_goes_on_in_another(office: Office, begun: Ticket) -> None:
    """docs/rules.md#k5; frappe/helpdesk#3465: closed tickets reopened for ever."""
    sent = ours(office, begun)
    begun.refresh_from_db()
    begun.save(update_fields=enter_status(begun, Status.CLOSED))
    later = office.mail(In_Reply_To=sent.message_id, **ANSWER)
    again = office.mail(In_Reply_To=sent.message_id, **ANSWER)
    assert later
    assert again
    assert (later.ticket.continues, later.evidence["continues"]) == (begun, begun.number)
    assert (again.ticket, Ticket.objects.count()) == (later.ticket, 2)
    begun.refresh_from_db()
    assert begun.status == Status.CLOSED


def test_an_answer_follows_a_merge(office: Office, begun: Ticket) -> None:
    sent = ours(office, begun)
    into = office.mail(Subject="Another matter")
    assert into
    Ticket.objects.filter(pk=begun.pk).update(merged_into=into.ticket)
    entry = office.mail(In_Reply_To=sent.message_id, **ANSWER)
    assert entry
    assert entry.ticket == into.ticket


def test_what_a_colleague_passes_on_is_of_who_wrote_it_and_what_they_write_is_theirs(office: Office) -> None:
    rita = f"Rita Rep <{office.house.rita.user.email}>"
    block = "From: Fay Fresh <fay@new.example>\nDate: Mon, Nov 2, 2026 at 10:00 AM\nSubject: Hail\nTo: <rita@x.example>"
    passed_on = f"See below\n\n---------- Forwarded message ---------\n{block}\n\nMy roof has holes\n"
    entry = office.mail(passed_on, sender=rita, Subject="Fwd: Hail")
    assert entry
    assert entry.ticket.person
    assert entry.ticket.person.name == "Fay Fresh"
    assert entry.ticket.participants.get(role="colleague").is_requester is False
    answered = office.mail(
        "We come",
        sender=rita,
        Subject="Re: Hail",
        to="Fay <fay@new.example>, support@suncoast.example",
        In_Reply_To=entry.message.message_id,
    )
    assert answered
    entry.ticket.refresh_from_db()
    assert (answered.ticket, entry.ticket.status) == (entry.ticket, Status.PENDING)


def test_ours_goes_on_the_newest_open_ticket_or_begins_one_and_a_reminder_waits_for_its_answer(office: Office) -> None:
    reminder = office.write(by=None)
    assert not Entry.objects.filter(message=reminder).exists()
    entry = office.mail(In_Reply_To=reminder.message_id, **ANSWER)
    assert entry
    assert Entry.objects.get(message=reminder).ticket == entry.ticket
    ours(office, entry.ticket)
    entry.ticket.refresh_from_db()
    assert entry.ticket.status == Status.PENDING
    begun = office.write(person=None, address="fay@new.example")
    ticket = Entry.objects.get(message=begun).ticket
    assert (ticket.member, ticket.customer_name) == (office.house.rita, "fay@new.example")


def test_a_thread_of_forty_keeps_its_first_and_last_reference(office: Office, begun: Ticket) -> None:
    """docs/rules.md#threading; and Outlook's own header goes back as it came."""
    last: Message | None = None
    references = ""
    for number in range(20):
        headers = {"In_Reply_To": last.message_id, "References": references} if last else {}
        entry = office.mail(f"Answer {number}", Subject="Re: My roof", Thread_Index=f"AQ{number}", **headers)
        assert entry
        last = office.write(answers=entry.message)
        references = f"{last.references} {last.message_id}"
    assert last
    assert len(last.references) <= 1500
    assert last.references.split()[-1] == last.in_reply_to
    assert last.references.split()[0] == Message.objects.filter(text="Answer 0").get().message_id
    assert last.thread_headers["Thread-Index"] == "AQ19"


def test_participants_are_each_there_once_and_bounded(office: Office, begun: Ticket) -> None:
    copied = ", ".join(f"p{number}@home.example" for number in range(80))
    for _again in range(2):
        office.mail(Subject=f"[#{begun.number}]", Cc=f"{copied}, Cora <{CORA.upper()}>, support+x@suncoast.example")
    addresses = list(Participant.objects.filter(ticket=begun).values_list("address", flat=True))
    assert len(addresses) == len(set(addresses)) == 31
    assert not any("suncoast.example" in each for each in addresses)
