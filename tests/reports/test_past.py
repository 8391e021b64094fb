"""The past list: a lead as it stood at the close of a day is what its row was then, whatever happened since."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, JobState, Priority, Side, StageVisit
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from leads.models import Lead
from reports.past import export
from reports.past.export import close_of, past_day
from reports.past.leads import leads_at
from reports.past.replay import ReplayFact, stood
from reports.past.stays import LONGEST_FIRST, became, changes, spanning
from tests.cast import Cast, House
from tests.queries import data_queries

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2026, 3, 2), datetime(2026, 3, 3, 5, tzinfo=UTC)),
        # The day the clocks go forward has 23 hours, the one they go back 25.
        (date(2026, 3, 8), datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (date(2026, 11, 1), datetime(2026, 11, 2, 5, tzinfo=UTC)),
    ],
)
def test_a_day_closes_at_the_next_midnight_there(day: date, closed: datetime) -> None:
    assert close_of(day, NEW_YORK) == closed


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-02-28", date(2026, 2, 28)),
        *((text, date(2026, 3, 1)) for text in ("", "soon", "2026-03-02", "2027-01-01", "1999-12-31", "2026-02-30")),
    ],
)
def test_only_a_day_that_is_over_is_read(text: str, day: date) -> None:
    assert past_day(text, date(2026, 3, 2)) == day


def test_what_happened_is_replayed_and_what_was_taken_back_is_not() -> None:
    at = [MONDAY + hour * HOUR for hour in range(10)]
    heard = [ReplayFact("heard", at[1], {"channel": "sms"}), ReplayFact("heard", at[2], {"channel": "email"})]
    here = stood(MONDAY, heard)
    assert (here.unread, here.channel, here.waiting_since, here.started_at) == (2, "email", at[1], MONDAY)
    answered = [*heard, ReplayFact("answered", at[3], {"side": "customer"})]
    assert (stood(MONDAY, answered).side, stood(MONDAY, answered).started_at) == (Side.CUSTOMER, at[3])
    paused = [*answered, ReplayFact("paused", at[4], {"until": at[9].isoformat()})]
    assert (stood(MONDAY, paused).paused_at, stood(MONDAY, paused).pause_ends_at) == (at[4], at[9])
    assert stood(MONDAY, [*paused, ReplayFact("undone", at[5], {"of": "job.paused"})]) == stood(MONDAY, answered)
    resumed = stood(MONDAY, [*paused, ReplayFact("resumed", at[5], {})])
    assert (resumed.paused_at, resumed.started_at, resumed.runs) == (None, at[5], ((at[3], at[4]),))
    again = stood(MONDAY, [*paused, ReplayFact("resumed", at[5], {}), ReplayFact("heard", at[6], {"channel": "sms"})])
    assert (again.side, again.started_at, again.runs, again.unread) == (Side.US, at[6], (), 1)
    # Before it entered the step only what the customer wrote matters.
    assert stood(at[4], answered).side == Side.US


@pytest.mark.parametrize(
    ("before", "after", "state", "word"),
    [
        (2, 2, "open", "same"),
        (2, 3, "open", "on"),
        (2, 0, "open", "back"),
        (2, 5, "done", "done"),
        (2, 2, "lost", "lost"),
    ],
)
def test_what_became_of_a_lead(before: int, after: int, state: str, word: str) -> None:
    assert became(before, after, state) == word


SEEN = (
    *("state", "stage_id", "entered_at", "past", "member_id", "priority", "side", "allowed", "calendar_id"),
    *("due_at", "far_at", "waiting_since", "unread_count", "touched_at"),
)


def live(job: Job) -> dict[str, object]:
    """What the lead's row is made of, as it is now."""
    row = Job.objects.get(pk=job.pk)
    return {name: getattr(row, name) for name in SEEN} | {"level": row.level_at(clock.now()).name}


def lives(house: House) -> list[tuple[datetime, dict[str, object] | None]]:
    """A lead's life of nine days, with what its row was made of at the end of each."""
    steps = [house.stage(name) for name in ("New", "Reached")]
    with clock.at(MONDAY):
        job = open_job(title="Vera Past", stage=steps[0], member=house.rita, by=house.rita)
    acts = [
        lambda: None,
        lambda: job.answer("email", by=house.rita, turn=True),
        lambda: job.hear("sms"),
        lambda: job.pause(reason="away", until=None, by=house.rita),
        lambda: (job.resume(by=house.rita), job.prioritize(Priority.URGENT, by=house.rita)),
        lambda: job.move_to(steps[1], by=house.rita),
        lambda: job.assign_to(house.mona, by=house.mona),
        lambda: job.lose("price", by=house.mona),
        lambda: job.reopen(by=house.mona),
    ]
    found = []
    for number, act in enumerate(acts):
        with clock.at(MONDAY + number * DAY + HOUR):
            act()
        at = close_of((MONDAY + number * DAY).date(), NEW_YORK)
        with clock.at(at):
            row = live(job)
            found.append((at, None if row["state"] == JobState.LOST else row))
    return found


