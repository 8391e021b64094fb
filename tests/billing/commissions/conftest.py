"""A partner who brought Cora's job, and what was agreed with them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from billing.commissions.earning import settle_job
from billing.models import Commission, CommissionAgreement, CommissionStatement
from billing.models.commissions.statement import draw_up_statements
from crm.jobs.models import Job, JobParty
from crm.kernel import clock
from leads.models import Partner
from tests.billing.conftest import NOON
from tests.cast import House

OCTOBER = date(2026, 10, 1)
NOVEMBER = date(2026, 11, 1)
NEXT_MONTH = NOON + timedelta(days=7)
Earn = Callable[[], list[int]]


@pytest.fixture
def partner(house: House, job: Job) -> Partner:
    """Bay Roofs brought Cora's job."""
    row = Partner.add("Bay Roofs", "office@bayroofs.example", by=house.ada)
    JobParty.involve(job, row.person, "partner", by=house.ada)
    return row


@pytest.fixture
def agree(house: House, job: Job, partner: Partner) -> Callable[..., CommissionAgreement]:
    """`agree(rate=50_000)` or `agree(amount=25_000)`, from January on."""

    def make(**given: Any) -> CommissionAgreement:
        basis = "percent" if "rate" in given else "fixed"
        given = {"from_day": date(2026, 1, 1), "currency": "USD"} | given
        return CommissionAgreement.agree(partner, job.brand, given.pop("currency"), basis, by=house.mona, **given)

    return make


@pytest.fixture
def earn(job: Job) -> Earn:
    """`earn()` settles Cora's job, twice, and returns the amounts so far."""

    def settle() -> list[int]:
        settle_job(job)
        settle_job(job)
        return list(Commission.objects.order_by("pk").values_list("amount", flat=True))

    return settle


@pytest.fixture
def draft(house: House, agree: Any, bill: Any, pay: Any, earn: Earn) -> CommissionStatement:
    """The draft of November: 5 % of 1,000."""
    agree(rate=50_000)
    bill(100_000)
    pay(100_000)
    earn()
    with clock.at(NEXT_MONTH):
        return draw_up_statements(NOVEMBER, by=house.mona)[0]
