"""Receivables: amounts by lateness, brand and currency against invoices made by hand; each opens its list."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict

from billing.figures.receivables import COLUMNS, read_receivables
from billing.invoices.invoice_list import INVOICES
from billing.models import Invoice, LineDraft, credit_invoice
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from crm.web.charts.figure_table import FigureCell
from tests.billing.conftest import NOON
from tests.cast import House
from tests.followups.conftest import Browser
from tests.queries import data_queries
from tests.reports.test_sums_by_index import columns_of

DAY = timedelta(days=1)


@pytest.fixture
def owed(house: House, bill: Callable[..., Invoice], pay: Callable[..., Any]) -> None:
    """Invoices of each age, a deposit, one in part paid, one paid, one credited, a draft; and one in euros."""
    bill(1_00)
    for late, amount in ((1, 10_00), (30, 20_00), (31, 30_00), (61, 40_00), (91, 50_00)):
        with clock.at(NOON - (late + 7) * DAY):
            bill(amount)
    bill(60_00, currency="EUR")
    part = bill(70_00)
    pay(20_00, invoices=[part])
    pay(80_00, invoices=[bill(80_00)])
    credit_invoice(bill(90_00), 90_00, "Not done", by=house.sam)


def amounts(house: House) -> dict[str, dict[str, int]]:
    return {
        line.currency: {column: line.columns[column].amount for column in COLUMNS if line.columns[column].amount}
        for line in read_receivables(house.mona, NOON)
    }


def test_amounts_are_by_lateness_and_never_added_over_currencies(house: House, owed: None) -> None:
    expected = {"open": 201_00, "due": 51_00, "first": 30_00, "two": 30_00, "three": 40_00, "old": 50_00}
    assert amounts(house) == {"EUR": {"open": 60_00, "due": 60_00}, "USD": expected}


def test_deposits_that_are_not_paid(house: House, job: Job, bill: Callable[..., Invoice]) -> None:
    bill(100_00)
    deposit = Invoice.draft(job, "deposit", "Deposit", [LineDraft("Deposit", 300_00)], by=house.sam)
    assert amounts(house)["USD"].get("deposits") is None, "a draft is not owed"
    deposit.issue(by=house.sam)
    assert amounts(house)["USD"]["deposits"] == 300_00


def test_brands_have_lines_of_their_own(house: House, job: Job, bill: Callable[..., Invoice]) -> None:
    other = Brand.objects.create(
        name="Solar", country="US", currency="USD", language="en", calendar_id=Brand.objects.get().calendar_id
    )
    bill(10_00)
    Job.objects.filter(pk=job.pk).update(brand=other)
    bill(20_00, of=Job.objects.get(pk=job.pk))
    lines = read_receivables(house.mona, NOON)
    assert [line.columns["open"].amount for line in lines] == [30_00, 10_00, 20_00]
    assert lines[0].brand_id is None


def test_each_amount_opens_the_invoices_it_adds_up(house: House, owed: None, mona: Browser) -> None:
    response = mona.client.get(f"{mona.prefix}reports/receivables/")
    cells: list[FigureCell] = [cell for _name, _about, row in response.context["rows"] for cell in row if cell.url]
    assert len(cells) >= 8
    for cell in cells:
        with use_tenant(house.tenant):
            filters = INVOICES.read(QueryDict(cell.url.partition("?")[2]), house.mona)
            assert not filters.dropped, cell
            assert INVOICES.apply(filters, house.mona).count() == int(cell.note.split()[0]), cell


def test_the_file_has_plain_amounts(owed: None, mona: Browser) -> None:
    text = mona.client.get(f"{mona.prefix}reports/receivables/?format=csv").content.decode()
    assert ",USD,201.00," in text
    assert ",EUR,60.00,1," in text


def test_who_may_not_see_the_books_finds_no_page(house: House, rita: Browser) -> None:
    rita.get("reports/receivables/", status=404)


def test_it_takes_as_many_statements_for_more_invoices(owed: None, bill: Callable[..., Invoice], mona: Browser) -> None:
    mona.get("reports/receivables/")
    with data_queries() as before:
        mona.get("reports/receivables/")
    for _nth in range(3):
        bill(5_00)
    with data_queries() as after:
        mona.get("reports/receivables/")
    assert len(after) == len(before)


def test_sums_of_invoices_stand_in_an_index(house: House, owed: None) -> None:
    with data_queries() as statements:
        read_receivables(house.mona, NOON)
    [sql] = statements
    asked = set(re.findall(r'"billing_invoice"\."(\w+)"', sql))
    assert {"sort_at", "open"} <= asked <= columns_of("invoice_receivable")
