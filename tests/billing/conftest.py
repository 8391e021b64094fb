"""What the tests of billing share: the house on a Wednesday morning, Cora's job, and an invoice of it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from billing.models import Invoice, LineDraft, Payment
from billing.payments.receiving import receive_payment
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House
from tests.followups.conftest import Browser

# A Wednesday, ten in the morning in New York.
NOON = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    """The house on a Wednesday morning, its tenant in use."""
    with clock.at(NOON), use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def job(house: House) -> Job:
    """Cora's job, as the database has it."""
    found: Job = Job.objects.get(pk=house.job.pk)
    return found


@pytest.fixture
def bill(house: House, job: Job) -> Callable[..., Invoice]:
    """`bill(100_00)` issues an invoice of Cora's job, due in `days`."""

    def issue(amount: int = 10_000, *, days: int = 7, of: Job | None = None, **given: Any) -> Invoice:
        lines = [LineDraft("Work", amount, tax_rate=given.pop("tax_rate", 0))]
        row = Invoice.draft(of or job, "progress", "Work has begun", lines, by=house.sam, due_days=days, **given)
        row.issue(by=house.sam)
        return row

    return issue


@pytest.fixture
def pay(house: House, job: Job) -> Callable[..., Payment]:
    """`pay(50_00)` receives a payment of Cora's for her job; `ref` is its id at the bank."""
    count = iter(range(1, 100))

    def receive(amount: int, *, ref: str = "", **given: Any) -> Payment:
        given = {"currency": "USD", "method": "bank", "job": job} | given
        return receive_payment("bank", ref or f"line-{next(count)}", amount=amount, **given)

    return receive


@pytest.fixture
def rita(house: House) -> Browser:
    return Browser(house, house.rita)


@pytest.fixture
def sam(house: House) -> Browser:
    return Browser(house, house.sam)


@pytest.fixture
def mona(house: House) -> Browser:
    return Browser(house, house.mona)


def recorded(kind: str) -> int:
    """How often an event of a kind was recorded."""
    return int(Event.objects.filter(kind=kind).count())
