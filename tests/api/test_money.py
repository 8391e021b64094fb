"""Invoices and payments in the API."""

import pytest

from billing.models import Invoice, LineDraft
from billing.payments.receiving import receive_payment
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient
from tests.cast import Cast


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    """An invoice of $100 of Cora's job."""
    with use_tenant(cast.house.tenant):
        lines = [LineDraft("Work", 10_000)]
        row = Invoice.draft(cast.house.job, "progress", "Work has begun", lines, by=cast.house.sam, due_days=7)
        row.issue(by=cast.house.sam)
        return row


def test_an_invoice_is_read_with_its_lines(rita: ApiClient, invoice: Invoice) -> None:
    shown = rita.get(f"invoices/{invoice.uid}/").json()

    assert (shown["number"], shown["total"], shown["currency"]) == (invoice.number, 10_000, "USD")
    assert shown["lines"][0]["amount"] == 10_000


def test_invoices_are_filtered_as_on_the_page(rita: ApiClient, invoice: Invoice) -> None:
    assert len(rita.get("invoices/?state=open").json()["results"]) == 1
    assert rita.get("invoices/?state=late").json()["results"] == []


def test_a_payment_is_read(rita: ApiClient, invoice: Invoice, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        receive_payment("bank", "line-1", amount=10_000, currency="USD", method="bank", job=cast.house.job)

    [payment] = rita.get("payments/").json()["results"]

    assert (payment["amount"], payment["used"], payment["job"]) == (10_000, 10_000, cast.house.job.number)


@pytest.mark.parametrize("resource", ["invoices", "payments"])
def test_money_is_not_written(resource: str, ada: ApiClient) -> None:
    assert ada.send("post", f"{resource}/", {}).status_code == 405
