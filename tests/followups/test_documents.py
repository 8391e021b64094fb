"""A document whose date comes near plans a follow-up, which moves with the date and goes with it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm.documents.files.inspection import Inspected
from crm.documents.models import Document
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from followups.next_step import documents
from tests.cast import Cast
from tests.documents.conftest import PDF, begin, files, kind

__all__ = ["files"]
# Nine o'clock in New York, 180 days before it expires.
WARNED = datetime(2026, 5, 12, 13, 0, tzinfo=UTC)
EXPIRES = date(2026, 11, 8)


@pytest.fixture
def passport(cast: Cast, files: Any) -> Iterator[Document]:
    house = cast.house
    with use_tenant(house.tenant), clock.at(WARNED):
        begin()
        paper = Inspected("Passport.pdf", "application/pdf", PDF)
        row = Document.add(paper, kind=kind("Passport"), job=house.job, by=house.mona, expires_on=EXPIRES)
        row.warn()
        yield row


def follow(row: Document) -> None:
    """As the worker does, and twice."""
    events = list(Event.objects.of(row).filter(kind__in=documents.EVENTS))
    documents.plan_for_documents(events)
    documents.plan_for_documents(events)


def test_it_is_planned_once_for_the_leads_owner(cast: Cast, passport: Document) -> None:
    follow(passport)
    [planned] = FollowUp.objects.all()
    assert planned.subject == "Passport.pdf expires on Sun, Nov 8"
    assert (planned.kind, planned.assignee, planned.job) == ("documents", cast.house.rita, cast.house.job)
    assert planned.due_at == datetime(2026, 5, 13, 13, 0, tzinfo=UTC)
    planned.complete("successful", by=cast.house.rita)
    follow(passport)
    assert FollowUp.objects.count() == 1, "it was done for this date"


def test_it_moves_with_the_date_and_goes_with_it(cast: Cast, passport: Document) -> None:
    follow(passport)
    passport.set_expiry(date(2027, 11, 8), by=cast.house.rita)
    follow(passport)
    [planned] = FollowUp.objects.open()
    assert planned.due_at == datetime(2027, 5, 12, 13, 0, tzinfo=UTC)
    passport.replace(Inspected("New.pdf", "application/pdf", PDF), by=cast.house.rita)
    follow(passport)
    assert not FollowUp.objects.open().exists()


def test_of_a_customer_without_a_lead_it_is_who_keeps_it(cast: Cast, passport: Document) -> None:
    house = cast.house
    paper = Inspected("Visa.pdf", "application/pdf", PDF)
    row = Document.add(paper, kind=kind("Visa"), person=house.cora, by=house.sam, expires_on=WARNED.date())
    row.warn()
    follow(row)
    planned = FollowUp.objects.get(origin=f"document:{row.pk}:{row.expires_on}")
    assert (planned.assignee, planned.job, planned.person) == (house.sam, None, house.cora)
