"""What a dashboard is of, the addresses of its numbers, and which leads each number counts."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Brand, Team, TeamMember
from crm.platform.tenancy.context import use_tenant
from leads.models import Lead
from reports.dashboard.ageing import _age_conditions, _column_labels
from reports.dashboard.scope import USUAL, Scope
from reports.figures.condition import FigureCount, _FigureCountField
from reports.figures.days import ZonedDays, days_of, last_days, midnight, today
from reports.figures.measures import CAME, LOST, WON, outcome
from tests.cast import Cast, House

# A Thursday morning in New York.
NOW = datetime(2026, 3, 5, 15, tzinfo=UTC)
TODAY = date(2026, 3, 5)
Open = Callable[..., Job]


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with clock.at(NOW), use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def read(house: House) -> Callable[..., Scope]:
    """Read the address of a dashboard, as Mona or somebody else."""

    def scope(query: str = "", member: Any = None) -> Scope:
        return Scope.read(QueryDict(query), member or house.mona, house.tenant.slug)

    return scope


@pytest.fixture
def opened(house: House) -> Open:
    """Open a lead of Mona's, days ago."""

    def make(title: str, days: int = 0) -> Job:
        with clock.at(NOW - timedelta(days=days)):
            job = open_job(title=title, stage=house.stage("New"), member=house.mona, by=house.mona)
            Lead.objects.create(job=job, rep=house.mona)
            return job

    return make


@pytest.mark.parametrize(
    ("query", "period", "first"),
    [
        ("", USUAL, TODAY - timedelta(days=29)),
        ("days=7", 7, date(2026, 2, 27)),
        ("days=1", 1, TODAY),
        ("days=8", USUAL, TODAY - timedelta(days=29)),
        ("days=x", USUAL, TODAY - timedelta(days=29)),
        ("from=2026-01-01&to=2026-01-31", 0, date(2026, 1, 1)),
        ("from=2026-01-31&to=2026-01-01", USUAL, TODAY - timedelta(days=29)),
        ("from=2020-01-01&to=2026-01-01", USUAL, TODAY - timedelta(days=29)),
        ("from=2026-01-01", USUAL, TODAY - timedelta(days=29)),
    ],
)
def test_the_days_of_a_dashboard(read: Any, query: str, period: int, first: date) -> None:
    assert (read(query).period, read(query).days.first) == (period, first)


def test_who_sees_their_own_leads_alone_reads_their_own(house: House, read: Any) -> None:
    own, all_ = read(member=house.rita), read()
    assert (own.is_own, all_.is_own) == (True, False)
    assert (own.narrowed.members, all_.narrowed.members) == (frozenset({house.rita.pk}), None)


@pytest.mark.parametrize(("rep", "of"), [("me", "mona"), ("nobody", None)])
def test_narrowed_to_a_member_or_to_nobody(house: House, read: Any, rep: str, of: str | None) -> None:
    wanted = getattr(house, of).pk if of else None
    assert read(f"rep={rep}").narrowed.members == frozenset({wanted})


def test_narrowed_to_a_team_and_one_of_it(house: House, read: Any) -> None:
    team = Team.create("Crew A", by=None)
    team.refresh_from_db()
    TeamMember.objects.create(team=team, member=house.sam)
    with use_tenant(house.tenant):
        assert read(f"team={team.uid}").narrowed.members == frozenset({house.sam.pk})
        assert read(f"team={team.uid}&rep=me").narrowed.members == frozenset()


def test_narrowed_to_a_brand_and_a_pipeline(house: House, read: Any) -> None:
    brand, pipeline = Brand.objects.get(), house.job.pipeline
    narrowed = read(f"brand={brand.uid}&pipeline={pipeline.uid}").narrowed
    assert (narrowed.brands, narrowed.pipelines) == (frozenset({brand.pk}), frozenset({pipeline.pk}))


def test_another_tenants_brand_narrows_nothing(cast: Cast, house: House, read: Any) -> None:
    with use_tenant(cast.other.tenant):
        theirs = Brand.objects.get().uid
    assert read(f"brand={theirs}").narrowed.brands is None


def test_a_dashboard_is_found_again_by_its_address(read: Any) -> None:
    assert read("days=7").address() == "?days=7"
    typed = read("from=2026-01-01&to=2026-01-31&rep=me")
    assert typed.address() == "?rep=me&from=2026-01-01&to=2026-01-31"
    assert typed.address(days=90) == "?rep=me&days=90"


