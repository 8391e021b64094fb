"""Texts name no thread: the newest open ticket on that number, or of that person; else one solved lately; else new."""

import re
from datetime import UTC, datetime, timedelta

from django.test import Client

from comms.models import AppointmentMessage, Channel, Message
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.people.models import Property
from tests.tickets.matching.conftest import Office
from tickets.matching.explanation import possible_reply, why_here
from tickets.merging.merge import merge, take_back
from tickets.models import Entry, Status, Ticket
from tickets.models.ticket_verbs.status_change import enter_status


def test_email_and_text_are_on_the_same_ticket(office: Office, begun: Ticket) -> None:
    """S3: "email and text to same ticket". What was said on the number itself goes first."""
    entry = office.text()
    assert entry
    assert (entry.ticket, entry.matched_by) == (begun, "open_ticket")
    newer = office.mail(Subject="Another matter")
    assert newer
    again = office.text("And the gutter")
    assert again
    assert (again.ticket, again.matched_by) == (begun, "same_number")


def test_a_mail_after_a_text_asks_whether_it_is_the_same_matter(office: Office) -> None:
    """A text has no subject for a mail's to agree with: one click, and they are on the same ticket."""
    text = office.text("Water at the skylight")
    assert text
    mail = office.mail(Subject="Skylight")
    assert mail
    assert mail.ticket != text.ticket
    assert mail.evidence["possible"] == {
        "ticket": text.ticket.pk,
        "number": text.ticket.number,
        "by": "other_channel",
    }
    assert "there is no email yet" in possible_reply(mail)
    further = office.mail(Subject="A new gutter, another time")
    assert further
    assert further.evidence["possible"]["number"] == text.ticket.number, "until somebody decides"
    text.ticket.refresh_from_db()
    text.ticket.save(update_fields=enter_status(text.ticket, Status.SOLVED))
    last = office.mail(Subject="And a question")
    assert last
    assert "possible" not in last.evidence


def test_a_text_after_its_conversation_was_merged_goes_to_the_survivor(office: Office, begun: Ticket) -> None:
    """The two customers are still two entries: a person said that they belong together."""
    other = Channel.create(
        by=None, brand=begun.brand, role="support", provider="embedded", medium="sms", address="+18135550199"
    )
    strange = office.text("It is Cora's husband", sender="+18135550177")
    assert strange
    move = merge(strange.ticket, begun, by=office.house.mona, confirmed=True)
    again = office.text("Any news?", sender="+18135550177")
    elsewhere = office.text("Hello?", sender="+18135550177", to=other.address)
    assert again
    assert elsewhere
    assert (again.ticket, elsewhere.ticket) == (begun, begun)
    take_back(move, by=office.house.mona)
    apart = office.text("And now?", sender="+18135550177", to=other.address)
    assert apart
    assert apart.ticket == strange.ticket


def test_a_solved_ticket_opens_again_within_days_and_later_a_new_one_begins(office: Office) -> None:
    """freescout#2855: one conversation for ever."""
    first = office.text()
    assert first
    ticket = first.ticket
    now = clock.now()
    with clock.at(now):
        ticket.save(update_fields=enter_status(ticket, Status.SOLVED))
    with clock.at(now + timedelta(days=6)):
        again = office.text("It leaks again")
        assert again
        assert again.ticket == ticket
        assert why_here(again).endswith("so this was added to it.")
        ticket.refresh_from_db()
        assert ticket.status == Status.OPEN
        ticket.save(update_fields=enter_status(ticket, Status.CLOSED))
    with clock.at(now + timedelta(days=8)):
        lately = office.text("And again")
        assert lately
        assert (lately.ticket.continues, lately.ticket.status) == (ticket, Status.NEW)
        lately.ticket.save(update_fields=enter_status(lately.ticket, Status.SOLVED))
    with clock.at(now + timedelta(days=16)):
        late = office.text("Hello again")
        assert late
        assert (late.ticket.continues, late.matched_by) == (None, "new")


def test_a_text_that_names_another_property_suggests_a_split(office: Office) -> None:
    oak = Property.objects.create(street="14 Oak Street", city="Tampa", country="US")
    first = office.text()
    assert first
    open_job(title="Oak", person=office.house.cora, site=oak, by=None)
    entry = office.text("The gutter at 14 Oak fell down")
    assert entry
    assert (entry.ticket, entry.evidence["split"]) == (first.ticket, {"property": oak.pk, "street": "14 Oak Street"})


