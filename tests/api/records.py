"""A record of the house for every resource of the API, and bodies that are right as far as the document goes."""

from datetime import date, timedelta
from typing import Any

from api.models import EventSubscription
from billing.models import Invoice, LineDraft, Payment
from comms.models import Channel, Message
from crm.automation.models import Webhook
from crm.documents.files.inspection import Inspected
from crm.documents.models import Document, DocumentKind
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Note, Source
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.people.companies import add_company, set_company
from crm.people.models import Person
from crm.platform.models import Brand
from followups.models import FollowUp
from leads.models import Spend, TrackedCall, TrackingNumber
from leads.sources.spending.amounts import SpendEntry, enter
from service.models import ClaimMail, JobClaim
from tests.cast import House
from tests.documents.conftest import PDF
from tests.quotes.offers import write_quote
from tickets.models import Entry, Ticket

NOTHING = "00000000-0000-7000-8000-000000000000"
SOON = "2099-01-05"


def create_records(house: House) -> dict[str, Any]:
    """Return the id of a record of the house by resource. Inside `use_tenant`."""
    brand = Brand.objects.get()
    lines = [LineDraft("Work", 10_000)]
    invoice = Invoice.draft(house.job, "progress", "Work has begun", lines, by=house.sam, due_days=7)
    payment, _is_new = Payment.receive(
        "hand", "1", amount=100, currency="USD", method="cash", brand=brand, job=house.job, by=house.ada
    )
    # Numbers begin with the same in each tenant; the other one has no second job, and no second ticket.
    job = open_job(title="Second", member=house.rita, by=house.rita)
    company = add_company("Bayside Storage", by=house.ada)
    set_company(Person.objects.get(pk=house.cora.pk), company, by=house.ada)
    Ticket.begin(by=house.rita, brand=brand, subject="Leak", person=house.cora)
    ticket = Ticket.begin(by=house.rita, brand=brand, subject="Gutter", person=house.cora)
    ids = {"people": house.cora.uid, "companies": company.uid, "properties": house.job.site.uid, "jobs": job.number}
    ids |= {"quotes": write_quote(house).uid, "invoices": invoice.uid, "payments": payment.uid}
    ids |= {"tickets": ticket.number, "messages": queue_message(house).uid}
    note = Note.write(house.job, "Bring the ladder", by=house.rita)
    ticket_note = Entry.write(ticket, "She is cross", by=house.rita)
    for row in (note, ticket_note):
        row.refresh_from_db(fields=["uid"])
    webhook, _secret = Webhook.add("Make", "https://make.example/hook", by=house.ada)
    subscription = EventSubscription.subscribe(webhook, ["lead.won"], member=house.ada, by=house.ada)
    ids |= {"notes": note.uid, "ticket-notes": ticket_note.uid, "webhooks": subscription.uid}
    return ids | create_planned_records(house) | create_call_records(house)


def create_planned_records(house: House) -> dict[str, Any]:
    """Return the ids of what is planned, sent in or spent. Inside `use_tenant`."""
    source = Source.add("Trade fair", by=house.ada)
    enter([SpendEntry(source, None, date(2026, 5, 1), "month", "USD", 100)], by=house.ada)
    visit = AppointmentType.add("Look", by=house.ada, minutes=60)
    at = clock.now() + timedelta(days=2)
    appointment = Appointment.book(house.job, visit, at, [house.rita], by=house.rita, anyway=True)
    paper = Inspected("Permit.pdf", "application/pdf", PDF)
    follow_up = FollowUp.plan(kind="call", subject="Call", due_at=at, by=house.rita, person=house.cora)
    return {
        "sources": source.pk,
        "spend": Spend.objects.get().pk,
        "appointments": appointment.uid,
        "documents": Document.add(paper, kind=DocumentKind.add("Permit", by=None), job=house.job).uid,
        "follow-ups": follow_up.uid,
    }


