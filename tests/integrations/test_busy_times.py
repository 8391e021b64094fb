"""Events of a member's own calendar as busy times, read from a real CalDAV server."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm.integrations.models import BusyTime, CalendarConnection, ConnectedCalendar, RemoteEvent
from crm.integrations.providers.caldav_client import CalDavClient
from crm.integrations.providers.recurrence import busy_intervals
from crm.jobs.appointments.availability import next_free, taken_by
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.jobs.models.appointments.obstacles import InTheWay
from crm.kernel import clock
from crm.platform.models import Due
from tests.integrations.conftest import HOUR, NOW, TUESDAY, expire_token
from tests.integrations.radicale_server import Radicale

pytestmark = pytest.mark.django_db

Sync = Callable[[], CalendarConnection]
NEW_YORK = ZoneInfo("America/New_York")
DENTIST = ("SUMMARY:Dentist", "DTSTART:20260512T140000Z", "DTEND:20260512T150000Z")


def times() -> list[tuple[datetime, datetime]]:
    return [(row.starts_at, row.ends_at) for row in BusyTime.objects.order_by("starts_at")]


def test_the_calendars_of_an_account_are_found(connection: CalendarConnection, home: ConnectedCalendar) -> None:
    assert connection.is_active
    assert home.is_read
    assert not home.is_written
    assert "app-password" not in connection.sealed


def test_an_event_is_a_busy_time_without_its_title(server: Radicale, sync: Sync) -> None:
    server.put("dentist", *DENTIST)
    sync()
    assert times() == [(TUESDAY, TUESDAY + HOUR)]
    assert not BusyTime.objects.exclude(title="").exists()
    assert not RemoteEvent.objects.filter(title__gt="").exists()


def test_a_title_is_kept_for_who_chooses_so(server: Radicale, sync: Sync, home: ConnectedCalendar) -> None:
    server.put("dentist", *DENTIST)
    sync()
    home.choose(is_read=True, keeps_titles=True, is_written=False)
    sync()
    assert BusyTime.objects.get().title == "Dentist"
    home.choose(is_read=True, keeps_titles=False, is_written=False)
    assert not BusyTime.objects.exists()


def test_a_moved_and_a_deleted_event(server: Radicale, sync: Sync) -> None:
    server.put("dentist", *DENTIST)
    sync()
    server.move("dentist", "20260512T160000Z", "20260512T170000Z")
    sync()
    assert times() == [(TUESDAY + 2 * HOUR, TUESDAY + 3 * HOUR)]
    server.delete("dentist")
    sync()
    assert times() == []


@pytest.mark.parametrize("line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"])
def test_a_free_or_cancelled_event_keeps_nobody_busy(server: Radicale, sync: Sync, line: str) -> None:
    server.put("free", *DENTIST, line)
    sync()
    assert times() == []


def test_a_repeated_event_keeps_its_wall_clock_time(server: Radicale, sync: Sync, house: Any) -> None:
    """Across the change of 1 November, and with a moved and a cancelled time."""
    server.put(
        "standup",
        "SUMMARY:Standup",
        "DTSTART;TZID=America/New_York:20261026T090000",
        "DTEND;TZID=America/New_York:20261026T093000",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=America/New_York:20261109T090000",
        exceptions=(
            (
                "SUMMARY:Later",
                "RECURRENCE-ID;TZID=America/New_York:20261116T090000",
                "DTSTART;TZID=America/New_York:20261116T110000",
                "DTEND;TZID=America/New_York:20261116T113000",
            ),
        ),
    )
    with clock.at(datetime(2026, 10, 20, tzinfo=UTC)):
        sync()
    starts = [f"{begins.astimezone(NEW_YORK):%m-%d %H:%M}" for begins, _ends in times()]
    assert starts == ["10-26 09:00", "11-02 09:00", "11-16 11:00"]


def test_repeated_events_are_expanded_as_time_passes(server: Radicale, sync: Sync) -> None:
    server.put("gym", "DTSTART:20260501T160000Z", "DTEND:20260501T170000Z", "RRULE:FREQ=DAILY")
    sync()
    with clock.at(NOW + timedelta(days=30)):
        sync()
        assert times()[0][0] >= NOW + timedelta(days=29) - HOUR
        assert times()[-1][0] > NOW + timedelta(days=88)


def test_a_whole_day_is_one_of_the_members_zone(server: Radicale, sync: Sync) -> None:
    server.put("trip", "DTSTART;VALUE=DATE:20260513", "DTEND;VALUE=DATE:20260514")
    sync()
    assert times() == [(datetime(2026, 5, 13, 4, tzinfo=UTC), datetime(2026, 5, 14, 4, tzinfo=UTC))]


def test_a_whole_day_moves_with_the_members_zone(server: Radicale, sync: Sync, house: Any) -> None:
    server.put("trip", "DTSTART;VALUE=DATE:20260513", "DTEND;VALUE=DATE:20260514")
    sync()
    house.rita.prefer(time_zone="Europe/Amsterdam", start_page="")
    sync()
    assert times() == [(datetime(2026, 5, 12, 22, tzinfo=UTC), datetime(2026, 5, 13, 22, tzinfo=UTC))]


def test_our_own_entries_are_no_busy_times(server: Radicale, sync: Sync) -> None:
    """Of a calendar that also follows our feed."""
    server.put("x@throughline", *DENTIST)
    sync()
    assert times() == []


def test_an_expired_token_reads_everything_and_loses_nothing(
    server: Radicale, sync: Sync, home: ConnectedCalendar
) -> None:
    server.put("dentist", *DENTIST)
    server.put("old", "DTSTART:20260513T140000Z", "DTEND:20260513T150000Z")
    sync()
    kept = RemoteEvent.objects.get(remote_id__endswith="dentist.ics").pk
    server.delete("old")
    expire_token()
    connection = sync()
    assert not connection.failing_since
    assert [row.pk for row in RemoteEvent.objects.all()] == [kept]


def test_only_what_takes_place_is_read_at_first(server: Radicale, sync: Sync, home: ConnectedCalendar) -> None:
    """Of a calendar that holds years; a repeated event that began long ago still takes place."""
    server.put("past", "DTSTART:20200512T140000Z", "DTEND:20200512T150000Z")
    server.put("far", "DTSTART:20280512T140000Z", "DTEND:20280512T150000Z")
    server.put("weekly", "DTSTART:20200512T140000Z", "DTEND:20200512T150000Z", "RRULE:FREQ=WEEKLY")
    ConnectedCalendar.objects.update(sync_token="")
    sync()
    assert [row.remote_id for row in RemoteEvent.objects.all()] == ["/rita/home/weekly.ics"]
    with clock.at(datetime(2028, 5, 1, tzinfo=UTC)):
        sync()
        assert RemoteEvent.objects.filter(remote_id__endswith="far.ics").exists()


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3;BYSECOND=1,2,3"])
def test_a_rule_of_millions_of_times_is_not_listed(rule: str) -> None:
    lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "DTSTART:20260512T140000Z", "DURATION:PT1S", f"RRULE:{rule}"]
    timing = "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])
    assert busy_intervals([timing], NOW, NOW + timedelta(days=60), NEW_YORK) == []


def test_a_server_that_is_down_for_a_day(server: Radicale, sync: Sync, house: Any) -> None:
    server.put("dentist", *DENTIST)
    sync()
    server.stop()
    connection = sync()
    assert (connection.state, connection.problem, connection.failing_since) == ("active", "unreachable", NOW)
    with clock.at(NOW + timedelta(days=1)):
        connection = sync()
        assert Due.objects.get(kind="calendar.sync").run_at > clock.now()
        assert times() == [(TUESDAY, TUESDAY + HOUR)]
        server.start()
        server.move("dentist", "20260513T140000Z", "20260513T150000Z")
        connection = sync()
    assert connection.failing_since is None
    assert times() == [(TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=1) + HOUR)]


def test_a_refused_sign_in_waits_for_the_member(sync: Sync, connection: CalendarConnection) -> None:
    connection.secrets = {"username": "rita", "password": "revoked"}
    connection.save()
    Due.objects.filter(kind="calendar.sync").delete()
    assert (sync().state, connection.problem) == ("broken", "sign_in")
    assert not Due.objects.filter(kind="calendar.sync").exists()
    connection.reconnect({"username": "rita", "password": "app-password"})
    assert sync().state == "active"


def test_a_busy_time_is_not_offered_and_warns(house: Any, server: Radicale, sync: Sync, visit: AppointmentType) -> None:
    server.put("dentist", *DENTIST)
    sync()
    with pytest.raises(InTheWay, match=r"Rita Rep is busy .* by their own calendar") as refusal:
        Appointment.book(house.job, visit, TUESDAY, [house.rita], by=house.mona)
    assert refusal.value.may_insist
    assert "Dentist" not in str(refusal.value)
    offered = [free.starts_at for free in next_free(visit, [house.rita], NEW_YORK, count=30)]
    assert not any(at < TUESDAY + HOUR and at + HOUR > TUESDAY for at in offered)
    Appointment.book(house.job, visit, TUESDAY, [house.rita], by=house.mona, anyway=True)
    assert taken_by([house.rita.pk], TUESDAY, TUESDAY + HOUR)[house.rita.pk]


def test_disconnecting_deletes_what_was_read(server: Radicale, sync: Sync, house: Any) -> None:
    server.put("dentist", *DENTIST)
    sync().disconnect(by=house.rita)
    assert not BusyTime.objects.exists()
    assert not Due.objects.filter(kind="calendar.sync").exists()


def test_the_calendar_of_a_member_who_left_is_disconnected(sync: Sync, house: Any) -> None:
    house.rita.deactivate(by=house.ada)
    with pytest.raises(CalendarConnection.DoesNotExist):
        sync()


def test_a_calendar_that_is_no_longer_read_meanwhile_stores_nothing(
    server: Radicale, sync: Sync, home: ConnectedCalendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put("dentist", *DENTIST)
    read = CalDavClient.read_changes

    def choose_meanwhile(client: CalDavClient, *args: str) -> Any:
        changes = read(client, *args)
        ConnectedCalendar.objects.get(pk=home.pk).choose(is_read=False, keeps_titles=False, is_written=False)
        ConnectedCalendar.objects.update(sync_token="")
        return changes

    monkeypatch.setattr(CalDavClient, "read_changes", choose_meanwhile)
    sync()
    assert not BusyTime.objects.exists()
