"""Numbers of invoices: without gaps for each brand and year, whoever issues at once and whatever is rolled back."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import transaction

from billing.models import Invoice, InvoiceCounter, LineDraft, credit_invoice
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House, load_cast
from tests.together import together


def test_each_brand_year_and_series_counts_by_itself(house: House, job: Job, bill: Callable[..., Invoice]) -> None:
    second = Brand.create(by=None, name="Second", country="US", currency="USD", language="en")
    first = bill()
    with clock.at(datetime(2027, 1, 1, 15, tzinfo=UTC)):
        assert [bill().number, bill().number] == ["INV-2027-0001", "INV-2027-0002"]
        job.brand = second
        assert bill(of=job).number == f"INV{second.pk}-2027-0001"
    assert credit_invoice(first, 5, "Less", by=None).number == "CN-2026-0001"


def test_the_year_is_that_of_the_tenants_calendar(house: House, bill: Callable[..., Invoice]) -> None:
    with clock.at(datetime(2027, 1, 1, 4, 0, tzinfo=UTC)):  # eleven in the evening in New York
        assert bill().year == 2026


@pytest.mark.servers
def test_a_number_that_was_rolled_back_is_given_to_the_next(transactional_db: None) -> None:
    """Two who issue at once: the second waits, and gets the number that the first gave back."""
    cast: Cast = load_cast()

    def issue(fails: bool) -> Callable[[], str]:
        def run() -> str:
            with use_tenant(cast.house.tenant):
                job = Job.objects.get(pk=cast.house.job.pk)
                try:
                    with transaction.atomic():
                        row = Invoice.draft(job, "final", "Done", [LineDraft("x", 500)], by=None)
                        row.issue(by=None)
                        if fails:
                            raise ZeroDivisionError
                        return str(row.number)
                except ZeroDivisionError:
                    return ""

        return run

    numbers = together(issue(False), issue(True), issue(False), issue(True), issue(False))
    year = clock.now().year
    assert sorted(filter(None, numbers)) == [f"INV-{year}-000{count}" for count in (1, 2, 3)]
    with use_tenant(cast.house.tenant):
        assert InvoiceCounter.objects.get().last == 3
