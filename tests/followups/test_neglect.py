"""Customers without contact: one call for each neglect, unless more is planned, and what ends it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from followups.models import FollowUp
from followups.neglect import last_contact, watch
from followups.neglect.calls import plan_calls
from followups.neglect.models import ContactCadence, Neglect
from tests.cast import Cast, House
from tests.tickets.messages import message

BEGIN = datetime(2026, 5, 11, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(BEGIN):
        cast.house.job.came_in_at = BEGIN
        cast.house.job.save(update_fields=["came_in_at"])
        yield cast.house


def look(house: House, *, days: float) -> list[FollowUp]:
    """What is planned once the due work has run so many days after the beginning, twice."""
    with clock.at(BEGIN + days * DAY):
        watch.find_neglected([house.cora.pk])
        watch.find_neglected([house.cora.pk])
    return list(FollowUp.objects.order_by("pk"))


def watched(house: House) -> datetime:
    at: datetime = Due.objects.get(kind=watch.NEGLECTED, subject_id=house.cora.pk).due_at
    return at


def hear() -> None:
    """As the worker does with what was recorded."""
    watch.watch_contacts(list(Event.objects.filter(kind__in=watch.CONTACT_EVENTS)))


def test_after_the_cadence_one_urgent_call_is_planned_for_the_owner(house: House) -> None:
    assert look(house, days=59) == []
    assert watched(house) == BEGIN + 60 * DAY, "and looked at again when it is due"
    [row] = look(house, days=61)
    assert (row.kind, row.person, row.job, row.assignee) == ("call", house.cora, house.job, house.rita)
    assert (row.priority, row.subject) == (Priority.HIGH, "Call: no contact for 61 days")


def test_once_for_each_neglect(house: House) -> None:
    [row] = look(house, days=61)
    row.complete("no_answer", by=house.rita)
    assert len(look(house, days=90)) == 1
    assert Neglect.objects.lasting().count() == 1, "it goes on"


@pytest.mark.parametrize("kind", ["appointment", "follow-up", "sequence"])
def test_what_is_planned_suppresses_it(house: House, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = BEGIN + 61 * DAY
    if kind == "sequence":
        monkeypatch.setattr(watch, "people_under_way", lambda people: set(people))
    else:
        monkeypatch.setattr(watch, "planned_contacts", lambda people: dict.fromkeys(people, now + 5 * DAY))
    assert look(house, days=61) == []
    assert now < watched(house) <= now + 6 * DAY, "and is looked at again"


def test_a_planned_follow_up_is_a_planned_contact_and_an_overdue_one_is_none(house: House) -> None:
    FollowUp.plan(kind="call", subject="Call", due_at=BEGIN + 2 * DAY, by=None, about=house.cora)
    assert last_contact.planned_contacts([house.cora.pk]) == {house.cora.pk: BEGIN + 2 * DAY}
    with clock.at(BEGIN + 3 * DAY):
        assert last_contact.planned_contacts([house.cora.pk]) == {}


@pytest.mark.parametrize(
    ("direction", "changed", "counts"),
    [
        ("in", {}, True),
        ("in", {"automatic": "auto_reply"}, False),
        ("in", {"request": "stop"}, False),
        ("out", {"state": "sent", "delivery": "delivered"}, True),
        ("out", {"state": "sent", "delivery": "bounced"}, False),
        ("out", {"state": "failed"}, False),
        ("out", {"state": "sent", "delivery": "delivered", "purpose": "marketing"}, False),
    ],
)
def test_which_messages_are_contact(house: House, direction: str, changed: dict[str, str], counts: bool) -> None:
    message(direction, person=house.cora, at=BEGIN + 30 * DAY, **changed)
    assert (last_contact.last_contacts([house.cora.pk])[house.cora.pk] == BEGIN + 30 * DAY) == counts


def test_a_contact_ends_it_and_cancels_the_call(house: House) -> None:
    [row] = look(house, days=61)
    with clock.at(BEGIN + 62 * DAY):
        house.job.contact("call", "reached", by=house.rita)
        hear()
    row.refresh_from_db()
    assert row.status == "cancelled"
    assert not Neglect.objects.lasting().exists()
    with clock.at(BEGIN + 62 * DAY):
        watch.find_neglected([house.cora.pk])
    assert watched(house) == BEGIN + 122 * DAY
    assert len(look(house, days=123)) == 2, "the next neglect"


def test_an_attempt_is_no_contact(house: House) -> None:
    look(house, days=61)
    with clock.at(BEGIN + 62 * DAY):
        house.job.contact("call", "no_answer", by=house.rita)
        hear()
    assert Neglect.objects.lasting().exists()


def test_only_customers_with_an_open_or_done_job(house: House) -> None:
    Person.objects.create(name="Never a customer")
    house.job.drop("", by=house.mona)
    assert look(house, days=61) == []
    watch.watch_all()
    assert not Due.objects.filter(kind=watch.FIRST_LOOK).exists()


def test_who_has_been_silent_for_years_is_left(house: House) -> None:
    assert look(house, days=800) == []


def test_the_first_segment_that_matches_sets_the_cadence(house: House) -> None:
    ContactCadence.add("Everybody", by=house.ada, days=40, query="")
    ContactCadence.add("With work", by=house.ada, days=20, query="work=open")
    other = Person.objects.create(name="Done")
    job = open_job(title="Done", person=other, stage=house.stage("New"), member=house.rita, by=house.rita)
    job.finish(by=house.rita)
    assert watch.cadence_days([house.cora.pk, other.pk]) == {house.cora.pk: 20, other.pk: 40}
    assert len(look(house, days=21)) == 1


@pytest.mark.parametrize("days", [0, 731])
def test_a_cadence_has_one_day_to_two_years(house: House, days: int) -> None:
    with pytest.raises(Refused):
        ContactCadence.add("Odd", by=house.ada, days=days, query="")


def test_a_longer_cadence_ends_the_neglect(house: House) -> None:
    look(house, days=61)
    ContactCadence.add("Everybody", by=house.ada, days=90, query="")
    look(house, days=62)
    assert not Neglect.objects.lasting().exists()


def test_a_tenant_that_is_there_already_is_watched_once(house: House) -> None:
    watch.watch_customers()
    with clock.at(BEGIN + DAY):
        watch.watch_customers()
    assert Due.objects.get(kind=watch.FIRST_LOOK).due_at == BEGIN


def test_who_is_silent_when_the_watch_begins_is_marked_and_managers_are_asked(house: House) -> None:
    with clock.at(BEGIN + 61 * DAY):
        watch.mark_neglected([house.cora.pk])
        watch.mark_neglected([house.cora.pk])
    assert Neglect.objects.lasting().get().follow_up is None
    assert look(house, days=62) == [], "nor is a call planned later"
    asked = Notice.objects.filter(kind=watch.BACKLOG).values_list("member_id", flat=True)
    assert set(asked) == {house.mona.pk, house.ada.pk}


def test_who_is_not_neglected_at_the_first_look_is_watched(house: House) -> None:
    watch.mark_neglected([house.cora.pk])
    assert watched(house) == BEGIN + 60 * DAY
    assert len(look(house, days=61)) == 1


def test_many_at_once_are_a_backlog(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MOST_AT_ONCE", 0)
    assert look(house, days=61) == []
    assert Neglect.objects.lasting().count() == 1
    assert Notice.objects.filter(kind=watch.BACKLOG).count() == 2


def test_calls_of_a_backlog_are_spread_over_working_days(house: House) -> None:
    people = [Person.objects.create(name=f"Person {count}") for count in range(11)]
    for person in people:
        open_job(title="Roof", person=person, stage=house.stage("New"), member=house.rita, by=house.rita)
    with clock.at(BEGIN + 61 * DAY):
        watch.mark_neglected([person.pk for person in people])
        made = plan_calls(list(Neglect.objects.select_related("person").order_by("pk")), by=house.mona)
    days = Counter(row.due_at.astimezone(NEW_YORK).date() for row in made)
    assert sorted(days.values()) == [3, 4, 4]
    assert all(day.weekday() < 5 for day in days)
    assert {row.assignee for row in made} == {house.rita}