def test_each_day_of_a_life_is_seen_as_it_was(cast: Cast, client: Client) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        days = lives(house)
        job = Job.objects.get(title="Vera Past")
        with clock.at(MONDAY + 30 * DAY):
            for at, then in days:
                stays = list(spanning(at, house.mona).filter(job=job))
                found = [lead.then for lead in leads_at(stays, at)]
                seen = [{name: getattr(row, name) for name in SEEN} | {"level": row.level_at(at).name} for row in found]
                assert seen == ([then] if then else []), at
        before = spanning(MONDAY - DAY, house.mona).filter(job=job)
        assert not before.exists()
        # Whose it was then does not widen what a rep sees today.
        assert not spanning(days[0][0], house.rita).filter(job=job).exists()
        with clock.at(MONDAY + 30 * DAY):
            rows = export.rows_of(
                QueryDict("day=2026-03-02"), list(StageVisit.objects.values_list("pk", flat=True)), house.mona
            )
            [line] = [row for row in rows if row[1] == "Vera Past"]
            assert (line[4], line[7], line[10], line[11]) == ("New", "Rita Rep", "Reached", "Mona Manager")
            counted = {one.name: one for one in changes(days[0][0], house.mona)}
            assert sum(one.then for one in counted.values()) == 1
            assert sum(one.became["on"] + one.became["same"] for one in counted.values()) == 1


def test_the_page_costs_the_same_for_more_leads(cast: Cast, client: Client) -> None:
    house = cast.house

    def cost() -> int:
        with data_queries() as asked:
            page = client.get(f"/{house.tenant.slug}/reports/past-day/?day=2026-03-02").content.decode()
        assert "Mon, Mar 2" in page
        assert 'data-act="plan"' not in page
        assert "data-to=" not in page
        return len(asked)

    def more(count: int, member: Member) -> None:
        with use_tenant(house.tenant), clock.at(MONDAY):
            for number in range(count):
                job = open_job(title=f"Lead {number}", stage=house.stage("New"), member=member, by=None)
                job.hear("sms")

    with clock.at(MONDAY + 3 * DAY):
        client.force_login(house.mona.user)
        more(2, house.mona)
        cost()  # The configuration is read by the first page.
        few = cost()
        more(12, house.rita)
        assert cost() == few
        with use_tenant(house.tenant):
            found = LONGEST_FIRST.of(spanning(close_of(MONDAY.date(), NEW_YORK), house.rita))
            assert found.count() == 12, "a rep's own"


def test_what_was_closed_in_the_week_to_that_day_opens_its_list(cast: Cast, client: Client) -> None:
    house = cast.house
    # The week from Feb 24 to Mar 2 where they are: of the first and the last minute, and of those beside them.
    since, until = (close_of(date(2026, *day), NEW_YORK) for day in ((2, 23), (3, 2)))
    with use_tenant(house.tenant):
        for at, name in ((since - HOUR, "before"), (since, "first"), (until - HOUR, "last"), (until, "after")):
            with clock.at(at):
                open_job(title=name, stage=house.stage("New"), member=house.rita, by=None).lose("price", by=house.rita)
        with clock.at(until - DAY):
            sold = open_job(title="sold", stage=house.stage("New"), member=house.rita, by=None)
            Lead.objects.update_or_create(job=sold, defaults={"won_at": clock.now()})
    client.force_login(house.mona.user)
    with clock.at(MONDAY + 9 * DAY):
        page = client.get(f"/{house.tenant.slug}/reports/past-day/?day=2026-03-02").content.decode()
        links = re.findall(r'<a href="([^"]+)"><b>(\d+)</b> (won|lost)</a>', page)
        assert [(number, words) for _url, number, words in links] == [("1", "won"), ("2", "lost")]
        lists = [client.get(unescape(url)).content.decode() for url, _number, _words in links]
    assert [len(re.findall('<tr class="lead"', listed)) for listed in lists] == [1, 2]
    assert "sold" in lists[0]
    assert "first" in lists[1]
    assert "last" in lists[1]
