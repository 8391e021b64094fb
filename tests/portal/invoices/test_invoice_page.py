"""The customer's page of an invoice: what is open and why, how to pay, and what they tell about it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from billing.message_values import given_for
from billing.models import BillingTerms, InstalmentPlan, Invoice, LineDraft, PaymentPromise, credit_invoice
from billing.payments.receiving import receive_payment
from comms.library.context import subject_of
from comms.models import Message
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from portal.access import links
from portal.access.viewer import Level
from portal.invoices.invoice_page import InvoicePage
from portal.models import PortalAccess
from tests.cast import House
from tests.portal.conftest import Coming


def issue(house: House, amount: int = 900_000, title: str = "Second part, 40%") -> Invoice:
    row = Invoice.draft(house.job, "progress", title, [LineDraft("Work", amount)], by=house.sam, due_days=7)
    row.issue(by=house.sam)
    return row


@pytest.fixture
def invoice(writing_house: House) -> Invoice:
    """$9,000 for Cora's job, due in a week, to an American account."""
    terms = {"legal_name": "Suncoast Roofing LLC", "account": "Routing 063100277, account 000123456789"}
    BillingTerms.set_for(Brand.objects.get(), by=None, **terms)
    return issue(writing_house)


@pytest.fixture
def client(invoice: Invoice, portal_client: Coming, writing_house: House) -> Client:
    """Cora's browser, after a code."""
    return portal_client(writing_house.cora)


def path(invoice: Invoice, rest: str = "") -> str:
    return f"/my/{invoice.tenant.slug}/invoices/{invoice.uid}/{rest}"


def tell(client: Client, invoice: Invoice, do: str, **data: str) -> str:
    return client.post(path(invoice, "tell/"), {"do": do, "key": str(uuid4())} | data, follow=True).content.decode()


def test_what_is_open_and_how_to_pay_it(invoice: Invoice, client: Client) -> None:
    text = client.get(path(invoice)).content.decode()
    for words in (
        "$9,000 is open now",
        "Please pay it by",
        invoice.number,
        "Routing 063100277",
        "Suncoast Roofing LLC",
    ):
        assert words in text
    assert "QR code" not in text, "there is none for dollars"


def test_where_it_comes_from(invoice: Invoice, client: Client, writing_house: House) -> None:
    receive_payment("bank", "line-1", amount=300_000, currency="USD", method="bank", job=writing_house.job)
    credit_invoice(invoice, 100_000, "Gutter left out", by=writing_house.ada)
    text = client.get(path(invoice)).content.decode()
    assert "$5,000 is open now" in text
    assert "−$3,000" in text
    assert "−$1,000" in text
    assert "Paid so far" in text


def test_what_comes_next(invoice: Invoice, client: Client, writing_house: House) -> None:
    other = issue(writing_house, 500_000, "Last part, 30%")
    text = client.get(path(invoice)).content.decode()
    assert "Last part, 30%" in text
    assert other.number in text


def test_a_transfer_in_euros_has_a_code(writing_house: House, portal_client: Coming) -> None:
    terms = {"legal_name": "Thuislaadpunt", "iban": "NL91ABNA0417164300"}
    BillingTerms.set_for(Brand.objects.get(), by=None, **terms)
    lines = [LineDraft("Werk", 12_345)]
    row = Invoice.draft(writing_house.job, "final", "Laadpunt", lines, by=writing_house.sam, currency="EUR")
    row.issue(by=writing_house.sam)
    text = portal_client(writing_house.cora).get(path(row)).content.decode()
    assert "<svg" in text.split("qrbox")[1][:200]
    assert "NL91ABNA0417164300" in text


def test_paid_is_thanked_for(invoice: Invoice, client: Client, writing_house: House) -> None:
    receive_payment("bank", "line-1", amount=900_000, currency="USD", method="bank", job=writing_house.job)
    text = client.get(path(invoice)).content.decode()
    assert "This invoice is paid. Thank you." in text
    assert "Reference, please" not in text
    assert "Something not right?" not in text


def test_a_paid_invoice_leads_to_what_is_open_beside_it(invoice: Invoice, client: Client, writing_house: House) -> None:
    other = Invoice.draft(writing_house.job, "final", "The rest", [LineDraft("Work", 5_000)], by=writing_house.sam)
    other.issue(by=writing_house.sam)
    assert "Comes next" in client.get(path(invoice)).content.decode()
    receive_payment("bank", "line-1", amount=900_000, currency="USD", method="bank", invoices=[invoice])
    text = client.get(path(invoice)).content.decode()
    assert f'<a href="{path(other)}">The rest</a>' in text.split("Also open")[1]


def test_a_credited_invoice_is_not_to_be_paid(invoice: Invoice, client: Client, writing_house: House) -> None:
    credit_invoice(invoice, invoice.total, "By mistake", by=writing_house.sam)
    assert "This invoice is credited." in client.get(path(invoice)).content.decode()


def test_it_needs_a_code(invoice: Invoice, portal_client: Coming, writing_house: House) -> None:
    answer = portal_client(writing_house.cora, Level.LINK).get(path(invoice))
    assert "/sign-in/?next=" in answer["Location"]


def test_not_of_others_and_no_draft(
    invoice: Invoice, client: Client, portal_client: Coming, writing_house: House
) -> None:
    assert portal_client(Person.objects.create(name="Nora")).get(path(invoice)).status_code == 404
    draft = Invoice.draft(writing_house.job, "final", "Rest", [LineDraft("Work", 100)], by=writing_house.sam)
    assert client.get(path(draft)).status_code == 404
    PortalAccess.invite(writing_house.cora, by=None).see({"money": False}, by=None)
    assert client.get(path(invoice)).status_code == 404