def test_of_several_leads_it_is_about_that_of_its_conversation(office: Office, begun: Ticket) -> None:
    """Which customer waits is said on that lead, and not on the newest."""
    newer = open_job(title="Gutters", person=office.house.cora, by=None)
    text = office.arrive("When do you come?").message
    mail = office.read(Subject=f"A question [#{begun.number}]").message
    new = office.read(Subject="Something new").message
    assert text
    assert mail
    assert new
    assert (text.job, mail.job, new.job) == (begun.job, begun.job, newer)


def test_the_suggestion_to_split_is_taken_or_dismissed_with_one_click(office: Office, client: Client) -> None:
    oak = Property.objects.create(street="14 Oak Street", city="Tampa", country="US")
    office.text()
    job = open_job(title="Oak", person=office.house.cora, site=oak, by=None)
    taken, left = office.text("The gutter at 14 Oak fell down"), office.text("And 14 Oak needs paint")
    assert taken
    assert left
    client.force_login(office.house.rita.user)
    here = f"/{office.house.tenant.slug}/tickets"
    page = client.get(f"{here}/{taken.ticket.number}/").content.decode()
    assert page.count("It mentions 14 Oak Street") == 2
    dialog = client.get(f"{here}/{taken.ticket.number}/split/?entry={taken.uid}").content.decode()
    assert re.search(rf'value="{taken.uid}"\s+checked', dialog)
    sent = {"entry": str(taken.uid), "version": taken.ticket.form_version}
    client.post(f"{here}/{taken.ticket.number}/split/", sent)
    client.post(f"{here}/entries/{left.uid}/keep/")
    taken.refresh_from_db()
    left.refresh_from_db()
    assert (taken.ticket.job, taken.ticket.continues, taken.evidence, left.evidence) == (job, left.ticket, {}, {})


def test_ours_by_text_goes_where_they_wrote_and_an_unknown_number_has_a_ticket_too(office: Office) -> None:
    first = office.text()
    strange = office.text("Hello", sender="ALERTS")
    assert first
    assert strange
    assert (strange.ticket.person, strange.ticket.customer_name) == (None, "ALERTS")
    sent = office.write(channel=office.number, address="+18135550142", subject="", text="We come")
    assert Entry.objects.get(message=sent).ticket == first.ticket
    assert Message.objects.count() == 3


def test_a_confirmed_appointment_is_shown_and_is_nobodys_turn(office: Office) -> None:
    house, monday = office.house, datetime(2026, 5, 11, 13, 0, tzinfo=UTC)
    with clock.at(monday):
        kind = AppointmentType.add("Inspection", by=house.ada, minutes=60, travel_minutes=30)
        starts_at = monday + timedelta(days=2)
        row = Appointment.book(house.job, kind, starts_at, [house.rita], by=house.rita)
        usual = {"by": None, "person": house.cora, "channel": office.number, "address": "+18135550142"}
        told = Message.queue(text="Reply C to confirm", **usual)
        Message.objects.filter(pk=told.pk).update(state="sent", at=monday)
        AppointmentMessage.objects.create(
            appointment=row, message=told, kind="reminder", medium="sms", starts_at=starts_at, at=monday, state="queued"
        )
    with clock.at(monday + timedelta(hours=1)):
        # Of who has no conversation it begins none.
        assert office.text("C") is None
        assert not Ticket.objects.exists()
        first = office.text("When do you come?")
        assert first
        ticket = first.ticket
        ticket.save(update_fields=enter_status(ticket, Status.SOLVED))
        before = (ticket.status, ticket.level, ticket.due_at)
        entry = office.text("Yes!")
        assert entry
        ticket.refresh_from_db()
        assert (ticket.status, ticket.level, ticket.due_at) == before
        assert (entry.ticket, ticket.unread_count, ticket.last_message_text) == (ticket, 1, "Yes!")
        assert "confirms the appointment" in why_here(entry)
        # What it asks besides is for a person, and so is "yes" where nothing was asked.
        assert office.text("Yes, but later")
        ticket.refresh_from_db()
        assert (ticket.status, ticket.unread_count) == (Status.OPEN, 2)
        AppointmentMessage.objects.all().delete()
        office.text("Yes")
        ticket.refresh_from_db()
        assert ticket.unread_count == 3