@pytest.mark.parametrize(
    "text",
    [
        "came.2026-03-01.2026-03-05",
        "came.2026-03-01.2026-03-05.won",
        "came.2026-03-01.2026-03-05.p3",
        "came.2026-03-01.2026-03-05.lost.p2",
    ],
)
def test_what_a_number_counts_is_read_as_it_was_written(house: House, text: str) -> None:
    assert str(FigureCount.read(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "came", "nonesuch.2026-03-01.2026-03-05", "came.2026-03-05.2026-03-01", "came.x.y"),
        *("came.2026-03-01.2026-03-05.p0", "came.2026-03-01.2026-03-05.p99", "came.2026-03-01.2026-03-05.x3"),
    ],
)
def test_nobody_types_what_a_number_counts(house: House, text: str) -> None:
    with pytest.raises(ValidationError):
        _FigureCountField().validate(text)


@pytest.mark.parametrize("text", ["untouched", "unanswered", "won.2026-03-01.2026-03-05"])
def test_a_number_of_now_or_of_days_is_opened(house: House, text: str) -> None:
    _FigureCountField().validate(text)


def titles(condition: Any) -> list[str]:
    return sorted(Job.objects.filter(condition).values_list("title", flat=True))


def test_leads_that_came_in_count_on_their_day_where_the_house_is(house: House, opened: Open) -> None:
    opened("Today")
    opened("Yesterday", days=1)
    with clock.at(datetime(2026, 3, 5, 4, 59, tzinfo=UTC)):
        open_job(title="Before midnight", member=house.mona, by=house.mona)
    assert titles(FigureCount(CAME, ZonedDays(TODAY, TODAY)).condition()).count("Today") == 1
    assert titles(FigureCount(CAME, ZonedDays(date(2026, 3, 4), date(2026, 3, 4))).condition()) == [
        *("Before midnight", "Yesterday"),
    ]


def test_lost_counts_on_the_day_it_was_lost(house: House, opened: Open) -> None:
    with clock.at(NOW - timedelta(days=1)):
        opened("Lost", days=5).lose("price", by=house.mona)
    assert titles(FigureCount(LOST, ZonedDays(date(2026, 3, 4), date(2026, 3, 4))).condition()) == ["Lost"]
    assert titles(FigureCount(LOST, ZonedDays(TODAY, TODAY)).condition()) == []


def test_won_counts_as_won_whatever_became_of_the_work(house: House, opened: Open) -> None:
    job = opened("Won", days=5)
    Lead.objects.get(job=job).win(by=house.mona)
    job.lose("price", by=house.mona)
    opened("Lost", days=5).lose("price", by=house.mona)
    assert titles(FigureCount(WON, ZonedDays(TODAY, TODAY)).condition()) == ["Won"]
    assert (titles(outcome("won")), titles(outcome("lost"))) == (["Won"], ["Lost"])
    assert titles(outcome("decided")) == ["Lost", "Won"]


def test_a_sale_withdrawn_is_won_no_more(house: House, opened: Open) -> None:
    lead = Lead.objects.get(job=opened("Won", days=5))
    lead.win(by=house.mona)
    lead.withdraw_win(by=house.mona)
    assert titles(FigureCount(WON, ZonedDays(TODAY, TODAY)).condition()) == []


def test_days_begin_at_midnight_where_the_house_is(house: House) -> None:
    assert midnight(TODAY) == datetime(2026, 3, 5, 5, tzinfo=UTC)
    assert (ZonedDays(TODAY, TODAY).since, ZonedDays(TODAY, TODAY).until) == (
        midnight(TODAY),
        midnight(date(2026, 3, 6)),
    )
    # The day the clocks go forward has 23 hours.
    long = ZonedDays(date(2026, 3, 8), date(2026, 3, 8))
    assert long.until.astimezone(UTC) - long.since.astimezone(UTC) == timedelta(hours=23)


def test_today_is_the_houses_and_among_the_last_days(house: House) -> None:
    with clock.at(datetime(2026, 3, 5, 4, 30, tzinfo=UTC)):
        assert today() == date(2026, 3, 4)
        assert last_days(2) == ZonedDays(date(2026, 3, 3), date(2026, 3, 4))
    assert days_of([datetime(2026, 3, 5, 4, 30, tzinfo=UTC), NOW]) == {date(2026, 3, 4), TODAY}


def test_ages_leave_no_day_out(house: House) -> None:
    assert len(_column_labels()) == len({tuple(_age_conditions(age)) for age in range(len(_column_labels()))})
    assert (_column_labels()[0], _column_labels()[-1][-1]) == ("today", "+")
    assert len(_age_conditions(0)) == 1
    assert all(len(_age_conditions(age)) == 2 for age in range(1, len(_column_labels()) - 1))


def test_money_is_written_by_currency(read: Any) -> None:
    assert read().worth([("USD", 2_200_000), ("EUR", 400_000)]) == "$22K, €4K"
    assert read().worth([]) == ""
