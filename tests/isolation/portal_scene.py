"""What the tests of the portal's isolation name: one of everything of another customer's, by argument and address."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from billing.models import CommissionStatement, Invoice, LineDraft, Payment
from billing.payments.receiving import receive_payment
from comms.models import Attachment, Message
from crm.documents.models import Document, DocumentKind, DocumentRequest, Upload
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.people.models import Claim, ContactPoint, Person, Property
from crm.platform.files import stored_files
from crm.platform.tenancy.context import use_tenant
from leads.models import Partner
from portal.models import JobShare, PortalAccess, PortalDevice
from quotes.models import Quote
from service.models import BookingRequest
from tests.cast import House


@dataclass
class Scene:
    """Cora, who is known, and Nora, another customer of the house, with one of everything."""

    house: House
    cora: Person
    nora: Person
    job: Job
    device: PortalDevice
    access: PortalAccess


# What an argument of an address names, of Nora's: an id Cora may have seen, guessed or been sent.
THEIRS: dict[str, Callable[[Scene], Any]] = {
    "number": lambda scene: scene.job.number,
    "device": lambda scene: scene.device.uid,
    "token": lambda scene: "gAAAAABnot-one-of-ours",
    "asked": lambda scene: uuid4(),
    "brand": lambda scene: uuid4(),
}


def attachment_of(scene: Scene) -> Attachment:
    """A file of a message to Nora."""
    with use_tenant(scene.house.tenant):
        message = Message.objects.create(
            brand=scene.job.brand,
            medium="portal",
            direction="out",
            address="nora@mail.example",
            state="sent",
            person=scene.nora,
            job=scene.job,
        )
        file = stored_files.store_file(io.BytesIO(b"Nora"), "nora.txt", purpose="attachment", by=None)
        attachment: Attachment = message.attachments.create(
            file=file, name=file.name, media_type="text/plain", size=4, position=0
        )
        attachment.refresh_from_db()
        return attachment


def point_of(scene: Scene) -> ContactPoint:
    """An address of Nora's."""
    with use_tenant(scene.house.tenant):
        point: ContactPoint = scene.nora.contact_points.create(kind="email", value="nora@mail.example")
        return point


def claim_of(scene: Scene) -> Claim:
    """A claim about a place of Nora's."""
    with use_tenant(scene.house.tenant):
        claim = Claim(site=Property.objects.create(street="1 Nora Ln", city="Tampa", country="US"), insurer="Gulf")
        claim.set_number("CLM-1234567")
        claim.save()
        claim.refresh_from_db()
        return claim


def document_of(scene: Scene) -> Document:
    """A paper of Nora's job that she sees."""
    with use_tenant(scene.house.tenant):
        document: Document = Document.objects.create(
            job=scene.job,
            kind=DocumentKind.objects.create(name="Paper of Nora’s"),
            title="Nora’s paper",
            visibility="customer",
            media_type="application/pdf",
            size=4,
            taken_at=clock.now(),
        )
        document.refresh_from_db()
        return document


def upload_of(scene: Scene) -> Upload:
    """A file Nora is sending."""
    with use_tenant(scene.house.tenant):
        upload: Upload = Upload.objects.create(name="nora.jpg", size=10, person=scene.nora, job=scene.job)
        upload.refresh_from_db()
        return upload


def request_of(scene: Scene) -> DocumentRequest:
    """What Nora is asked for."""
    with use_tenant(scene.house.tenant):
        return DocumentRequest.ask(scene.job, "Letter", kind=DocumentKind.objects.create(name="Letter"), by=None)


def appointment_of(scene: Scene) -> Appointment:
    """A visit to Nora."""
    with use_tenant(scene.house.tenant):
        visit, at = AppointmentType.objects.create(name="Visit of Nora’s"), clock.now() + timedelta(days=9)
        return Appointment.book(scene.job, visit, at, [scene.house.sam], by=scene.house.sam, anyway=True)


def booking_of(scene: Scene) -> BookingRequest:
    """A time Nora is asked to choose."""
    with use_tenant(scene.house.tenant):
        visit = AppointmentType.objects.create(name="Visit Nora books")
        return BookingRequest.ask(scene.job, visit, by=scene.house.sam)


