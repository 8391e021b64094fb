"""Triggers by dates of customers, properties and requested documents: planned, moved, closed, once for each date."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from crm.automation.models import RuleRun, RuleTimer
from crm.automation.setup import read_rule
from crm.automation.span import Span
from crm.documents.models import DocumentKind, DocumentRequest
from crm.jobs.correction import fill_in
from crm.jobs.models import Job
from crm.jobs.models.fields import OwnField
from crm.kernel import clock
from crm.people.correction import set_own_fields
from crm.people.erasure import erase
from crm.people.merging.merge import merge
from crm.people.models import Person, Property
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York
DAY = timedelta(days=1)
CALL = {"kind": "call", "title": "Renew it", "who": "owner", "count": 2, "unit": "days", "priority": 2}
SetDate = Callable[[str], None]


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


def _record(house: House, record: str) -> Person | Property:
    job = Job.objects.get(pk=house.job.pk)
    if record == "person":
        return Person.objects.get(pk=job.person_id)
    return Property.objects.get(pk=job.site_id)


@pytest.fixture(params=["person", "property"])
def set_date(request: pytest.FixtureRequest, house: House) -> SetDate:
    """Fill in a date of the customer or property; a rule plans a follow-up five days before it."""
    field = OwnField.add("Valid until", kind="date", record=request.param, by=None)
    plan = do("followup.plan", **CALL)
    rule(
        f"{request.param}.own_date",
        plan,
        span=Span(5),
        before=True,
        options={"field": field.key},
        record=request.param,
    )

    def fill(day: str) -> None:
        fill_in(_record(house, request.param), field, day, by=house.rita)
        work()

    return fill


def _days() -> list[tuple[str, date]]:
    return [(row.status, row.due_at.date()) for row in FollowUp.objects.order_by("pk")]


def test_it_is_planned_before_the_date_for_the_owner_of_the_latest_lead(house: House, set_date: SetDate) -> None:
    set_date("2026-03-12")
    work(MONDAY + 6 * DAY)
    planned = FollowUp.objects.get()
    assert (planned.assignee, planned.person, planned.job) == (house.rita, house.cora, None)
    assert _days() == [("pending", date(2026, 3, 10))]


def test_it_moves_with_the_date_and_closes_when_it_is_cleared(set_date: SetDate) -> None:
    set_date("2026-03-12")
    work(MONDAY + 6 * DAY)
    with clock.at(MONDAY + 6 * DAY):
        set_date("2026-04-20")
        assert _days() == [("pending", date(2026, 4, 17))]
        set_date("")
    assert _days() == [("cancelled", date(2026, 4, 17))]


def test_one_date_plans_once_however_often_it_is_entered(set_date: SetDate) -> None:
    set_date("2026-03-12")
    work(MONDAY + 6 * DAY)
    with clock.at(MONDAY + 7 * DAY):
        set_date("")
        set_date("2026-03-12")
    work(MONDAY + 8 * DAY)
    assert [status for status, _day in _days()] == ["cancelled"]
    assert RuleRun.objects.count() == 1


def test_a_merged_customer_hands_the_date_over(house: House) -> None:
    field = OwnField.add("Passport", kind="date", record="person", by=None)
    plan = do("followup.plan", **CALL)
    rule("person.own_date", plan, span=Span(5), before=True, options={"field": field.key}, record="person")
    other = Person.objects.create(name="Cora Twin")
    set_own_fields(other, {field.key: "2026-03-12"}, by=house.rita)
    work()
    work(MONDAY + 6 * DAY)
    with clock.at(MONDAY + 6 * DAY):
        merge(house.cora, other, by=house.ada)
        work()
    assert [status for status, _day in _days()] == ["cancelled", "pending"]
    assert set(RuleTimer.objects.values_list("record_id", flat=True)) <= {house.cora.pk}


def test_an_erased_customer_has_nothing_planned(house: House) -> None:
    field = OwnField.add("Passport", kind="date", record="person", by=None)
    plan = do("followup.plan", **CALL)
    rule("person.own_date", plan, span=Span(5), before=True, options={"field": field.key}, record="person")
    fill_in(_record(house, "person"), field, "2026-03-12", by=house.rita)
    work()
    work(MONDAY + 6 * DAY)
    with clock.at(MONDAY + 6 * DAY):
        erase(Person.objects.get(pk=house.cora.pk), by=house.ada)
        work()
    assert [status for status, _day in _days()] == ["cancelled"]


def test_a_trigger_whose_field_is_archived_says_so(house: House) -> None:
    field = OwnField.add("Passport", kind="date", record="person", by=None)
    passport = rule("person.own_date", do("tell", who="owner"), options={"field": field.key}, record="person")
    field.archive(by=None)
    assert read_rule(passport).problem == "Its date field no longer exists."


def test_a_field_of_leads_is_none_of_customers(house: House) -> None:
    field = OwnField.add("Lease ends", kind="date", record="job", by=None)
    lease = rule("person.own_date", do("tell", who="owner"), options={"field": field.key}, record="person")
    assert read_rule(lease).problem == "Its date field no longer exists."


@pytest.fixture
def request_(house: House) -> DocumentRequest:
    """A rule plans a follow-up a day before the document is due, in ten days."""
    rule("job.document_due", do("followup.plan", **CALL | {"count": 0}), span=Span(1), before=True)
    kind = DocumentKind.add("Passport", by=None)
    due_on = (MONDAY + 10 * DAY).date()
    request = DocumentRequest.ask(Job.objects.get(pk=house.job.pk), "", kind=kind, by=house.rita, due_on=due_on)
    work()
    work(MONDAY + 9 * DAY)
    return request


def _planned() -> list[tuple[str, date]]:
    rows = FollowUp.objects.filter(origin__startswith="rule:").order_by("pk")
    return [(row.status, row.due_at.date()) for row in rows]


def test_a_document_that_is_due_has_a_follow_up_that_moves_with_it(house: House, request_: DocumentRequest) -> None:
    assert _planned() == [("pending", date(2026, 3, 11))]
    with clock.at(MONDAY + 9 * DAY):
        request_.postpone((MONDAY + 22 * DAY).date(), by=house.rita)
        work()
    assert _planned() == [("pending", date(2026, 3, 23))]


@pytest.mark.parametrize("end", ["withdraw", "no date"])
def test_a_document_that_is_due_no_more_closes_it(house: House, request_: DocumentRequest, end: str) -> None:
    with clock.at(MONDAY + 9 * DAY):
        if end == "withdraw":
            request_.withdraw(by=house.rita)
        else:
            request_.postpone(None, by=house.rita)
        work()
    assert [status for status, _day in _planned()] == ["cancelled"]
    assert Event.objects.filter(kind="followup.cancelled").exists()