def create_call_records(house: House) -> dict[str, Any]:
    """Return the ids of a claim, a tracking number, and a call to it. Inside `use_tenant`."""
    claim = JobClaim.record(house.job, carrier="Gulf Mutual", number="59 8812 K4", by=house.rita)
    fields: dict[str, Any] = {"medium": "call", "role": "sales", "provider": "twilio", "address": "+18135550199"}
    channel = Channel.create(by=None, brand=Brand.objects.get(), **fields)
    radio = Source.add("Radio", by=house.ada)
    number = TrackingNumber.add(channel, source=radio, campaign=None, by=house.ada)
    message = Message.objects.create(
        channel=channel, brand=channel.brand, medium="call", direction="in", state="received", person=house.cora
    )
    call = TrackedCall.objects.create(
        message=message, number=number, source=radio, at=clock.now(), seconds=20, verdict="short", first_verdict="short"
    )
    mail = ClaimMail.objects.create(
        message=message, job_claim=claim, state="proposed", values={"approved": "$14,820.55", "policy": "HO-5512-77"}
    )
    call.refresh_from_db()
    mail.refresh_from_db()
    return {"claims": claim.uid, "claim-mails": mail.uid} | {
        "tracking-numbers": number.uid,
        "calls": call.uid,
    }


def open_channel(house: House) -> Channel:
    """Open the mailbox of the house, unless it is open. Inside `use_tenant`."""
    address = "sales@suncoast.example"
    channel: Channel | None = Channel.objects.filter(address=address).first()
    brand = Brand.objects.get()
    return channel or Channel.create(
        by=None, brand=brand, medium="email", role="sales", provider="embedded", address=address
    )


def queue_message(house: House, **fields: Any) -> Message:
    """Queue an email to Cora that waits to be sent. Inside `use_tenant`."""
    values = {"subject": "Your roof", "text": "Hello", "person": house.cora} | fields
    address = "cora@suncoast-test-mail.example"
    return Message.queue(channel=open_channel(house), address=address, by=house.rita, undo=True, **values)


# By the end of the address.
BODIES: dict[str, Any] = {
    "move/": {"stage": "New"},
    "follow-ups/<uuid:id>/assign/": {"member": NOTHING},
    "tracking-numbers/<uuid:id>/assign/": {"source": "Radio"},
    "assign/": {"member": None},
    "excuse/": {"reason": "spam"},
    "claim-mails/<uuid:id>/accept/": {"field": "approved"},
    "claim-mails/<uuid:id>/refuse/": {"field": "approved"},
    "set-adjuster/": {"name": "Dana Whitfield"},
    "lose/": {"reason": "Price"},
    "drop/": {"reason": "Spam"},
    "hold/": {"reason": "Roof is wet", "until": SOON},
    "turn/": {"side": "customer"},
    "prioritize/": {"priority": "high"},
    "plan/": {"kind": "call", "at": f"{SOON}T10:00:00Z"},
    "contact/": {"kind": "call", "outcome": "reached"},
    "lines/": {"lines": []},
    "merge/": {"other": NOTHING},
    "erase/": {"name": "Cora Customer"},
    "snooze/": {"until": f"{SOON}T10:00:00Z"},
    "attach/": {"job": None},
    "companies/<uuid:id>/": {"name": "Baywide"},
    "spend/<int:id>/": {"amount": 1},
    "complete/": {"outcome": "successful"},
    "skip/": {},
    "follow-ups/<uuid:id>/reschedule/": {"due_at": f"{SOON}T10:00:00Z"},
    "appointments/<uuid:id>/reschedule/": {"starts_at": f"{SOON}T10:00:00Z"},
    "appointments/<uuid:id>/cancel/": {"reason": "Storm"},
}


def body_of(route: str) -> Any:
    """Return a right body for a route."""
    return next((body for end, body in BODIES.items() if f"/{route}".endswith(f"/{end}")), {})