def share_of(scene: Scene) -> JobShare:
    """Somebody Nora lets see her job."""
    with use_tenant(scene.house.tenant):
        spouse = Person.objects.create(name="Ned Neighbour")
        return JobShare.share(scene.job, spouse, "spouse", sees_money=False, by_customer=scene.nora)


def quote_of(scene: Scene) -> Quote:
    """A quote that was sent to Nora."""
    with use_tenant(scene.house.tenant):
        quote = Quote.create(scene.job, by=scene.house.rita, title="Nora’s roof")
        quote.add_line(name="Shingles", unit_price=100_000, by=scene.house.rita)
        quote.send(by=scene.house.mona)
        return quote


def invoice_of(scene: Scene) -> Invoice:
    """An invoice to Nora."""
    with use_tenant(scene.house.tenant):
        row = Invoice.draft(scene.job, "final", "Nora’s roof", [LineDraft("Work", 100_000)], by=scene.house.sam)
        row.issue(by=scene.house.sam)
        return row


def payment_of(scene: Scene) -> Payment:
    """What Nora paid."""
    with use_tenant(scene.house.tenant):
        return receive_payment("bank", "nora-1", amount=100, currency="USD", method="bank", job=scene.job)


def statement_of(scene: Scene) -> CommissionStatement:
    """A commission statement to Nora, as if she were a partner."""
    with use_tenant(scene.house.tenant):
        partner = Partner.add("Nora & Co", "nora@co.example", by=scene.house.ada)
        Partner.objects.filter(pk=partner.pk).update(person=scene.job.person)
        row = CommissionStatement.objects.create(
            partner=partner, brand=scene.job.brand, currency="USD", month=date(2026, 10, 1), total=5_000
        )
        row.refresh_from_db()
        row.issue(by=scene.house.mona)
        return row


INVOICE_PAGES = ("invoice", "invoice_pdf", "pay_invoice", "tell_about_invoice")
QUOTE_PAGES = ("quote", "show_price", "ask_about_quote", "accept_quote", "decline_quote", "note_quote_seen")
# By the address's name, where its argument means something else than usual: ("portal:document", "uid").
THEIRS_AT: dict[tuple[str, str], Callable[[Scene], Any]] = {
    ("portal:message_file", "number"): lambda scene: scene.house.job.number,
    ("portal:message_file", "uid"): lambda scene: attachment_of(scene).uid,
    ("portal:verify_point", "pk"): lambda scene: point_of(scene).pk,
    ("portal:show_claim", "number"): lambda scene: scene.house.job.number,
    ("portal:show_claim", "uid"): lambda scene: claim_of(scene).uid,
    ("portal:colleague_photo", "uid"): lambda scene: scene.house.rita.uid,
    ("portal:document", "uid"): lambda scene: document_of(scene).uid,
    ("portal:document_file", "uid"): lambda scene: document_of(scene).uid,
    **{
        (f"portal:{name}", "uid"): lambda scene: request_of(scene).uid
        for name in ("request", "remove_page", "raise_page")
    },
    **{(f"portal:{name}", "page"): lambda scene: document_of(scene).uid for name in ("remove_page", "raise_page")},
    ("portal:appointment", "uid"): lambda scene: appointment_of(scene).uid,
    ("portal:booking", "uid"): lambda scene: booking_of(scene).uid,
    ("portal:end_share", "uid"): lambda scene: share_of(scene).uid,
    ("portal:upload", "uid"): lambda scene: upload_of(scene).uid,
    **{(f"portal:{name}", "uid"): lambda scene: invoice_of(scene).uid for name in INVOICE_PAGES},
    ("portal:commission_pdf", "uid"): lambda scene: statement_of(scene).uid,
    ("portal:receipt_pdf", "uid"): lambda scene: payment_of(scene).uid,
    **{(f"portal:{name}", "uid"): lambda scene: quote_of(scene).uid for name in QUOTE_PAGES},
}
