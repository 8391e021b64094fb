"""A Google calendar, against a server on loopback that answers as Google's API does."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from crm.integrations.models import BusyTime, CalendarConnection, WrittenEntry
from crm.integrations.sync.connection_sync import sync_connection
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.platform.models import Due
from tests.integrations.conftest import HOUR, NOW, TUESDAY
from tests.integrations.google_server import ACCOUNT, Google
from tests.integrations.rest_peer import running

pytestmark = pytest.mark.django_db

Sync = Callable[[], CalendarConnection]
NEW_YORK = "America/New_York"


def at(moment: datetime) -> dict[str, str]:
    return {"dateTime": moment.isoformat(), "timeZone": NEW_YORK}


@pytest.fixture
def google(settings: Any) -> Iterator[Google]:
    with running(Google()) as peer:
        settings.GOOGLE_CLIENT_ID = "throughline"
        settings.GOOGLE_CLIENT_SECRET = "secret"
        settings.GOOGLE_TOKEN_URL = f"{peer.origin}/token"
        settings.GOOGLE_CALENDAR_URL = f"{peer.origin}/v3"
        yield peer


@pytest.fixture
def rita(house: Any) -> Client:
    client = Client()
    client.force_login(house.rita.user)
    return client


@pytest.fixture
def connection(house: Any, google: Google, rita: Client) -> CalendarConnection:
    """Connected as a member does, through the provider's page."""
    url = f"/{house.tenant.slug}/preferences/calendars/"
    there = rita.get(f"{url}sign-in/", {"provider": "google"})["Location"]
    back = rita.get("/public/calendars/signed-in/", google.allow(there))
    rita.get(back["Location"])
    connection = CalendarConnection.objects.get()
    sync_connection(house.tenant.pk, connection.pk)
    connection.refresh_from_db()
    return connection


@pytest.fixture
def written(connection: CalendarConnection) -> Any:
    connection.written_sources = ["appointment", "follow_up"]
    connection.save()
    primary = connection.calendars.get(remote_id=ACCOUNT)
    primary.choose(is_read=True, keeps_titles=False, is_written=True)
    return primary


def event_of(google: Google, row: Appointment) -> dict[str, Any]:
    return google.events[f"tl{row.uid.hex}"]


def starts() -> list[str]:
    rows = BusyTime.objects.order_by("starts_at")
    return [f"{row.starts_at.astimezone(ZoneInfo(NEW_YORK)):%m-%d %H:%M}" for row in rows]


def test_an_account_is_connected_by_signing_in(connection: CalendarConnection) -> None:
    assert (connection.state, connection.account) == ("active", ACCOUNT)
    assert connection.secrets["refresh"] == "refresh-1"
    assert "refresh-1" not in connection.sealed
    assert [(row.name, row.may_write) for row in connection.calendars.all()] == [("Holidays", False), (ACCOUNT, True)]


def test_another_browser_cannot_finish_a_sign_in(house: Any, google: Google, rita: Client) -> None:
    there = rita.get(f"/{house.tenant.slug}/preferences/calendars/sign-in/", {"provider": "google"})["Location"]
    mona = Client()
    mona.force_login(house.mona.user)
    back = mona.get("/public/calendars/signed-in/", google.allow(there))
    assert "begun elsewhere" in mona.get(back["Location"], follow=True).content.decode()
    assert not CalendarConnection.objects.exists()
    assert rita.get("/public/calendars/signed-in/", {"state": "made up", "code": "x"}).status_code == 404


def test_access_that_was_not_allowed(house: Any, google: Google, rita: Client) -> None:
    there = rita.get(f"/{house.tenant.slug}/preferences/calendars/sign-in/", {"provider": "google"})["Location"]
    state = google.allow(there)["state"]
    back = rita.get("/public/calendars/signed-in/", {"state": state, "error": "access_denied"})
    assert "did not allow access" in rita.get(back["Location"], follow=True).content.decode()


def test_without_credentials_the_page_says_so(house: Any, rita: Client) -> None:
    url = f"/{house.tenant.slug}/preferences/calendars/"
    assert "GOOGLE_CLIENT_ID" in rita.get(url).content.decode()
    answer = rita.get(f"{url}sign-in/", {"provider": "google"}, follow=True)
    assert "Choose a provider that is set up" in answer.content.decode()


def test_events_are_busy_times(google: Google, sync: Sync) -> None:
    google.put("dentist", summary="Dentist", start=at(TUESDAY), end=at(TUESDAY + HOUR))
    google.put("free", start=at(TUESDAY), end=at(TUESDAY + HOUR), transparency="transparent")
    declined = [{"self": True, "responseStatus": "declined"}]
    google.put("declined", start=at(TUESDAY), end=at(TUESDAY + HOUR), attendees=declined)
    google.put("trip", start={"date": "2026-05-14"}, end={"date": "2026-05-15"})
    sync()
    assert starts() == ["05-12 10:00", "05-14 00:00"]
    google.delete("dentist")
    sync()
    assert starts() == ["05-14 00:00"]


