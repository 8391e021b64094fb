"""Who is unknown and writes to a sales address is a lead at once, without status; at support it is a ticket alone."""

from comms.models import Message
from crm.jobs.models import Job
from crm.jobs.models.assignment import AssignmentRule, Placement
from crm.people.models import Person
from leads.models import Lead
from tests.tickets.matching.conftest import Office
from tickets.matching.subscribers import place_received

FAY = {"sender": "Fay Fresh <fay@new.example>", "Subject": "A new roof", "Message_ID": "<fay@new.example>"}
SALES = "sales@suncoast.example"


def test_an_unknown_persons_message_at_sales_is_a_lead_without_status_once(office: Office) -> None:
    office.open(SALES, role="sales")
    entry = office.mail(to_box=SALES, to=SALES, **FAY)
    place_received(office.events("message.received"))
    assert entry
    job = Job.objects.exclude(pk=office.house.job.pk).get()
    assert (job.title, job.stage, job.member, job.source.name) == ("Fay Fresh", None, None, SALES)
    assert (job.unread_count, Lead.objects.filter(job=job).exists()) == (1, True)
    assert (entry.ticket.job, Message.objects.get().job) == (job, job)
    again = office.mail(to_box=SALES, to=SALES, **FAY | {"Subject": "And another", "Message_ID": "<f2@new.example>"})
    assert again
    assert (again.ticket.job, Job.objects.count()) == (job, 2)  # docs/rules.md#k18


def test_at_support_or_by_whom_we_know_it_is_a_ticket_alone(office: Office) -> None:
    office.open(SALES, role="sales")
    office.mail(**FAY)
    office.mail(to_box=SALES, to=SALES)
    known = Person.objects.get(name="Fay Fresh")
    known.confirm(by=office.house.mona)
    office.mail(to_box=SALES, to=SALES, **FAY | {"Message_ID": "<f3@new.example>"})
    assert Job.objects.get() == office.house.job


def test_a_new_ticket_is_with_who_knows_the_customer_and_nobody_waits_in_limbo(office: Office) -> None:
    AssignmentRule.add("tickets", "All", by=None)
    entry = office.mail()
    assert entry
    entry.ticket.refresh_from_db()
    placed = Placement.objects.get()
    assert (entry.ticket.member_id, placed.member_id) == (office.house.rita.pk, office.house.rita.pk)
    assert [event.data["cause"] for event in office.events("ticket.assigned")] == ["rule"]
