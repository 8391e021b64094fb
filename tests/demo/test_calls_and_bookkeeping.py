"""The demo's calls and its connection to an accounting system."""

from collections.abc import Callable

import pytest

from billing.models import AccountingTerms, Invoice
from connections.models import Connection, SyncItem, SyncLogEntry
from connections.notices import FAILED
from connections.sync.alerts import alert_key
from crm.jobs.models import Job, Source
from crm.kernel import clock
from crm.web.notices.acknowledgements import acknowledgement_of
from demo.leads.calls import create_calls
from demo.sales.bookkeeping import create_bookkeeping
from leads.models import Campaign, TrackedCall, Verdict
from tests.billing.conftest import bill, house, job
from tests.cast import House

__all__ = ["bill", "house", "job"]
pytestmark = pytest.mark.django_db


def test_calls_have_each_verdict(house: House) -> None:
    Campaign.add("Spring", source=Source.add("Google Ads", by=None), by=None)
    create_calls(clock.now())
    assert set(TrackedCall.objects.values_list("verdict", flat=True)) == set(Verdict.values)


def test_a_connection_stopped_with_a_dead_letter_and_invoices_that_wait(
    house: House, job: Job, bill: Callable[..., Invoice]
) -> None:
    AccountingTerms.set_for(job.brand, by=house.ada, system="quickbooks", item="Work", tax_codes={"0": "NON"})
    for amount in (100_00, 200_00, 300_00, 400_00):
        bill(amount)
    create_bookkeeping(clock.now())
    row = Connection.objects.get()
    assert (row.state, SyncItem.objects.waiting().count(), SyncItem.objects.dead().count()) == ("broken", 2, 1)
    assert SyncLogEntry.objects.filter(problem="").count() == 24
    assert acknowledgement_of(FAILED, alert_key(row))


def test_the_company_of_exact_online_is_not_compared_at_the_sign_in(
    house: House, job: Job, bill: Callable[..., Invoice]
) -> None:
    AccountingTerms.set_for(job.brand, by=house.ada, system="exact", journal="70", tax_codes={"0": "VN"})
    bill(100_00)
    create_bookkeeping(clock.now())
    assert "realm_id" not in Connection.objects.get().options
