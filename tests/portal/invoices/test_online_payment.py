"""Paying an invoice online from the customer's page: the button, the way to the payment page, and the refusals."""

from typing import Any

import pytest
from django.test import Client

from billing.models import Invoice, LineDraft, PaymentAttempt, ProviderAccount
from billing.models.online import AttemptState
from billing.payments.receiving import receive_payment
from billing.providers import links
from billing.providers.adapters.demo import DemoProvider
from billing.providers.interface import PaymentReport, ProviderFailure
from billing.providers.settling import settle_report
from tests.cast import House
from tests.portal.conftest import FIREFOX, Coming


@pytest.fixture
def account(writing_house: House, settings: Any) -> ProviderAccount:
    """The built-in payment page, connected to the brand of Cora's job."""
    settings.DEMO = True
    return ProviderAccount.connect(writing_house.job.brand, "demo", {"key": "demo-key"}, by=writing_house.ada)


@pytest.fixture
def invoice(writing_house: House, account: ProviderAccount) -> Invoice:
    """$3,620 for Cora's job."""
    house = writing_house
    row = Invoice.draft(house.job, "progress", "Second part", [LineDraft("Work", 362_000)], by=house.sam, due_days=7)
    row.issue(by=house.sam)
    return row


@pytest.fixture
def client(invoice: Invoice, portal_client: Coming, writing_house: House) -> Client:
    """Cora's browser, after a code."""
    return portal_client(writing_house.cora)


def path(invoice: Invoice, rest: str = "") -> str:
    return f"/my/{invoice.tenant.slug}/invoices/{invoice.uid}/{rest}"


def read(client: Client, invoice: Invoice) -> str:
    return client.get(path(invoice)).content.decode()


def pay(client: Client, invoice: Invoice, **data: str) -> Any:
    return client.post(path(invoice, "pay/"), {"way": "card", "how_much": "open", "amount_open": "362000"} | data)


def test_a_button_starts_to_pay_and_links_to_the_payment_page(invoice: Invoice, client: Client) -> None:
    text = read(client, invoice)
    assert "Pay by card" in text
    assert "on its way" not in text
    answer = pay(client, invoice)
    attempt = PaymentAttempt.objects.get()
    assert (attempt.amount, attempt.method) == (362_000, "card")
    assert attempt.return_url == f"http://testserver{path(invoice)}"
    assert answer.status_code == 200
    assert f'href="{links.go_url(attempt)}"' in answer.content.decode()


def test_it_is_on_its_way_until_the_provider_tells(invoice: Invoice, client: Client) -> None:
    pay(client, invoice)
    assert "If you completed the payment of $3,620, it is on its way." in read(client, invoice)
    PaymentAttempt.objects.get().settle(AttemptState.FAILED)
    assert "The payment of $3,620 did not go through." in read(client, invoice)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"amount_open": "362001"}, "What is open has changed. It is $3,620 now."),
        ({"how_much": "own"}, "It is not written as an amount of money."),
        ({"own_amount": "3620.01"}, "Enter an amount above zero, at most $3,620."),
        ({"own_amount": "0"}, "Enter an amount above zero, at most $3,620."),
        ({"own_amount": "€ 100"}, "Write the amount in USD."),
        ({"way": "ideal"}, "This way to pay isn’t available any more."),
        ({"way": ""}, "This way to pay isn’t available any more."),
    ],
)
def test_another_amount_or_way_is_refused(invoice: Invoice, client: Client, data: dict[str, str], words: str) -> None:
    answer = pay(client, invoice, **data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not PaymentAttempt.objects.exists()


def test_a_typed_amount_that_is_refused_is_what_is_chosen(invoice: Invoice, client: Client) -> None:
    page = pay(client, invoice, own_amount="3620.01").content.decode()
    assert 'value="own" checked' in page
    assert 'value="open" checked' not in page


def test_a_typed_amount_is_paid_whatever_is_chosen(invoice: Invoice, client: Client) -> None:
    answer = pay(client, invoice, own_amount="1,000")
    assert "You pay $1,000" in answer.content.decode()
    assert PaymentAttempt.objects.get().amount == 100_000


def test_all_that_is_left_of_the_job_is_paid_at_once(
    invoice: Invoice, client: Client, account: ProviderAccount, writing_house: House
) -> None:
    house = writing_house
    last = Invoice.draft(house.job, "final", "Last part", [LineDraft("Work", 728_000)], by=house.sam, due_days=30)
    last.issue(by=house.sam)
    assert "All that is left" in read(client, invoice)
    pay(client, invoice, how_much="all", amount_all="1090000")
    attempt = PaymentAttempt.objects.get()
    report = PaymentReport(str(attempt.uid), attempt.checkout_id, "paid", "p-1", amount=1_090_000, currency="USD")
    settle_report(account, report)
    for row in (invoice, last):
        row.refresh_from_db()
        assert (row.state, row.open) == ("paid", 0)


def test_a_paid_invoice_is_not_paid_again(invoice: Invoice, client: Client, writing_house: House) -> None:
    receive_payment("bank", "line-1", amount=362_000, currency="USD", method="bank", job=writing_house.job)
    assert "How do you want to pay?" not in read(client, invoice)
    answer = pay(client, invoice)
    assert answer.status_code == 422
    assert "Nothing is open on this invoice any more." in answer.content.decode()
    assert not PaymentAttempt.objects.exists()


def test_a_provider_in_trouble_is_said(invoice: Invoice, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise ProviderFailure("down", is_passing=True)

    monkeypatch.setattr(DemoProvider, "create_checkout", fail)
    answer = pay(client, invoice)
    assert answer.status_code == 422
    assert "The payment page can’t be reached now." in answer.content.decode()
    assert not PaymentAttempt.objects.exists()


def test_without_a_provider_there_is_no_button(
    invoice: Invoice, client: Client, account: ProviderAccount, writing_house: House
) -> None:
    account.disconnect(by=writing_house.ada)
    assert "How do you want to pay?" not in read(client, invoice)


def test_a_colleague_who_looks_sees_no_button(invoice: Invoice, writing_house: House) -> None:
    house = writing_house
    colleague = Client(headers={"user-agent": FIREFOX})
    colleague.force_login(house.sam.user)
    colleague.post(f"/{house.tenant.slug}/portal/jobs/{house.job.number}/look/")
    text = read(colleague, invoice)
    assert "$3,620 is open now" in text
    assert "How do you want to pay?" not in text
    assert pay(colleague, invoice).status_code == 403


def test_a_form_of_another_site_is_refused(invoice: Invoice, client: Client) -> None:
    client.handler.enforce_csrf_checks = True
    assert pay(client, invoice).status_code == 403
    assert not PaymentAttempt.objects.exists()
