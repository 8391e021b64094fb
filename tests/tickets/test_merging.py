"""Merging and splitting: what moves, what is refused, and taking back."""

import pytest
from django.test import Client

from comms.models import Message
from crm.jobs.models import Level
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Brand
from tests.cast import House
from tests.tickets.messages import message
from tickets.merging.current_ticket import current_ticket
from tickets.merging.merge import Unconfirmed, merge, take_back
from tickets.merging.split import split
from tickets.models import Entry, EntryMove, Participant, Status, Ticket

pytestmark = pytest.mark.django_db


def said(ticket: Ticket, text: str, direction: str = "in") -> Message:
    found = message(direction, text=text)
    Entry.objects.add_message(ticket, found, matched_by="written")
    ticket.receive(found)
    return found


def texts(ticket: Ticket) -> list[str]:
    return list(Entry.objects.of(ticket).oldest_first().values_list("message__text", flat=True))


@pytest.fixture
def other(house: House) -> Ticket:
    return Ticket.begin(brand=Brand.objects.get(), subject="Gutter", medium="email", by=None)


def test_all_of_it_moves_and_comes_back(ticket: Ticket, other: Ticket, house: House) -> None:
    """freescout#226, #4704; frappe/helpdesk#1243; erpnext#3877: no merge, or none that could be taken back."""
    Participant.objects.create(ticket=ticket, address="ann@home.example", is_requester=True)
    said(other, "first")
    said(ticket, "second")
    note = Entry.objects.create(ticket=ticket, kind="note", body="He is nice", author=house.rita)
    move = merge(ticket, other, by=house.rita)
    assert (texts(other)[:2], other.unread_count, other.last_message_text) == (["first", "second"], 2, "second")
    assert (ticket.status, ticket.level, ticket.waiting_since) == (Status.CLOSED, Level.ENDED, None)
    assert (current_ticket(ticket), Entry.objects.get(pk=note.pk).ticket) == (other, other)
    said(other, "third")
    source = take_back(move, by=house.rita)
    assert (texts(other), source.status, source.unread_count) == (["first", "third"], Status.NEW, 1)
    assert Participant.objects.get().ticket == source
    other.refresh_from_db()
    assert (other.unread_count, other.last_message_text) == (2, "third")
    take_back(move, by=house.rita)
    assert texts(other) == ["first", "third"]


def test_what_makes_no_sense_is_refused(ticket: Ticket, other: Ticket, house: House) -> None:
    with pytest.raises(Refused, match="same conversation"):
        merge(ticket, ticket, by=house.rita)
    merge(ticket, other, by=house.rita)
    with pytest.raises(Refused, match="already"):
        merge(ticket, other, by=house.rita)
    with pytest.raises(Refused, match="same conversation"):
        merge(other, ticket, by=house.rita)  # its own survivor: no cycle
    third = Ticket.begin(brand=other.brand, person=house.cora, by=None)
    other.set_person(Person.objects.create(name="Bob"), by=None)
    with pytest.raises(Unconfirmed):
        merge(third, other, by=house.rita)
    merge(third, ticket, by=house.rita, confirmed=True)
    third.refresh_from_db()
    assert third.merged_into == other
    other.close(by=house.rita)
    with pytest.raises(Refused, match="closed"):
        merge(Ticket.begin(brand=other.brand, by=None), other, by=house.rita)


def test_it_takes_no_customer_from_a_colleague(ticket: Ticket, other: Ticket, house: House) -> None:
    """docs/complaints.md: elsewhere merging was used to claim a customer."""
    ticket.assign_to(house.sam, by=house.mona)
    other.assign_to(house.rita, by=house.mona)
    with pytest.raises(Refused, match="colleague"):
        merge(ticket, other, by=house.rita)
    assert merge(ticket, other, by=house.mona).target.member == house.rita


def test_a_later_merge_is_taken_back_first(ticket: Ticket, other: Ticket, house: House) -> None:
    said(ticket, "first")
    third = Ticket.begin(brand=other.brand, by=None)
    earlier, later = merge(ticket, other, by=house.mona), merge(other, third, by=house.mona)
    with pytest.raises(Refused, match="in the meantime"):
        take_back(earlier, by=house.mona)
    assert texts(third) == ["first"]
    take_back(later, by=house.mona)
    take_back(EntryMove.objects.get(pk=earlier.pk), by=house.mona)
    assert texts(ticket) == ["first"]


def test_some_of_it_is_split_off_and_comes_back(ticket: Ticket, house: House) -> None:
    said(ticket, "the roof")
    said(ticket, "and my other house")
    roof, house_entry = Entry.objects.of(ticket).oldest_first()
    with pytest.raises(Refused):
        split(ticket, [roof, house_entry], by=house.rita)
    move = split(ticket, [house_entry], by=house.rita)
    assert (texts(ticket), texts(move.target)) == (["the roof"], ["and my other house"])
    assert (move.target.continues, move.target.unread_count) == (ticket, 1)
    take_back(move, by=house.rita)
    move.target.refresh_from_db()
    assert (texts(ticket), move.target.merged_into) == (["the roof", "and my other house"], ticket)


