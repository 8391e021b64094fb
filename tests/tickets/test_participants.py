"""Who takes part in a ticket: roles, what each may see, who may get an answer, and whose matter it is."""

import re
from typing import Any

import pytest
from django.test import Client

from comms.models import Channel, Message
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint, Person
from crm.people.senders import find_sender
from crm.platform.models import Brand, Change, Member
from crm.platform.work.tasks import dispatch_events
from tests.cast import Cast, House
from tests.tickets.messages import message
from tests.tickets.test_inbox import begin, get, say
from tickets.matching.participants import take_part
from tickets.models import Entry, Participant, Ticket
from tickets.models.ticket_verbs.requester import mark_requester
from tickets.participants.signature import Signature, read_signature
from tickets.participants.visibility import copies, may_see, sees

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(house: House) -> Ticket:
    ticket = begin(house, "Leak", member=house.sam, person=house.cora)
    mark_requester(ticket)
    return ticket


def post(house: House, member: Member, ticket: Ticket, path: str, **data: Any) -> Any:
    client = Client()
    client.force_login(member.user)
    form = {"version": ticket.form_version, **data}
    return client.post(f"/{house.tenant.slug}/tickets/{ticket.number}/{path}/", form)


def people(ticket: Ticket) -> dict[str, tuple[str, bool]]:
    return {one.address: (one.role, one.is_confirmed) for one in ticket.participants.all()}


def test_each_role_sees_what_it_may_and_nobody_what_is_ours(house: House, ticket: Ticket) -> None:
    partner = "paul@partner.example"
    private = Channel.objects.create(
        brand=Brand.objects.get(), medium="email", address="mona@roof.example", owner=house.mona, provider="embedded"
    )
    entries = {
        "theirs": say(ticket, address="cora@suncoast-test-mail.example"),
        "ours": say(ticket, "out", by=house.sam, address="cora@suncoast-test-mail.example"),
        "with the partner": say(ticket, "out", by=house.sam, participants={"cc": [["Paul", partner]]}),
        "of the partner": say(ticket, address=partner),
        "a call": say(ticket, "out", medium="call", text="She sounded cross", address="+18135550142"),
        "not sent yet": say(ticket, "out", by=house.sam, state="held"),
        "a colleague’s own": say(ticket, channel=private),
    }
    note = Entry.write(ticket, "Mind the dog", by=house.sam)
    on_it = {name: Entry.objects.get(message=one) for name, one in entries.items()} | {"a note": note}

    def seen(role: str, address: str, *, confirmed: bool = True) -> set[str]:
        one = Participant(ticket=ticket, address=address, role=role, confirmed_at=clock.now() if confirmed else None)
        assert sees(one)
        return {name for name, entry in on_it.items() if may_see(one, entry)}

    household = {"theirs", "ours", "with the partner", "of the partner"}
    assert seen("spouse", "jo@home.example") == household
    assert seen("customer", "cora@suncoast-test-mail.example") == household
    assert seen("spouse", "jo@home.example", confirmed=False) == set()
    for role in ("partner", "adjuster", "tenant", "colleague", "other"):
        assert seen(role, partner) == {"with the partner", "of the partner"}, role
    elsewhere = Participant(ticket=begin(house, "Another"), address=partner, role="customer", confirmed_at=clock.now())
    assert not any(may_see(elsewhere, entry) for entry in on_it.values())


def test_people_are_taken_in_given_a_role_confirmed_and_taken_out(cast: Cast, house: House, ticket: Ticket) -> None:
    Participant.objects.create(ticket=ticket, address="stranger@else.example", name="Bob")
    assert copies(ticket) == ()
    assert "Replies don’t go there" in get(cast, house.sam, f"{ticket.number}/people/").content.decode()
    post(house, house.sam, ticket, "people", address="Ann <ANN@Agency.example>", name="Ann", role="adjuster")
    assert post(house, house.sam, ticket, "people", address="nonsense", role="other").status_code == 422
    assert post(house, house.sam, ticket, "people", address="x@y.example", role="king").status_code == 404
    ann, bob = (ticket.participants.get(name=name) for name in ("Ann", "Bob"))
    post(house, house.sam, ticket, "people/role", participant=ann.uid, role="partner")
    post(house, house.sam, ticket, "people/confirm", participant=bob.uid)
    known = {name: role for name, role in people(ticket).items() if name in ("ann@agency.example", bob.address)}
    assert known == {"ann@agency.example": ("partner", True), bob.address: ("other", True)}
    assert {address for _name, address in copies(ticket)} == {"ann@agency.example", bob.address}
    page = get(cast, house.sam, f"{ticket.number}/people/").content.decode()
    assert "May see only messages they are on; never notes." in page
    post(house, house.sam, ticket, "people/remove", participant=bob.uid)
    assert bob.address not in people(ticket)
    with pytest.raises(Refused):
        ticket.participants.get(is_requester=True).remove(by=house.sam)
    assert post(house, house.rita, ticket, "people/remove", participant=ann.uid).status_code == 404


def test_a_known_person_is_found_and_taken_in_by_an_address_of_theirs(cast: Cast, house: House) -> None:
    ticket = begin(house, "Leak", member=house.sam)
    page = get(cast, house.sam, f"{ticket.number}/people/?q=Cora").content.decode()
    [uid] = set(re.findall(r'name="person" value="([^"]+)"', page))
    address = ContactPoint.objects.get(person=house.cora, kind="email").value
    post(house, house.sam, ticket, "people", person=uid, address=address, role="spouse")
    one = ticket.participants.get()
    assert (one.person, one.name, one.role) == (house.cora, "Cora Customer", "spouse")