def test_another_day_is_a_promise(invoice: Invoice, client: Client) -> None:
    day = (clock.now() + timedelta(days=9)).date()
    assert "We send no reminder until" in tell(client, invoice, "promise", until=day.isoformat())
    promise = PaymentPromise.objects.get(invoice=invoice)
    assert (promise.until, promise.amount, promise.taken_by) == (day, 900_000, None)
    assert "You said you pay by" in client.get(path(invoice)).content.decode()


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("", "Choose the day on which you pay."),
        ("2020-01-01", "The day has passed."),
        ("2099-01-01", "Choose a day within three months."),
    ],
)
def test_a_day_that_is_no_promise(invoice: Invoice, client: Client, until: str, words: str) -> None:
    assert words in tell(client, invoice, "promise", until=until)
    assert not PaymentPromise.objects.exists()


def test_a_transfer_under_way_pauses_reminders(invoice: Invoice, client: Client) -> None:
    assert "We see the transfer in one to three days." in tell(client, invoice, "sent")
    assert PaymentPromise.objects.get().words == "Says it is transferred"


def test_parts_are_a_request(invoice: Invoice, client: Client) -> None:
    tell(client, invoice, "parts")
    promise = PaymentPromise.objects.get()
    assert promise.amount == 300_000
    text = Message.objects.get(medium="portal").text
    assert f"About invoice {invoice.number}:" in text
    assert text.count("$3,000") == 3


def test_a_dispute_stops_reminders_and_is_a_message(invoice: Invoice, client: Client) -> None:
    assert "until you have an answer" in tell(client, invoice, "dispute", text="The gutter was left out")
    invoice.refresh_from_db()
    assert invoice.dispute_words == "The gutter was left out"
    assert "The gutter was left out" in Message.objects.get(medium="portal").text


def test_a_dispute_without_words(invoice: Invoice, client: Client) -> None:
    assert "Write what isn’t right." in tell(client, invoice, "dispute", text=" ")
    invoice.refresh_from_db()
    assert invoice.disputed_at is None


def test_nothing_else_can_be_told(invoice: Invoice, client: Client) -> None:
    assert client.post(path(invoice, "tell/"), {"do": "pay_back"}).status_code == 404


def test_the_job_page_asks_to_pay(invoice: Invoice, client: Client, writing_house: House) -> None:
    text = client.get(f"/my/{writing_house.tenant.slug}/jobs/{writing_house.job.number}/").content.decode()
    assert path(invoice) in text
    assert "$9,000 to pay, until" in text


def test_the_invoice_and_receipts_are_files(invoice: Invoice, client: Client, writing_house: House) -> None:
    receive_payment("bank", "line-1", amount=300_000, currency="USD", method="bank", job=writing_house.job)
    text = client.get(path(invoice)).content.decode()
    receipt = re.search(r"/my/[^\"]+/receipts/[^\"]+/", text)
    assert receipt
    for url in (path(invoice, "pdf/"), receipt[0]):
        answer = client.get(url)
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")


def test_the_link_of_its_messages_leads_to_it(invoice: Invoice, writing_house: House) -> None:
    house = writing_house
    subject = subject_of(brand=house.job.brand, language="en", job=house.job, given=given_for(invoice))
    link = links.read_link(links.link_of(subject).split("/open/")[1].strip("/"), house.tenant.pk)
    assert links.target_of(link, house.tenant.slug) == path(invoice)


def test_what_was_paid_and_what_comes_next_is_added_up(invoice: Invoice, client: Client, writing_house: House) -> None:
    issue(writing_house, 728_000, "Last part, 30%")
    gutter = issue(writing_house, 42_000, "Gutter")
    for number, (paid, amount) in enumerate(((invoice, 50_000), (invoice, 500_000), (gutter, 42_000))):
        paying = {"amount": amount, "currency": "USD", "method": "cash", "invoices": [paid]}
        receive_payment("hand", f"{number}", **paying)
    credit_invoice(gutter, 42_000, "Gutter not fitted", by=writing_house.sam)
    page = InvoicePage(invoice)
    assert (page.paid_total, page.others_total) == ("$5,920", "$6,860")
    text = client.get(path(invoice)).content.decode()
    for words in ("$5,920", "Then", "$6,860"):
        assert words in text


def agree_parts(house: House, invoice: Invoice) -> None:
    today = directory().today()
    InstalmentPlan.agree(invoice, [(today, 100_000), (today + timedelta(days=30), 800_000)], by=house.sam)


def test_of_parts_the_next_is_what_is_to_be_paid(writing_house: House, invoice: Invoice, client: Client) -> None:
    agree_parts(writing_house, invoice)
    page = client.get(path(invoice)).content.decode()
    assert ("<dd><bdi>$1,000</bdi></dd>" in page, "<b>$1,000</b>" in page) == (True, True)
    assert InvoicePage(invoice).offers_part


def test_the_last_part_is_all_that_is_open(writing_house: House, invoice: Invoice, client: Client) -> None:
    with clock.at(clock.now() - timedelta(days=40)):
        agree_parts(writing_house, invoice)
    receive_payment("bank", "line-1", amount=100_000, currency="USD", method="bank", job=writing_house.job)
    invoice.refresh_from_db()
    assert "Overdue" in client.get(path(invoice)).content.decode()
    assert not InvoicePage(invoice).offers_part
