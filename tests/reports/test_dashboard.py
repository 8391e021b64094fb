"""The dashboard: every number of it opens the list with as many rows, for whoever reads it and whatever it shows."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Brand, Event, Member
from crm.platform.tenancy.context import use_tenant
from crm.web.charts.matrix import MatrixCell, MatrixRow
from crm.web.charts.values import ChartValue
from followups.models import FollowUp
from leads.lead_list import LEADS
from leads.models import Lead
from leads.response.figures import ResponseShare
from leads.response.first_contact import settle
from reports.dashboard.ages import BY, ages
from reports.dashboard.page import dashboard
from reports.dashboard.response import Response
from reports.dashboard.scope import Linked, Scope
from reports.dashboard.sources import source_tables
from reports.dashboard.unusual_card import is_good
from reports.figures.days import ONE, ZonedDays, today
from reports.figures.upkeep import DAYS, begin
from reports.models import UnusualDay
from reports.unusual.detection import MOST, WATCHED, look_at
from tests.cast import Cast
from tests.queries import data_queries
from tickets.inbox.ticket_list import TICKETS

pytestmark = pytest.mark.django_db


def numbers(thing: Any) -> Iterator[tuple[int, str]]:
    """All numbers of a page with the addresses of their lists, however deep they lie."""
    if isinstance(thing, Linked | MatrixCell) and thing.url:
        yield thing.count, thing.url
    elif isinstance(thing, ChartValue) and thing.url:
        yield int(thing.number or 0), thing.url
    if isinstance(thing, MatrixRow):
        yield thing.total, thing.url
    if is_dataclass(thing) and not isinstance(thing, type):
        parts: Any = [getattr(thing, one.name) for one in fields(thing)]
    else:
        parts = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list | tuple) else []
    for part in parts:
        yield from numbers(part)


def drawn(page: Any) -> Iterator[tuple[int, str]]:
    """Numbers of the charts, which are drawn: from their tables."""
    for chart in [page.funnel, *page.trends, *([page.demand.chart] if page.demand else [])]:
        for row in chart.table.rows:
            for cell in row.cells:
                if cell.url:
                    yield int(cell.text.split(" ")[0].replace(",", "")), cell.url


def listed(url: str, member: Member) -> int:
    path, _mark, query = url.partition("?")
    which = TICKETS if "/tickets/" in path else LEADS
    filters = which.read(QueryDict(query), member)
    assert not filters.dropped, url
    return int(which.apply(filters, member).count())


@pytest.fixture
def busy(cast: Cast, scene: dict[str, Job]) -> Iterator[Cast]:
    """The scene with a won lead, a lost one that waited, some of nobody's, of another's, and two that were answered."""
    house = cast.house
    with use_tenant(house.tenant), clock.at(clock.now()):
        Lead.objects.get(job=scene["Hector Salinas"]).win(by=house.rita)
        scene["Luz Okafor"].lose("Price", by=house.rita)
        scene["Wanda Pruitt"].assign_to(house.mona, by=house.mona)
        scene["Samir Haddad"].assign_to(None, by=house.mona)
        fresh = [open_job(title=f"Fresh {at}", by=house.mona, value=120_000, member=house.rita) for at in range(3)]
        fresh[0].contact("call", "reached", by=house.rita)
        # On hold before any step: of those without a step, though its level is another.
        fresh[2].pause(reason="Travels", until=None, by=house.rita)
        settle([job.pk for job in fresh])
        begin()
        DAYS.refresh_days()
        yield cast


def test_every_number_is_the_count_of_its_list(busy: Cast) -> None:
    house, brand = busy.house, Brand.objects.get()
    whose = {
        house.mona: [
            *("", "days=7", "days=1", f"rep={house.rita.uid}", "rep=nobody", f"brand={brand.uid}&days=90"),
            f"from={today() - 20 * ONE}&to={today() - 2 * ONE}",
        ],
        house.rita: ["", "days=365"],
    }
    for member, queries in whose.items():
        for query in queries:
            page = dashboard(Scope.read(QueryDict(query), member, house.tenant.slug))
            found = [*numbers(page), *drawn(page)]
            assert len(found) > 25, (member.name, query)
            for count, url in found:
                assert listed(url, member) == count, (member.name, query, url)
        for by in BY:
            lines = ages(Scope.read(QueryDict(), member, house.tenant.slug), by)
            assert all(line.open.url for line in lines), by
            for count, url in numbers(lines):
                assert listed(url, member) == count, (by, url)
    tables = source_tables(Scope.read(QueryDict("days=90"), house.mona, house.tenant.slug))
    found = list(numbers([line for table in tables for line in table.lines]))
    assert len(found) > 5
    for count, url in found:
        assert listed(url, house.mona) == count, url
    lost = [(line, part) for table in tables for line in table.lines for part in line.lost]
    assert lost, "one was, for its price"
    for line, part in lost:
        assert listed(part.url, house.mona) == int(part.name.rpartition(" ")[2]), (line.name, part.url)
    mine = dashboard(Scope.read(QueryDict(), house.rita, house.tenant.slug))
    assert {line.name for line in mine.team} == {"Rita Rep"}
    assert dashboard(Scope.read(QueryDict("rep=nobody"), house.mona, house.tenant.slug)).open == 1


def test_the_page_the_file_and_who_may_see_them(busy: Cast, client: Client) -> None:
    house = busy.house
    address = reverse("reports:dashboard", args=[house.tenant.slug])
    client.force_login(house.mona.user)
    events.chosen_kinds()
    with data_queries() as few:
        page = client.get(address).content.decode()
    for words in ("Needs you now", "Where leads are waiting", "Cost of waiting", "Forecast in USD", "Rita Rep"):
        assert words in page
    assert "style=" not in page.partition("<main")[2]
    card = reverse("reports:sources", args=[house.tenant.slug])
    assert f'hx-get="{card}?days=30"' in page
    assert "Why the rest was lost" in client.get(card, {"days": "30"}).content.decode()
    assert client.get(card, {"rep": "nobody"}).status_code == 404, "spend is of all leads of a source"
    with use_tenant(house.tenant):
        for at in range(5):
            open_job(title=f"More {at}", by=house.mona, value=5, member=house.mona)
    with data_queries() as more:
        client.get(address)
    assert len(more) == len(few), "no statement for each lead"
    file = client.get(address, {"format": "csv"}).content.decode()
    assert "Rita Rep" in file
    assert "Very late" in file
    ages_page = reverse("reports:ages", args=[house.tenant.slug])
    assert "Oldest" in client.get(ages_page).content.decode()
    assert "Rita Rep" in client.get(ages_page, {"by": "rep", "format": "csv"}).content.decode()
    client.force_login(house.sam.user)
    assert client.get(address).status_code == 404


def test_an_organization_without_leads_is_told_so(cast: Cast, client: Client) -> None:
    with use_tenant(cast.house.tenant):
        Event.objects.filter(job_id=cast.house.job.pk).exists()
        Lead.objects.all().delete()
        Job.objects.all().delete()
    client.force_login(cast.house.mona.user)
    page = client.get(reverse("reports:dashboard", args=[cast.house.tenant.slug])).content.decode()
    assert "Nothing to report yet" in page
    assert '<svg class="chart"' not in page


def test_eighty_nine_point_six_is_not_ninety_and_more_calls_are_not_bad() -> None:
    assert Response(contacted=249, in_time=224, overdue=1).percent == 89
    assert ResponseShare(in_time=224, measured=250).percent == 89
    assert [is_good(UnusualDay(measure=name, low=1, high=5, count=9)) for name in WATCHED] == [
        *(True, True, False),
        *(None, None),
    ]
    assert [is_good(UnusualDay(measure=name, low=1, high=5, count=0)) for name in WATCHED] == [
        *(False, False, True),
        *(False, False),
    ]


@pytest.fixture
def saturday() -> Iterator[None]:
    """A day after nine Fridays of which none is a holiday, whenever the test runs."""
    with clock.at(datetime(2026, 9, 26, 16, tzinfo=UTC)):
        yield


@pytest.mark.usefixtures("saturday")
def test_an_odd_day_is_told_once_until_somebody_takes_note_of_it(cast: Cast, client: Client) -> None:
    house = cast.house
    # Eight Fridays of three leads, then one of twenty, and a week of many odd days.
    with use_tenant(house.tenant):
        friday = today() - timedelta(days=(today().weekday() - 4) % 7 or 7)
        yesterday = clock.now().replace(hour=17, minute=0)
        for week in range(9):
            at = yesterday - timedelta(days=(today() - friday).days + 7 * week)
            for lead in range(20 if week == 0 else 3):
                with clock.at(at):
                    open_job(title=f"{week} {lead}", by=None)
        odd = ZonedDays(friday, friday)
        look_at(odd)
        look_at(odd)
        rows = UnusualDay.objects.filter(measure="came")
        if not rows:
            pytest.fail("twenty where three come is unusual")
        (row,) = rows
        assert (row.count, row.low <= 3 <= row.high) == (20, True)
    client.force_login(house.mona.user)
    address = reverse("reports:dashboard", args=[house.tenant.slug])
    assert "New leads," in client.get(address).content.decode()
    took = reverse("reports:acknowledge", args=[house.tenant.slug, row.uid])
    client.post(took, {"note": "The storm", "next": address})
    client.post(took, {"note": "Again"})
    page = client.get(address).content.decode()
    assert "Mona Manager: The storm" in page
    assert "Again" not in page
    client.force_login(house.rita.user)
    assert client.post(took).status_code == 404
    with use_tenant(house.tenant):
        assert Event.objects.filter(kind="unusual_day.acknowledged").count() == 1
        look_at(odd)
        row.refresh_from_db()
        assert row.note == "The storm"
        for at in range(1, 10):
            UnusualDay.objects.create(day=friday, measure=f"m{at}", count=9, low=0, high=1, weight=at)
        look_at(odd)
        assert UnusualDay.objects.filter(noted_at=None).count() <= MOST


def test_the_overview_has_follow_ups(busy: Cast, client: Client) -> None:
    house = busy.house
    with use_tenant(house.tenant):
        done = FollowUp.plan(
            kind="call", subject="Call", due_at=clock.now() + timedelta(hours=1), assignee=house.rita, by=house.rita
        )
        done.complete("successful", by=house.rita)
        read = dashboard(Scope.read(QueryDict(), house.mona, house.tenant.slug))
        (line,) = (one for one in read.team if one.name == "Rita Rep")
        assert (line.follow_ups.text, line.follow_ups.count) == ("100%", 1)
    client.force_login(house.mona.user)
    card = reverse("reports:follow_ups", args=[house.tenant.slug])
    overview = client.get(reverse("reports:dashboard", args=[house.tenant.slug])).content.decode()
    assert f'hx-get="{card}?days=30"' in overview
    page = client.get(card).content.decode()
    assert "1 of 1" in page
    assert "who=all" in page
    assert "<bdi>Call</bdi>" in client.get(line.follow_ups.url).content.decode()
    assert client.get(card, {"brand": str(house.job.brand.uid)}).status_code == 404, "follow-ups have no brand"