def test_a_partner_who_writes_again_is_still_a_partner_and_a_reply_changes_no_requester(
    house: House, ticket: Ticket
) -> None:
    wrote = message("in", address="paul@partner.example", address_name="Paul")
    first, second = begin(house, "One"), begin(house, "Two")
    take_part(first, wrote, is_new=True)
    first.participants.get().set_role("partner", by=house.sam)
    take_part(second, wrote, is_new=True)
    assert second.participants.get().role == "partner"
    take_part(ticket, wrote, is_new=False)
    assert people(ticket)["paul@partner.example"] == ("other", False)
    assert ticket.participants.get(is_requester=True).person == house.cora


def test_whose_matter_it_is_is_said_found_made_anew_and_taken_back(cast: Cast, house: House, ticket: Ticket) -> None:
    jo = Person.objects.create(name="Jo Jansen")
    page = get(cast, house.sam, f"{ticket.number}/person/?q=Jansen").content.decode()
    assert f'value="{jo.uid}"' in page
    post(house, house.sam, ticket, "person", person=jo.uid)
    ticket.refresh_from_db()
    assert (ticket.person, ticket.customer_name) == (jo, "Jo Jansen")
    client = Client()
    client.force_login(house.sam.user)
    client.post(f"/{house.tenant.slug}/undo/{Change.objects.get(kind='ticket.person_changed').uid}/")
    ticket.refresh_from_db()
    assert (ticket.person, ticket.customer_name) == (house.cora, "Cora Customer")
    post(house, house.sam, ticket, "person", name="New Nora", address="nora@new.example")
    ticket.refresh_from_db()
    assert (ticket.person.name, ticket.person.unconfirmed_since) == ("New Nora", None)
    assert ticket.participants.get(is_requester=True).address == "nora@new.example"
    assert post(house, house.sam, ticket, "person", name="", address="").status_code == 422
    assert not Message.objects.exists()


def test_somebody_new_keeps_the_typed_name(cast: Cast, house: House) -> None:
    """A text came from a number that nobody knew: the record it made gets the name, and so does the list."""
    unknown = find_sender("phone", "+18135550177", "").person
    assert unknown
    assert unknown.name == "(813) 555-0177"
    ticket = begin(house, "Text", person=unknown, member=house.sam)
    mark_requester(ticket)
    page = get(cast, house.sam, f"{ticket.number}/person/").content.decode()
    assert 'value="(813) 555-0177"' in page
    post(house, house.sam, ticket, "person", name="Nora New", address="(813) 555-0177")
    dispatch_events()
    ticket.refresh_from_db()
    unknown.refresh_from_db()
    assert (unknown.name, unknown.unconfirmed_since) == ("Nora New", None)
    assert (ticket.person, ticket.customer_name) == (unknown, "Nora New")


def test_another_name_at_a_confirmed_address_is_another_person(house: House, ticket: Ticket) -> None:
    address = ContactPoint.objects.get(person=house.cora, kind="email").value
    post(house, house.sam, ticket, "person", name="Bob Jones", address=address)
    ticket.refresh_from_db()
    house.cora.refresh_from_db()
    assert (ticket.person.name, house.cora.name) == ("Bob Jones", "Cora Customer")


def test_the_panel_leads_to_the_customers_page(cast: Cast, house: House, ticket: Ticket) -> None:
    page = get(cast, house.sam, f"{ticket.number}/side/").content.decode()
    assert f"/people/{house.cora.uid}/" in page


def test_the_name_and_number_of_a_signature_are_offered_and_taken(cast: Cast, house: House) -> None:
    unknown = find_sender("email", "nora99@home.example", "").person
    ticket = begin(house, "Roof", person=unknown, member=house.sam)
    say(ticket, text="It leaks.\n\nThanks,\nNora New\n(813) 555-2177", person=unknown)
    page = get(cast, house.sam, f"{ticket.number}/side/").content.decode()
    assert 'name="value" value="Nora New"' in page
    assert 'name="value" value="+18135552177"' in page
    post(house, house.sam, ticket, "details", value="Nora New")
    post(house, house.sam, ticket, "details", value="+18135552177")
    post(house, house.sam, ticket, "details", value="+18135550000")
    unknown.refresh_from_db()
    assert unknown.name == "Nora New"
    assert sorted(unknown.contact_points.values_list("value", flat=True)) == ["+18135552177", "nora99@home.example"]


def test_mail_and_text_of_one_new_customer_are_offered_side_by_side(cast: Cast, house: House) -> None:
    by_mail = find_sender("email", "nora99@home.example", "").person
    by_text = find_sender("phone", "+18135552177", "").person
    mail = begin(house, "Roof", person=by_mail, member=house.sam)
    text = begin(house, "Text", person=by_text, member=house.sam)
    say(mail, text="It leaks.\n\nNora New\n(813) 555-2177", person=by_mail)
    say(text, text="Any news?", person=by_text, medium="sms")
    for ticket, other in ((mail, by_text), (text, by_mail)):
        assert other
        assert f"?with={other.uid}" in get(cast, house.sam, f"{ticket.number}/side/").content.decode()


def test_numbers_that_are_quoted_are_not_offered(house: House) -> None:
    quoted = message("in", text="Thanks, see you", folded_text="On Monday Bob wrote:\n> Bob Boss\n> (813) 555-2199")
    assert read_signature([quoted], "US") == Signature()
