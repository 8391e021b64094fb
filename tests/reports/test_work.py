"""How the work goes: what a night counts, and what follows from it in words and links."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Due
from crm.platform.tenancy.context import use_tenant
from reports.models import ActDay, CountedAct, StepStay
from reports.past.replay import ReplayFact
from reports.work import nightly_counts
from reports.work.act_counts import Counts, saved_minutes, share, total
from reports.work.capacity import WeekLoad, overlap, project_days, weeks_from
from reports.work.nightly_counts import next_night
from reports.work.steps import standing_of
from reports.work.turn_times import Turn, shares, turns
from tests.cast import Cast, House
from tests.queries import data_queries

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_what_is_saved_is_what_nobody_did_by_hand() -> None:
    minutes = {"message": 6, "template": 4, "move": 1}
    assert saved_minutes("message", Counts(by_hand=9, by_template=2, by_itself=3), minutes) == 3 * 6 + 2 * 4
    # A template never takes off more than the act is worth.
    assert saved_minutes("move", Counts(by_template=5), minutes) == 5
    assert (share(Counts(1, 1, 1)), share(Counts())) == (66, 0)
    assert total([Counts(1, 2, 3), Counts(1, 0, 0)]) == Counts(2, 2, 3)


def test_hours_and_days_of_a_week() -> None:
    assert weeks_from(MONDAY + 6 * DAY, 2) == [MONDAY, MONDAY + 7 * DAY]
    stretches = [(NOON - HOUR, NOON + HOUR), (NOON + 5 * HOUR, NOON + 6 * HOUR)]
    assert overlap(stretches, NOON, NOON + 5 * HOUR) == 3600
    rows = [(1, MONDAY - DAY, MONDAY + DAY), (1, MONDAY, MONDAY), (2, MONDAY + 6 * DAY, MONDAY + 8 * DAY)]
    assert project_days(rows, [MONDAY, MONDAY + 7 * DAY]) == {1: [2, 0], 2: [1, 2]}


@pytest.mark.parametrize(
    ("booked", "available", "percent", "css"),
    [(0, 0, 0, ""), (1, 0, 100, "soon"), (84, 100, 84, ""), (85, 100, 85, "soon"), (101, 100, 101, "crit")],
)
def test_how_full_a_week_is(booked: int, available: int, percent: int, css: str) -> None:
    load = WeekLoad(booked, available)
    assert (load.percent, load.css, load.share) == (percent, css, min(percent, 100))


@pytest.mark.parametrize(
    ("now", "at"),
    [
        (datetime(2026, 3, 2, 6, 29, tzinfo=UTC), datetime(2026, 3, 2, 6, 30, tzinfo=UTC)),
        (datetime(2026, 3, 2, 6, 30, tzinfo=UTC), datetime(2026, 3, 3, 6, 30, tzinfo=UTC)),
        # The night the clocks go forward at two.
        (datetime(2026, 3, 8, 12, tzinfo=UTC), datetime(2026, 3, 9, 5, 30, tzinfo=UTC)),
    ],
)
def test_the_next_night_begins_at_half_past_one(now: datetime, at: datetime) -> None:
    assert next_night(now, NEW_YORK) == at


def test_leads_that_stand_are_summed_by_step() -> None:
    found = standing_of([(1, "us", 2, 3), (1, "customer", 4, 2), (None, "us", 0, 7), (2, "paused", 5, 1)])
    assert (found[1].all, found[1].late, found[1].sides["customer"], sorted(found)) == (5, 3, 2, [1, 2])


def test_the_time_of_a_stay_is_whose_move_it_was() -> None:
    end = NOON + 10 * HOUR
    assert turns(NOON, end, []) == [Turn("us", 10 * 3600)]
    facts = [
        ReplayFact("turned", NOON - HOUR, {"side": "customer"}),
        ReplayFact("answered", NOON + HOUR, {"side": "customer"}),
        ReplayFact("contacted", NOON + 2 * HOUR, {"outcome": "reached"}),
        ReplayFact("paused", NOON + 3 * HOUR, {}),
        ReplayFact("resumed", NOON + 5 * HOUR, {}),
        ReplayFact("heard", NOON + 6 * HOUR, {"channel": "sms"}),
        ReplayFact("turned", end, {"side": "customer"}),
    ]
    spent = [("us", 1), ("customer", 2), ("paused", 2), ("customer", 1), ("us", 4)]
    assert turns(NOON, end, facts) == [Turn(side, hours * 3600) for side, hours in spent]
    assert (shares({"us": 5, "customer": 3, "paused": 2}), shares({})) == ({"us": 50, "customer": 30, "paused": 20}, {})


def a_day(house: House) -> None:
    """A lead Rita moved by hand after a day, one that a rule moved after three, one that moved today."""
    new, reached = house.stage("New"), house.stage("Reached")
    for days, by, cause in ((1, house.rita, None), (3, None, None), (3, house.rita, 17)):
        with clock.at(NOON - days * DAY):
            job = open_job(title=f"{days} {cause}", stage=new, member=house.rita, by=house.rita)
        if days == 1:
            with clock.at(NOON - DAY / 2):
                job.turn_to("customer", by=house.rita)
        with clock.at(NOON), events.caused_by(cause):
            job.move_to(reached, by=by)
    with clock.at(NOON + DAY):
        open_job(title="Today", stage=new, member=house.rita, by=house.rita).move_to(reached, by=house.rita)


def test_a_night_counts_the_days_that_are_over_once(cast: Cast, client: Client) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        a_day(house)
        with clock.at(NOON + DAY):
            for _twice in range(2):
                nightly_counts.count_night([0])
            assert Due.objects.get(kind=nightly_counts.NIGHT).due_at == next_night(NOON + DAY, NEW_YORK)
            assert not ActDay.objects.filter(day__gte=MONDAY + DAY).exists(), "today is not over"
            moves = ActDay.objects.get(day=MONDAY, act=CountedAct.MOVE)
            assert (moves.by_hand, moves.by_template, moves.by_itself) == (1, 0, 2)
            assert ActDay.objects.filter(day=MONDAY).count() == len(CountedAct)
            stay = StepStay.objects.get(stage=house.stage("New"), is_latest=True)
            assert (stay.stays, stay.median, stay.p90) == (3, 3 * 86400, 3 * 86400)
            # One of them was the customer's move for the last half of its day.
            assert stay.turns == {"us": [int(6.5 * 86400), 3 * 86400], "customer": [43200, 43200]}
            ActDay.objects.filter(day=MONDAY, act=CountedAct.MOVE).update(by_hand=99)
            nightly_counts.count_day(MONDAY)
            assert ActDay.objects.get(day=MONDAY, act=CountedAct.MOVE).by_hand == 1, "counted anew, not added"
    client.force_login(house.mona.user)
    with clock.at(NOON + DAY):
        page = client.get(f"/{house.tenant.slug}/reports/workload/").content.decode()
        flat = re.sub(r"\s+", " ", page)
        assert "<td>1</td> <td>0</td> <td>2</td> <td>66%</td> <td>1</td> <td>2</td>" in flat, "moves"
        assert "<b>93%</b> with us" in page
        assert re.search(r"7% · 12h ·\s*<a href=\"[^\"]*stayed=\d+.customer[^\"]*\">1 lead</a>", page)
        links = re.findall(r'<a href="(/[^"]*/leads/[^"]*)">(\d+)(?: leads?)?</a>', page)
        assert {"1", "3"} <= {number for url, number in links if "stayed=" in url}
        assert [number for url, number in links if "stayed=" not in url]
        for url, number in links:
            listed = client.get(unescape(url)).content.decode()
            assert len(re.findall('<tr class="lead"', listed)) == int(number), url
        minutes = {"message": 6, "template": 4, "follow_up": 2, "move": 30, "assignment": 2, "update": 10}
        set_to = f"/{house.tenant.slug}/reports/workload/minutes/"
        assert client.post(set_to, minutes | {"move": "121"}).status_code == 422
        assert client.post(set_to, minutes).status_code == 302
        page = client.get(f"/{house.tenant.slug}/reports/workload/").content.decode()
        assert "<b>1 h</b>" in page, "two moves at half an hour"
        with data_queries() as few:
            client.get(f"/{house.tenant.slug}/reports/workload/")
        with use_tenant(house.tenant):
            a_day(house)
            events.chosen_kinds()
        with data_queries() as more:
            client.get(f"/{house.tenant.slug}/reports/workload/")
        assert len(few) == len(more)
    client.force_login(house.rita.user)
    assert client.get(f"/{house.tenant.slug}/reports/workload/").status_code == 404


def test_the_file_says_what_the_page_does(cast: Cast, client: Client) -> None:
    house = cast.house
    address = f"/{house.tenant.slug}/reports/workload/"
    with use_tenant(house.tenant):
        step = house.stage("New")
        step.name = "=1+1"
        step.save()
        ActDay.objects.create(day=MONDAY, act=CountedAct.MOVE, by_hand=1, by_template=0, by_itself=2)
    client.force_login(house.mona.user)
    with clock.at(NOON + DAY):
        assert f'href="{address}?format=csv"' in client.get(address).content.decode()
        answer = client.get(address, {"format": "csv"})
    assert answer["Content-Disposition"] == 'attachment; filename="work-2026-03-03.csv"'
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert rows[0] == ["Section", "Of", "Number", "Value"]
    assert ["Manual work saved", "Leads moved to a step", "Not by hand", "66%"] in rows
    assert {row[0] for row in rows} >= {"Data accuracy", "Actions by week", "Bottlenecks", "Hours booked"}
    names = [row[1] for row in rows if "=1+1" in row[1] and row[2] == "Our move"]
    assert [name[:8] for name in names] == ["'=1+1 · "], "not a formula"
    client.force_login(house.rita.user)
    assert client.get(address, {"format": "csv"}).status_code == 404