def test_a_repeated_event_with_exceptions_across_a_change_of_the_clock(google: Google, sync: Sync) -> None:
    first = datetime(2026, 10, 26, 9, tzinfo=ZoneInfo(NEW_YORK))
    half = timedelta(minutes=30)
    rules = ["RRULE:FREQ=WEEKLY;COUNT=4"]
    google.put("standup", start=at(first), end=at(first + half), recurrence=rules)
    moved = datetime(2026, 11, 9, 11, tzinfo=ZoneInfo(NEW_YORK))
    original = at(datetime(2026, 11, 9, 9, tzinfo=ZoneInfo(NEW_YORK)))
    with clock.at(datetime(2026, 10, 20, tzinfo=UTC)):
        sync()
        assert starts() == ["10-26 09:00", "11-02 09:00", "11-09 09:00", "11-16 09:00"]
        times = {"start": at(moved), "end": at(moved + half)}
        google.put("standup_1", recurringEventId="standup", originalStartTime=original, **times)
        last = at(datetime(2026, 11, 16, 9, tzinfo=ZoneInfo(NEW_YORK)))
        google.put("standup_2", recurringEventId="standup", originalStartTime=last, status="cancelled")
        sync()
        assert starts() == ["10-26 09:00", "11-02 09:00", "11-09 11:00"]
        google.delete("standup")
        sync()
        assert starts() == []


def test_an_expired_sync_token_reads_everything(google: Google, sync: Sync) -> None:
    for number in range(3):
        moment = TUESDAY + number * 2 * HOUR
        google.put(f"event-{number}", start=at(moment), end=at(moment + HOUR))
    sync()
    kept = set(BusyTime.objects.values_list("event_id", flat=True))
    google.delete("event-2")
    google.forgotten = 100
    assert sync().failing_since is None
    assert set(BusyTime.objects.values_list("event_id", flat=True)) < kept
    assert len(starts()) == 2


def test_an_appointment_goes_both_ways(google: Google, sync: Sync, written: Any, booked: Appointment) -> None:
    sync()
    event = event_of(google, booked)
    assert event["summary"] == "Inspection: Cora Customer"
    sync()
    assert google.changes == [event["id"]]
    assert starts() == []
    google.put(event["id"], start=at(TUESDAY + 3 * HOUR), end=at(TUESDAY + 4 * HOUR))
    sync()
    booked.refresh_from_db()
    assert booked.starts_at == TUESDAY + 3 * HOUR
    google.delete(event["id"])
    sync()
    booked.refresh_from_db()
    assert booked.state == "cancelled"


def test_a_change_on_both_sides_is_a_conflict(
    google: Google, sync: Sync, written: Any, booked: Appointment, house: Any
) -> None:
    sync()
    booked.reschedule(TUESDAY + 2 * HOUR, by=house.rita)
    google.put(event_of(google, booked)["id"], start=at(TUESDAY + 3 * HOUR), end=at(TUESDAY + 4 * HOUR))
    sync()
    assert WrittenEntry.objects.get().conflict == "moved"
    assert event_of(google, booked)["start"] == at(TUESDAY + 3 * HOUR)


def test_what_was_written_before_the_worker_died_is_written_once(
    google: Google, sync: Sync, written: Any, booked: Appointment
) -> None:
    sync()
    WrittenEntry.objects.all().delete()
    sync()
    assert len(google.events) == 1
    assert WrittenEntry.objects.get().etag == event_of(google, booked)["etag"]


def test_a_token_is_renewed(google: Google, sync: Sync) -> None:
    with clock.at(NOW + 2 * HOUR):
        assert sync().failing_since is None
    google.access = "rotated"
    with clock.at(NOW + 2.5 * HOUR):
        assert sync().failing_since is None
    assert google.tokens == 3


def test_revoked_access_waits_for_the_member(google: Google, sync: Sync) -> None:
    google.is_revoked = True
    with clock.at(NOW + 2 * HOUR):
        connection = sync()
    assert (connection.state, connection.problem) == ("broken", "sign_in")


def test_a_limit_is_waited_out(google: Google, sync: Sync) -> None:
    google.failures = [(429, {}, {"Retry-After": "3600"})]
    connection = sync()
    assert (connection.state, connection.problem) == ("active", "too_many")
    assert Due.objects.get(kind="calendar.sync").due_at == NOW + HOUR