def test_the_dialogs(ticket: Ticket, other: Ticket, house: House, client: Client) -> None:
    client.force_login(house.rita.user)
    htmx, base = {"HX-Request": "true"}, f"/{house.tenant.slug}/tickets"
    said(ticket, "one")
    said(ticket, "two")
    sent = {"version": ticket.form_version}
    for name, says in (("merge", "Which conversation"), ("split", "ann@home.example")):
        assert says in client.get(f"{base}/{ticket.number}/{name}/", headers=htmx).content.decode()
        assert client.post(f"{base}/{ticket.number}/{name}/", sent, headers=htmx).status_code == 422
    first = Entry.objects.of(ticket).oldest_first().first()
    assert first is not None
    done = client.post(f"{base}/{ticket.number}/split/", sent | {"entry": [str(first.uid)]}, headers=htmx)
    assert "1 message moved to" in done.content.decode()
    done = client.post(f"{base}/{ticket.number}/merge/", sent | {"number": f"#{other.number}"}, headers=htmx)
    assert done.status_code == 200
    led = client.get(f"{base}/{ticket.number}/")
    assert (led.status_code, led["Location"]) == (302, f"{base}/{other.number}/")
    move = EntryMove.objects.get(is_merge=True)
    back = client.post(f"{base}/moves/{move.uid}/take-back/", headers=htmx)
    assert (back.status_code, texts(ticket)) == (200, ["two"])


def test_a_conversation_is_found_to_merge_into_and_two_entries_of_one_customer_become_one(
    ticket: Ticket, house: House, client: Client
) -> None:
    bob = Person.objects.create(name="Bob", unconfirmed_since=clock.now())
    ticket.set_person(bob, by=None)
    theirs = Ticket.begin(brand=ticket.brand, subject="Skylight", person=house.cora, by=None)
    client.force_login(house.mona.user)
    htmx, path = {"HX-Request": "true"}, f"/{house.tenant.slug}/tickets/{ticket.number}/merge/"
    assert "Skylight" not in client.get(path, headers=htmx).content.decode()
    assert "Skylight" in client.get(f"{path}?q={house.cora.name}", headers=htmx).content.decode()
    chosen = {"version": ticket.form_version, "on": "conversation", "chosen": theirs.number}
    asked = client.post(path, chosen | {"q": house.cora.name}, headers=htmx)
    assert (asked.status_code, "same_customer" in asked.content.decode()) == (422, True)
    done = client.post(path, chosen | {"confirmed": "on", "same_customer": "on"}, headers=htmx)
    assert done["HX-Redirect"] == f"/{house.tenant.slug}/tickets/{theirs.number}/"
    bob.refresh_from_db()
    ticket.refresh_from_db()
    assert (bob.merged_into, current_ticket(ticket)) == (house.cora, theirs)


def test_one_without_a_customer_takes_over_who_comes_with_a_merge(ticket: Ticket, other: Ticket, house: House) -> None:
    theirs = Ticket.begin(brand=other.brand, person=house.cora, by=None)
    move = merge(theirs, other, by=house.mona)
    other.refresh_from_db()
    assert (other.person, other.customer_name) == (house.cora, house.cora.name)
    take_back(move, by=house.mona)
    other.refresh_from_db()
    assert other.person is None


def test_a_closed_one_says_where_it_goes_on_and_offers_no_reply(
    ticket: Ticket, other: Ticket, house: House, client: Client
) -> None:
    client.force_login(house.sam.user)
    base = f"/{house.tenant.slug}/tickets/{ticket.number}/"
    assert f"{base}reply/" in client.get(base).content.decode()
    merge(ticket, other, by=house.mona)
    closed = client.get(f"{base}thread/?since=0", headers={"HX-Request": "true"}).content.decode()
    assert f"/tickets/{other.number}/" in closed
    assert "is-closed" in closed
    assert f"/tickets/{other.number}/" in client.get(f"{base}reply/").content.decode()


def test_a_manager_keeps_it_by_law(ticket: Ticket, house: House, client: Client) -> None:
    htmx, path = {"HX-Request": "true"}, f"/{house.tenant.slug}/tickets/{ticket.number}/legal-hold/"
    client.force_login(house.rita.user)
    assert client.get(path, headers=htmx).status_code == 404
    client.force_login(house.mona.user)
    sent = {"version": ticket.form_version, "held": "yes"}
    assert client.post(path, sent, headers=htmx).status_code == 422
    assert client.post(path, sent | {"reason": "a claim"}, headers=htmx).status_code == 200
    ticket.refresh_from_db()
    assert ticket.legal_hold
