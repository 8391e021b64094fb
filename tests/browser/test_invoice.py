"""A customer's invoice on a phone: the code, how much to pay, and the way to the payment page; the pages pass axe."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from billing.models import InstalmentPlan, Invoice, LineDraft, PaymentAttempt, ProviderAccount
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from portal.access import links
from tests.browser.test_pages import problems
from tests.browser.test_quote import PHONE, code_for, quote

__all__ = ["quote"]
pytestmark = pytest.mark.browser


@pytest.fixture
def bills(site: Any, quote: Any, settings: Any) -> list[Invoice]:
    """Two invoices of Cora's job, at a brand with the built-in payment page."""
    settings.DEMO = True
    house = site.cast.house
    with use_tenant(house.tenant):
        ProviderAccount.connect(Brand.objects.get(is_default=True), "demo", {"key": "demo-key"}, by=house.ada)
        rows = [
            Invoice.draft(house.job, kind, title, [LineDraft("Work", amount)], by=house.sam, due_days=7)
            for kind, title, amount in (("progress", "Second part", 362_000), ("final", "Last part", 728_000))
        ]
        for row in rows:
            row.issue(by=house.sam)
    return rows


def open_invoice(page: Any, site: Any, quote: Any, invoice: Invoice) -> None:
    """Open an invoice as its customer, with the code."""
    house = site.cast.house
    with use_tenant(house.tenant):
        point = house.cora.contact_points.get(kind="email")
        token = links.make_link(house.cora, job=house.job, point=point).token()
    page.goto(f"{site.url}/my/{house.tenant.slug}/open/{token}/")
    page.goto(f"{site.url}/my/{house.tenant.slug}/invoices/{invoice.uid}/")
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_label("Six digits").fill(code_for(quote))
    page.get_by_role("button", name="Sign in").click()


def test_another_amount_is_paid(open_page: Any, site: Any, quote: Any, bills: list[Invoice]) -> None:
    house = site.cast.house
    page = open_page(**PHONE)
    open_invoice(page, site, quote, bills[0])
    expect(page.get_by_text("All that is left")).to_be_visible()
    assert problems(page) == []
    page.get_by_label("Amount in USD").fill("1,000")
    with page.expect_request("**/public/payments/**"):
        page.get_by_role("button", name="Pay by card").click()
    with use_tenant(house.tenant):
        assert PaymentAttempt.objects.get().amount == 100_000


def test_the_next_part_is_paid(open_page: Any, site: Any, quote: Any, bills: list[Invoice]) -> None:
    house = site.cast.house
    with use_tenant(house.tenant):
        first = directory().today()
        parts = [(first, 181_000), (first + timedelta(days=30), 181_000)]
        InstalmentPlan.agree(bills[0], parts, by=house.sam)
    page = open_page(**PHONE)
    open_invoice(page, site, quote, bills[0])
    expect(page.get_by_role("heading", name="Your parts")).to_be_visible()
    assert problems(page) == []
    with page.expect_request("**/public/payments/**"):
        page.get_by_role("button", name="Pay by card").click()
    with use_tenant(house.tenant):
        assert PaymentAttempt.objects.get().amount == 181_000
