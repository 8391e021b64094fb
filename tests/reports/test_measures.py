"""Which leads each measure counts, as the lists behind the numbers keep them."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import LEADS
from leads.models import FirstContact, Lead
from leads.response.first_contact import settle
from reports.figures.condition import FigureCount
from reports.figures.days import ZonedDays
from reports.figures.measures import CALLED, CONTACTED, IN_TIME, LOST_LATE, MEASURES, NO_CONTACT, WAITING
from reports.figures.reading import read
from reports.figures.sums import Narrowed
from tests.cast import Cast, House
from tests.followups.conftest import Browser

# A Thursday morning in New York.
NOW = datetime(2026, 3, 5, 15, tzinfo=UTC)
TODAY = ZonedDays(date(2026, 3, 5), date(2026, 3, 5))
DAY = timedelta(days=1)
Open = Callable[..., Job]


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with clock.at(NOW), use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def opened(house: House) -> Open:
    """Open a lead of Mona's that is worth something, days ago."""

    def make(title: str = "Ann", days: float = 0, value: int = 500_000) -> Job:
        with clock.at(NOW - days * DAY):
            job = open_job(title=title, stage=house.stage("New"), member=house.mona, by=house.mona, value=value)
            Lead.objects.create(job=job, rep=house.mona)
            settle([job.pk])
            return job

    return make


def listed(measure: str, days: ZonedDays = TODAY) -> list[str]:
    """The titles on the list of a number; and the number itself is as many."""
    found = Job.objects.filter(FigureCount(measure, days).condition()).values_list("title", flat=True)
    assert read(days, {measure}, ("measure",), Narrowed())[measure,].count == len(found)
    return sorted(found)


def test_a_call_that_was_logged_is_a_call(house: House, opened: Open) -> None:
    opened("Called").contact("call", "no_answer", by=house.mona)
    opened("Written to").contact("email", "sent", by=house.mona)
    assert listed(CALLED) == ["Called"]


def test_two_calls_of_a_lead_are_one_lead_called(house: House, opened: Open) -> None:
    job = opened("Called")
    for minutes in (0, 5):
        with clock.at(NOW + timedelta(minutes=minutes)):
            job.contact("call", "no_answer", by=house.mona)
    assert listed(CALLED) == ["Called"]


def test_a_call_that_was_taken_back_is_none(house: House, opened: Open) -> None:
    job = opened("Called")
    job.contact("call", "reached", by=house.mona)
    job.withdraw_contact(job.touched_at or NOW)
    assert listed(CALLED) == []


def test_a_call_of_nobody_is_not_logged_by_hand(house: House, opened: Open) -> None:
    opened("Called").contact("call", "reached", by=None)
    assert listed(CALLED) == []


def test_a_call_counts_on_its_own_day(house: House, opened: Open) -> None:
    job = opened("Called", days=3)
    with clock.at(NOW - DAY):
        job.contact("call", "no_answer", by=house.mona)
    yesterday = ZonedDays(TODAY.first - DAY, TODAY.first - DAY)
    assert (listed(CALLED), listed(CALLED, yesterday)) == ([], ["Called"])


def test_a_lead_reached_in_time_is_contacted_and_in_time(house: House, opened: Open) -> None:
    job = opened("Quick")
    job.contact("call", "reached", by=house.mona)
    settle([job.pk])
    opened("Alone")
    assert (listed(CONTACTED), listed(IN_TIME), listed(NO_CONTACT)) == (["Quick"], ["Quick"], ["Alone"])


def test_a_lead_reached_late_is_contacted_and_not_in_time(house: House, opened: Open) -> None:
    opened("Slow")
    FirstContact.objects.filter(job__title="Slow").update(
        due_at=NOW, contacted_at=NOW + timedelta(seconds=1), seconds=1
    )
    assert (listed(CONTACTED), listed(IN_TIME)) == (["Slow"], [])


def test_at_the_very_instant_it_is_in_time(house: House, opened: Open) -> None:
    opened("Sharp")
    FirstContact.objects.filter(job__title="Sharp").update(due_at=NOW, contacted_at=NOW, seconds=0)
    assert listed(IN_TIME) == ["Sharp"]


