"""The calendar: what stands on which day and at which hour, whose, and moving it to another day."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import html5lib
import pytest

from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpOutcome
from tests.queries import data_queries

NEW_YORK = ZoneInfo("America/New_York")
WEEK = "followups/calendar/?span=week"


def cells(page: str) -> dict[str, list[str]]:
    """The subjects in each cell of the month, by day."""
    found = re.findall(r'<td data-day="([\d-]+)".*?</td>', page)
    parts = re.findall(r"<td data-day.*?</td>", page)
    return {day: re.findall(r"<bdi>([^<]*)</bdi>", part) for day, part in zip(found, parts, strict=True)}


def places(page: str) -> dict[str, str]:
    """The classes of each entry of the grid, by its subject."""
    grid = page.split('class="day todo-week')[1].split('class="todo-days')[0]
    return {subject: css for css, subject in re.findall(r'class="slot ([^"]*)".*?<bdi>([^<]*)</bdi>', grid)}


def test_a_week_shows_each_at_its_day_and_hour(planned: Any, as_member: Any, house: Any) -> None:
    planned("Tonight", hours=6)
    planned("Friday", hours=47)
    done = planned("Done", hours=1)
    with use_tenant(house.tenant):
        done.complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    page = as_member("rita").get(WEEK)
    assert places(page) == {
        "Tonight": "is-unsure col-4 row-37 rows-2",  # Wednesday, four in the afternoon; the grid begins at seven
        "Friday": "is-unsure col-6 row-9 rows-2",
        "Done": "is-done col-4 row-17 rows-2",
    }
    html5lib.HTMLParser(strict=True).parse(page)


def test_what_is_overdue_stands_on_today(planned: Any, as_member: Any) -> None:
    planned("Last week", hours=-24 * 9)
    planned("Yesterday", hours=-24)
    rita = as_member("rita")
    assert places(rita.get(WEEK)) == {"Last week": "is-over is-flat is-late", "Yesterday": "is-over is-flat is-late"}
    before = places(rita.get(f"{WEEK}&day=2026-11-16"))
    assert before == {"Last week": "is-over col-2 row-13 rows-2"}, "in its own week it stands at its time"
    assert cells(rita.get("followups/calendar/?span=month"))["2026-11-24"] == ["Yesterday"]


def test_a_full_day_of_the_month_leads_to_its_day(planned: Any, as_member: Any) -> None:
    for number in range(5):
        planned(f"No {number}", hours=number + 1)
    rita = as_member("rita")
    page = rita.get("followups/calendar/?span=month&kind=call")
    assert cells(page)["2026-11-25"] == ["No 0", "No 1", "No 2"]
    assert "2 more" in page
    day = rita.get("followups/calendar/?kind=call&span=day&day=2026-11-25")
    assert set(places(day)) == {f"No {number}" for number in range(5)}


def test_many_at_one_time_are_counted_where_there_is_no_room(planned: Any, as_member: Any) -> None:
    for number in range(9):
        planned(f"No {number}")
    page = as_member("rita").get("followups/calendar/?span=day")
    shown = places(page)
    assert len(shown) == 6, "two beside each other, at most an hour late"
    assert "3 more" in page
    assert page.count("No 8") >= 1, "the list of the day has all"


def test_filters_and_visibility_hold_in_it(planned: Any, as_member: Any, house: Any) -> None:
    planned("Mine")
    planned("Monas", assignee=house.mona, by=house.mona)
    rita, mona = as_member("rita"), as_member("mona")
    assert set(places(rita.get(f"{WEEK}&who=all"))) == {"Mine"}
    assert set(places(mona.get(f"{WEEK}&who=all"))) == {"Mine", "Monas"}
    assert set(places(mona.get(f"{WEEK}&who=all&q=mona"))) == {"Monas"}
    assert places(rita.get(f"{WEEK}&kind=visit")) == {}
    assert 'href="/suncoast-test/followups/?kind=visit"' in rita.get(f"{WEEK}&kind=visit")


def test_where_the_clocks_change_a_day_has_its_hours(planned: Any, as_member: Any, house: Any) -> None:
    # New York falls back on Sunday 1 November 2026 and springs forward on Sunday 14 March 2027.
    for day in ("2026-11-01", "2027-03-14"):
        at = datetime.fromisoformat(f"{day}T09:30").replace(tzinfo=NEW_YORK)
        with clock.at(at - timedelta(days=2)):
            with use_tenant(house.tenant):
                FollowUp.plan(kind="call", subject=day, due_at=at, assignee=house.rita, by=house.rita)
            page = as_member("rita").get(f"{WEEK}&day={day}")
        assert places(page)[day] == "is-unsure col-8 row-11 rows-2"


def move(browser: Any, follow_up: FollowUp, day: str, at: str, status: int = 302) -> Any:
    data = {"version": str(follow_up.version), "day": day, "clock": at, "next": "/suncoast-test/followups/calendar/"}
    return browser.post(f"followups/{follow_up.uid}/reschedule/", data, status=status)


def test_a_drop_keeps_the_clock_time_over_the_change_of_clocks(planned: Any, as_member: Any, house: Any) -> None:
    follow_up = planned(hours=24 * 105)  # 10 March, ten in the morning
    answer = move(as_member("rita"), follow_up, "2027-03-15", "10:00")
    assert answer["Location"] == "/suncoast-test/followups/calendar/"
    with use_tenant(house.tenant):
        moved = FollowUp.objects.get(pk=follow_up.pk)
    assert f"{moved.due_at.astimezone(NEW_YORK):%m-%d %H:%M}" == "03-15 10:00"


def test_a_stale_entry_and_a_past_day_are_refused(planned: Any, as_member: Any) -> None:
    follow_up = planned()
    move(as_member("mona"), follow_up, "2026-12-01", "09:00")
    stale = move(as_member("rita"), follow_up, "2026-12-02", "09:00", status=409)
    assert "Someone else changed this" in stale.content.decode()
    other = planned()
    refused = move(as_member("rita"), other, "2026-11-20", "09:00", status=422)
    assert "Choose a day and time in the future." in refused.content.decode()


def test_only_what_can_be_moved_can_be_dragged(planned: Any, as_member: Any, house: Any) -> None:
    planned("Open")
    with use_tenant(house.tenant):
        planned("Closed").complete(FollowUpOutcome.SUCCESSFUL, by=house.rita)
    page = as_member("rita").get(WEEK)
    assert page.count("data-moves=") == 1
    assert 'data-zone="America/New_York"' in page
    assert 'data-day="2026-11-25"' in page


def test_appointments_stand_beside_the_follow_ups(planned: Any, as_member: Any, house: Any) -> None:
    rita = as_member("rita")
    with use_tenant(house.tenant):
        visit = AppointmentType.add("Site visit", by=house.ada, minutes=60)
        Appointment.book(house.job, visit, clock.now() + timedelta(hours=5), [house.rita], by=house.rita)
    assert "col-4 row-33" in places(rita.get(WEEK))["Site visit"]
    assert "Site visit" not in rita.get(f"{WEEK}&kind=call"), "the filters are about follow-ups"
    assert "Site visit" not in as_member("mona").get(WEEK), "Rita's is not among Mona's own"
    assert "Site visit" in as_member("mona").get(f"{WEEK}&who=all")


@pytest.mark.parametrize("span", ["month", "week", "day"])
def test_a_page_costs_eight_statements_however_much_it_shows(
    planned: Any, as_member: Any, house: Any, span: str
) -> None:
    rita = as_member("rita")
    planned()
    planned(hours=-30)
    rita.get(f"followups/calendar/?span={span}")
    with data_queries() as few:
        rita.get(f"followups/calendar/?span={span}")
    for number in range(30):
        planned(f"No {number}", hours=number + 1)
    with data_queries() as many:
        rita.get(f"followups/calendar/?span={span}")
    assert len(many) == len(few) <= 8, many


def test_the_span_is_remembered_and_the_day_is_not(as_member: Any) -> None:
    rita = as_member("rita")
    rita.get("followups/calendar/?span=month&day=2026-03-01")
    assert "November 2026" in rita.get("followups/calendar/")
    assert "todo-week" in rita.get("followups/calendar/?span=week&day=nonsense")


def links(page: str) -> list[str]:
    return [url.replace("&amp;", "&") for url in re.findall(r'href="([^"]*)"', page)]


def test_another_filter_keeps_the_day_looked_at(as_member: Any, house: Any) -> None:
    place = "span=month&day=2026-03-01"
    mona = as_member("mona")
    page = mona.get(f"followups/calendar/?kind=call&{place}")
    shown = links(page)
    assert f"?{place}" in shown, "without the type: its chip, and the tab of one's own"
    assert f"?who=all&{place}" in shown, "the tab of everybody's"
    assert {'name="day" value="2026-03-01"', 'name="span" value="month"'} <= set(
        re.findall(r'name="(?:day|span)" value="[^"]*"', page.split('id="todo-find"')[0].rpartition("<form")[2])
    )
    builder = mona.get(f"followups/filter/?kind=call&{place}&layout=calendar")
    assert '<input type="hidden" name="day" value="2026-03-01">' in builder
    response = mona.client.get(
        f"/{house.tenant.slug}/followups/filter/?do=show&f0=kind&o0=is&v0=email&{place}&layout=calendar"
    )
    assert response["Location"] == f"/{house.tenant.slug}/followups/calendar/?kind=email&{place}"


def test_the_day_is_kept_within_its_layout_alone(as_member: Any) -> None:
    page = as_member("mona").get("followups/calendar/?kind=call&span=month&day=2026-03-01")
    tabs = page.split('aria-label="Layout"')[1].split("</div>")[0]
    assert "day=" not in tabs
    assert "day=" not in page.split('id="tiles"')[1].split("</nav>")[0]
    timeline = as_member("mona").get("followups/timeline/?kind=call&day=2026-03-01")
    assert "?day=2026-03-01" in links(timeline)


def test_a_saved_view_keeps_no_day(as_member: Any, house: Any) -> None:
    values = {"name": "Calls", "query": "?kind=call&day=2026-03-01", "layout": "calendar"}
    answer = as_member("rita").post("followups/views/save/", values)
    assert re.fullmatch(r"/[^/]+/followups/calendar/\?kind=call&view=[0-9a-f-]+", answer["Location"])
