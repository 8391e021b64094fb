"""Busy times of connected calendars, in the calendar of follow-ups and in the note of full days."""

import re
from datetime import timedelta
from typing import Any

import html5lib
import pytest

from crm.integrations.models import BusyTime, CalendarConnection, ConnectedCalendar, RemoteEvent
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.followups.test_calendar import WEEK
from tests.followups.test_list import subjects

HOUR = timedelta(hours=1)


def make_busy(house: Any, member: Any, begins: float, hours: float, title: str = "") -> None:
    """Have a member busy so many hours from now, by a calendar of their own."""
    with use_tenant(house.tenant):
        connection = CalendarConnection.connect(member, "caldav", {})
        home = ConnectedCalendar.objects.create(connection=connection, remote_id="home", name="Home", is_read=True)
        event = RemoteEvent.objects.create(calendar=home, remote_id=f"{member.pk} {begins}", title=title)
        at = clock.now() + begins * HOUR
        BusyTime.objects.create(event=event, member=member, starts_at=at, ends_at=at + hours * HOUR, title=title)


def bands(page: str) -> list[tuple[str, str]]:
    """The place and the words of each busy time in the grid."""
    return re.findall(r'<span class="off ([^"]*)".*?<bdi>([^<]*)</bdi>', page)


def test_a_busy_time_stands_behind_the_hours(house: Any, as_member: Any) -> None:
    make_busy(house, house.rita, 2, 1.5)
    page = as_member("rita").get(WEEK)
    assert bands(page) == [("col-4 row-21 rows-6", "Busy")]  # noon; the grid begins at seven
    assert "12:00" in page
    html5lib.HTMLParser(strict=True).parse(page)
    assert bands(as_member("rita").get("followups/calendar/?span=day"))[0][1] == "Busy"


def test_only_its_member_sees_a_title(house: Any, as_member: Any) -> None:
    make_busy(house, house.rita, 2, 1, title="Dentist")
    assert bands(as_member("rita").get(WEEK))[0][1] == "Dentist"
    mona = as_member("mona")
    assert bands(mona.get(f"{WEEK}&who={house.rita.uid}"))[0][1] == "Busy"
    assert bands(mona.get(WEEK)) == [], "Mona's own calendar is free"


def test_busy_times_that_overlap_are_one_and_name_their_members(house: Any, as_member: Any) -> None:
    make_busy(house, house.rita, 2, 1)
    make_busy(house, house.mona, 2.5, 1)
    page = as_member("mona").get(f"{WEEK}&who=all")
    assert bands(page) == [("col-4 row-21 rows-6", "Busy: Mona Manager, Rita Rep")]


def test_filters_about_follow_ups_hide_busy_times(house: Any, as_member: Any) -> None:
    make_busy(house, house.rita, 2, 1)
    assert bands(as_member("rita").get(f"{WEEK}&kind=call")) == []


def test_a_busy_time_over_days_is_cut_at_midnight_and_at_the_hours_shown(house: Any, as_member: Any) -> None:
    make_busy(house, house.rita, 6, 24 * 2)  # from four on Wednesday to four on Friday
    assert [place for place, _words in bands(as_member("rita").get(WEEK))] == [
        "col-4 row-37 rows-8",
        "col-5 row-1 rows-44",
        "col-6 row-1 rows-36",
    ]


def test_a_busy_time_outside_the_hours_shown_is_in_the_list_of_the_day_alone(house: Any, as_member: Any) -> None:
    make_busy(house, house.rita, 9, 1)  # seven in the evening
    page = as_member("rita").get("followups/calendar/?span=day")
    assert bands(page) == []
    assert re.search(r"7:00.PM – 8:00.PM <bdi>Busy</bdi>", page)


@pytest.mark.parametrize(("hours", "words"), [(1.5, "Busy 1h 30m"), (48, "Busy all day")])
def test_the_month_hints_at_them(house: Any, as_member: Any, hours: float, words: str) -> None:
    make_busy(house, house.rita, 14, hours)  # from midnight on
    page = as_member("rita").get("followups/calendar/?span=month")
    assert re.search(rf'data-day="2026-11-26".*?<small class="cal-busy">{words}</small>', page)


def week_note(page: str) -> tuple[str, str]:
    """The text and the address of the note on the tile of the week."""
    tile = page.split("This week")[1].split("Done on time")[0]
    note = re.search(r'<a class="tile-note" href="([^"]*)">([^<]*)</a>', tile)
    if note is None:
        return "", ""
    return note[2], note[1].replace("&amp;", "&")


def test_a_day_without_time_left_is_full_and_opens_its_list(house: Any, as_member: Any, planned: Any) -> None:
    rita = as_member("rita")
    planned("Tomorrow", hours=24)
    planned("Today", hours=1)
    assert week_note(rita.get("followups/")) == ("", "")
    make_busy(house, house.rita, 14, 24)
    text, url = week_note(rita.get("followups/calendar/"))
    assert text == "tomorrow is full"
    assert subjects(rita.get(url.partition("suncoast-test/")[2])) == ["Tomorrow"]


def test_follow_ups_and_appointments_fill_days(house: Any, as_member: Any, planned: Any) -> None:
    with use_tenant(house.tenant):
        visit = AppointmentType.add("Site visit", by=house.ada, minutes=450)
        at = clock.now().replace(hour=14) + timedelta(days=1)  # nine in New York
        Appointment.book(house.job, visit, at, [house.rita], by=house.rita, anyway=True)
    rita, mona = as_member("rita"), as_member("mona")
    assert week_note(rita.get("followups/")) == ("", "")
    for number in range(12):
        planned(f"No {number}", hours=24)
    assert week_note(rita.get("followups/"))[0] == "tomorrow is full"
    assert week_note(rita.get("followups/?kind=email&status=completed"))[0] == "tomorrow is full", "of all that is due"
    assert week_note(mona.get("followups/")) == ("", ""), "hers are free"
    assert week_note(mona.get(f"followups/?who={house.rita.uid}"))[0] == "tomorrow is full"
    assert week_note(mona.get("followups/?who=all")) == ("", ""), "of nobody in particular"


def test_days_off_are_never_full(house: Any, as_member: Any, planned: Any) -> None:
    for number in range(40):
        planned(f"Saturday {number}", hours=24 * 3)
    assert week_note(as_member("rita").get("followups/")) == ("", "")