def test_a_dropped_lead_is_owed_no_contact(house: House, opened: Open) -> None:
    opened("Spam").drop("Spam", by=house.mona)
    opened("Lost").lose("Price", by=house.mona)
    assert (listed(NO_CONTACT), listed(WAITING)) == (["Lost"], [])


@pytest.mark.parametrize(("days", "late"), [(0, []), (30, ["Left"])])
def test_lost_late_is_lost_after_waiting_too_long(house: House, opened: Open, days: int, late: list[str]) -> None:
    opened("Left", days=days).lose("Price", by=house.mona)
    assert listed(LOST_LATE) == late


def test_what_waited_and_was_won_is_not_lost_late(house: House, opened: Open) -> None:
    Lead.objects.get(job=opened("Won", days=30)).win(by=house.mona)
    assert listed(LOST_LATE) == []


@pytest.mark.parametrize("measure", sorted(MEASURES))
def test_no_number_counts_leads_of_another_house(cast: Cast, house: House, opened: Open, measure: str) -> None:
    opened("Called").contact("call", "no_answer", by=house.mona)
    opened("Left", days=30).lose("Price", by=house.mona)
    with use_tenant(cast.other.tenant):
        assert "Called" not in listed(measure)
        assert "Left" not in listed(measure)


def test_figures_are_of_the_members_asked_for(house: House, opened: Open) -> None:
    opened("Hers")
    opened("Nobodys").assign_to(None, by=house.mona)
    found = {
        name: read(TODAY, {"came"}, (), Narrowed(members=frozenset({pk})))[()].count
        for name, pk in (("mona", house.mona.pk), ("nobody", None), ("sam", house.sam.pk))
    }
    assert found == {"mona": 1, "nobody": 1, "sam": 0}


def test_figures_are_of_the_pipelines_asked_for(house: House, opened: Open) -> None:
    job = opened("Hers")
    counts = [
        read(TODAY, {"came"}, (), Narrowed(pipelines=frozenset({pk})))[()].count for pk in (job.pipeline_id, 10**9)
    ]
    assert counts == [1, 0]


def test_money_of_two_currencies_is_never_summed(house: House, opened: Open) -> None:
    for title, currency in (("One", "USD"), ("Two", "EUR")):
        Job.objects.filter(pk=opened(title).pk).update(currency=currency)
    sums = read(TODAY, {"came"}, (), Narrowed(members=frozenset({house.mona.pk})))[()]
    assert (sums.count, sums.worth) == (2, [("EUR", 500_000), ("USD", 500_000)])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("untouched", "no contact yet"),
        ("unanswered", "late for first contact"),
        ("lost.2026-03-05.2026-03-05", "Lost, Thu, Mar 5"),
        ("came.2026-03-01.2026-03-05.won", "Came in, won"),
        ("came.2026-03-01.2026-03-05.p2", "as far as"),
        ("came.2026-03-01.2026-03-05.decided", "decided"),
    ],
)
def test_the_list_says_what_its_number_counts(house: House, asked: str, words: str) -> None:
    assert words in Browser(house, house.mona).get(f"leads/?closed=all&counted={asked}")


def test_late_for_first_contact_is_open_and_overdue(house: House, opened: Open) -> None:
    for title in ("Late", "Ended", "In time"):
        opened(title)
    FirstContact.objects.exclude(job__title="In time").update(due_at=NOW - DAY)
    Job.objects.get(title="Ended").lose("Price", by=house.mona)
    rows: Any = LEADS.apply(LEADS.read(QueryDict("counted=unanswered&closed=all&rep=me"), house.mona), house.mona)
    assert list(rows.values_list("title", flat=True)) == ["Late"]


def test_nobody_types_the_filter_of_a_number(house: House) -> None:
    known = LEADS.filterset.known()
    assert not any(known[name].offers(house.ada) for name in ("counted", "stayed"))


def test_a_call_counts_its_leads_once_whoever_is_asked(house: House, opened: Open) -> None:
    opened("Called").contact("call", "no_answer", by=house.mona)
    assert Event.objects.filter(kind="job.contacted").count() == 1
    by_member = read(TODAY, {CALLED}, ("member_id",), Narrowed())
    assert {member: one.count for (member,), one in by_member.items() if one.count} == {house.mona.pk: 1}
