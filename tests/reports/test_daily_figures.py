"""Figures of days: kept and live ones equal their lists; computed again they stay, however late an event is heard."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum
from django.http import QueryDict

from comms.models import Message
from crm.jobs.models import Job, Pipeline
from crm.kernel import clock
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import LEADS
from leads.models import Lead
from reports.figures.condition import FigureCount
from reports.figures.days import ZonedDays, days_of, last_days, today
from reports.figures.measures import CAME, LOST, MEASURES, OUTCOMES, WON
from reports.figures.reading import read
from reports.figures.sums import Narrowed, Sums
from reports.figures.upkeep import DAYS, REFRESH, begin, hear
from reports.models import DailyFigure, FigureDay, Grain
from tests.cast import Cast
from tests.queries import data_queries

pytestmark = pytest.mark.django_db
EVERYBODYS = Narrowed()


def listed(counted: FigureCount, member: Any) -> list[Job]:
    filters = LEADS.read(QueryDict(f"counted={counted}&closed=all"), member)
    assert not filters.dropped
    return list(LEADS.apply(filters, member))


def kept() -> list[tuple[Any, ...]]:
    return sorted(
        map(repr, DailyFigure.objects.order_by().values_list("grain", "day", "measure", "member_id", "count", "value"))
    )


def sums_of(figures: Any) -> list[tuple[Any, ...]]:
    """What each member and nobody has, whatever the brand and pipeline."""
    rows = figures.order_by("day", "measure", "member_id", "currency").values_list("day", "measure", "member_id")
    return list(rows.values_list("day", "measure", "member_id", "currency", Sum("count"), Sum("value")))


def test_live_and_kept_figures_are_what_their_lists_count(cast: Cast, scene: dict[str, Job]) -> None:
    mona = cast.house.mona
    with use_tenant(cast.house.tenant), clock.at(clock.now()):
        days = last_days(40)
        wrote = scene["Hector Salinas"]
        for direction in ("in", "in", "out"):
            Message.objects.create(
                job=wrote, brand=wrote.brand, direction=direction, medium="call", state="sent", address="x"
            )
        rita = cast.house.rita
        for title in ("Luz Okafor", "Samir Haddad", "Wanda Pruitt"):
            scene[title].contact("call", "no_answer", by=rita)
        scene["Samir Haddad"].withdraw_contact(Event.objects.of(scene["Samir Haddad"]).latest("pk").at)
        scene["Wanda Pruitt"].contact("text", "sent", by=rita)
        live = read(days, set(MEASURES), ("day", "measure"), EVERYBODYS)
        assert live[today(), "called"].count == 3, "one was taken back"
        begin()
        assert not DAYS.refresh_days()
        with data_queries() as statements:
            sums = read(days, set(MEASURES), ("day", "measure"), EVERYBODYS)
        assert len(statements) == 3, "what holds, the live days, the kept ones"
        assert {key: (one.count, one.worth) for key, one in sums.items()} == {
            key: (one.count, one.worth) for key, one in live.items()
        }
        assert {measure for _day, measure in sums} >= {CAME, LOST, "wrote", "called"}
        for (day, measure), one in sums.items():
            jobs = listed(FigureCount(measure, ZonedDays(day, day)), mona)
            assert len(jobs) == one.count, (day, measure)
            worth = sum(job.value or 0 for job in jobs if job.currency == "USD")
            assert dict(one.worth).get("USD", 0) == worth
        for (outcome,), one in read(days, {CAME}, ("outcome",), EVERYBODYS).items():
            assert outcome in OUTCOMES
            assert len(listed(FigureCount(CAME, days, outcome), mona)) == one.count
        assert all(listed(FigureCount(CAME, days, phase=at), mona) for at in (1, 2, 3))
        ritas = read(days, {CAME}, (), Narrowed(members=frozenset({cast.house.rita.pk})))
        assert ritas[()].count == 12
        assert not read(days, {CAME}, (), Narrowed(members=frozenset({None})))


def test_every_grain_counts_each_lead_once(cast: Cast, scene: dict[str, Job]) -> None:
    with use_tenant(cast.house.tenant), clock.at(clock.now()):
        pipelines = list(Pipeline.objects.order_by("pk"))
        for title in ("Luz Okafor", "Samir Haddad"):
            Job.objects.filter(pk=scene[title].pk).update(pipeline=pipelines[1], stage=None)
        begin()
        DAYS.refresh_days()
        alone = sums_of(DailyFigure.objects.filter(grain=Grain.MEMBER_ALONE))
        assert {key[1] for key in alone} >= {CAME, LOST, "waiting"}
        assert alone == sums_of(DailyFigure.objects.filter(grain=Grain.MEMBER))
        came = DailyFigure.objects.filter(measure=CAME).values_list("grain").annotate(leads=Sum("count"))
        assert dict(came) == dict.fromkeys(Grain.values, Job.objects.count())
        days, whose = last_days(60), ("member_id", "measure")
        every = read(days, set(MEASURES), whose, EVERYBODYS)
        apart: dict[Any, Sums] = defaultdict(Sums)
        for pipeline in pipelines:
            for key, one in read(days, set(MEASURES), whose, Narrowed(pipelines=frozenset({pipeline.pk}))).items():
                apart[key].include(one)
        assert apart == every


def test_an_event_makes_its_days_stale_and_nobody_reads_old_numbers(cast: Cast, scene: dict[str, Job]) -> None:
    job = scene["Hector Salinas"]
    with use_tenant(cast.house.tenant):
        days = last_days(60)
        begin()
        DAYS.refresh_days()
        lead, past = Lead.objects.get(job=job), clock.now() - timedelta(days=20)
        with clock.at(past):
            lead.win(by=None)
        hear(list(Event.objects.filter(kind="lead.won")))
        # Late as it is, it stands at its day: at once, and after the due work.
        assert read(days, {WON}, (), EVERYBODYS)[()].count == 1
        assert Due.objects.filter(kind=REFRESH).count() == 1
        DAYS.refresh([0])
        assert FigureDay.objects.filter(stale_since__isnull=False).count() == 0
        (won,) = DailyFigure.objects.filter(measure=WON, grain=Grain.TOTAL)
        assert won.day in days_of([past])
        outcome = read(days, {CAME}, ("outcome",), EVERYBODYS)
        assert outcome["won",].count == 1
        with clock.at(past):
            job.contact("call", "reached", by=cast.house.rita)
        hear(list(Event.objects.filter(kind="job.contacted")))
        DAYS.refresh([0])
        assert DailyFigure.objects.get(measure="called", grain=Grain.TOTAL).day in days_of([past])
        lead.withdraw_win(by=None)
        job.assign_to(cast.house.mona, by=None)
        hear(list(Event.objects.filter(kind__in=["lead.win_withdrawn", "job.assigned"])))
        DAYS.refresh([0])
        assert not DailyFigure.objects.filter(measure=WON).exists()
        assert read(days, {CAME}, (), Narrowed(members=frozenset({cast.house.mona.pk})))[()].count == 1


def test_a_day_computed_twice_or_by_a_worker_that_died_is_the_same(
    cast: Cast, scene: dict[str, Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    with use_tenant(cast.house.tenant):
        begin()
        DAYS.refresh_days()
        before = kept()
        DAYS.note(list(last_days(30)))
        monkeypatch.setattr("reports.figures.upkeep._KEEP", "select 1 / 0 where %(tenant)s is not null")
        with pytest.raises(Exception, match="division"):
            DAYS.refresh_days()
        monkeypatch.undo()
        assert kept() == before
        assert FigureDay.objects.filter(stale_since__isnull=False).count() == 30
        DAYS.refresh([0])
        DAYS.refresh_days()
        assert kept() == before
        assert DailyFigure.objects.filter(day__gt=today()).count() == 0
        begin()
        assert not FigureDay.objects.filter(stale_since__isnull=False).exists()


NOTHING = (
    *("", "won", "won.2026-05-01", "won.2026-05-07.2026-05-01", "spam.2026-05-01.2026-05-07", "won.x.y"),
    *("won.0001-01-01.9999-12-31", "came.2026-05-01.2026-05-07.p99", "came.2026-05-01.2026-05-07.p0"),
)


def test_an_address_that_names_no_number_is_left_out(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        for text in NOTHING:
            assert not LEADS.read(QueryDict(f"counted={text}"), cast.house.mona).get("counted"), text
        known = FigureCount.read("came.2026-05-01.2026-05-07.won.p2")
        assert str(known) == "came.2026-05-01.2026-05-07.won.p2"
        assert LEADS.filters(counted=str(known)).chips(cast.house.mona)[0].value
