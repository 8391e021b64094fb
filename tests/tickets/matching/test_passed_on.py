"""A customer's mail that a colleague passes on: it is the customer's, and the colleague's words are a note."""

from typing import Any

from comms.models import Message
from tests.tickets.matching.conftest import Office
from tickets.models import Entry

HANK = "Hank Voss <hank@home.example>"


def block(sender: str, text: str) -> str:
    return f"---------- Forwarded message ---------\nFrom: {sender}\nSubject: Roof question\n\n{text}"


def pass_on(office: Office, text: str, **headers: Any) -> tuple[Message, list[tuple[str, str]]]:
    """Have Rita pass a mail on; return its message, and the notes of its ticket with their authors."""
    rita = f"Rita Rep <{office.house.rita.user.email}>"
    entry = office.mail(text, sender=rita, Subject="Fwd: Roof question", **headers)
    assert entry
    notes = Entry.objects.filter(ticket=entry.ticket, kind=Entry.Kind.NOTE).order_by("pk")
    message = Message.objects.select_related("person").get(pk=entry.message_id)
    return message, [(note.author.name, note.body) for note in notes.select_related("author")]


def test_the_words_above_it_are_a_note_of_the_colleague_and_nothing_else(office: Office) -> None:
    message, notes = pass_on(office, "Give him the neighbour's price. R.\n\n" + block(HANK, "Can you come?"))
    assert notes == [("Rita Rep", "Give him the neighbour's price. R.")]
    assert (message.person.name, message.subject, message.text) == ("Hank Voss", "Roof question", "Can you come?")
    assert "neighbour" not in f"{message.folded_text}{message.html}{message.search_text}"


def test_of_a_forward_of_a_forward_it_is_the_innermost_customers(office: Office) -> None:
    sam = f"Sam Service <{office.house.sam.user.email}>"
    message, notes = pass_on(office, "FYI\n\n" + block(sam, "Yours?\n\n" + block(HANK, "Can you come?")))
    assert notes == [("Rita Rep", "FYI"), ("Sam Service", "Yours?")]
    assert (message.address, message.text) == ("hank@home.example", "Can you come?")


def test_a_forward_without_words_has_no_note(office: Office) -> None:
    message, notes = pass_on(office, block(HANK, "Can you come?"))
    assert (message.address, notes) == ("hank@home.example", [])


def test_what_a_customer_passed_on_stays_theirs(office: Office) -> None:
    entry = office.mail("Cheaper!\n\n" + block("Rival <sales@rival.example>", "9000"), Subject="Fwd: Our offer")
    assert entry
    message = Message.objects.get(pk=entry.message_id)
    assert (message.person, message.cover_notes) == (office.house.cora, [])
    assert "Cheaper!" in message.text
    inner = block("Cora Customer <cora@home.example>", "Cheaper!\n\n" + block("Rival <sales@rival.example>", "9000"))
    assert pass_on(office, inner)[0].address == "cora@home.example"


def test_a_mail_among_colleagues_that_is_passed_on_has_no_customer(office: Office) -> None:
    sam = f"Sam Service <{office.house.sam.user.email}>"
    message, notes = pass_on(office, "Look\n\n" + block(sam, "Lunch?"))
    assert (message.person, message.author, notes) == (None, office.house.rita, [])
