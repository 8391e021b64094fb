"""Links of video meetings: a member's own, Zoom's and Google Meet's, in calendars, invitations and on pages."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from comms.appointments.appointment_values import appointment_values
from comms.appointments.links import appointment_url, customer_meeting_url
from crm.integrations.calendar_items import read_items
from crm.integrations.meetings.zoom_meetings import follow_events, sync_meeting
from crm.integrations.models import Meeting, MeetingPreference, ZoomAccount
from crm.jobs.appointments.feed.feed import render
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.platform.models import Due, Event
from followups.feed import meeting_urls_of
from followups.models import FollowUp
from followups.models.edits import edit_all
from tests.integrations.conftest import HOUR, NOW, TUESDAY
from tests.integrations.test_google import connection, google, rita, written  # noqa: F401
from tests.integrations.zoom_server import Zoom, running_zoom

pytestmark = pytest.mark.django_db

ROOM = "https://meet.example/rita"


@pytest.fixture
def call(house: Any) -> Appointment:
    """Rita meets Cora by video on Tuesday at ten."""
    type_ = AppointmentType.add("Video meeting", by=house.ada, minutes=30, way="video")
    return Appointment.book(house.job, type_, TUESDAY, [house.rita], by=house.rita)


@pytest.fixture
def own_room(house: Any) -> None:
    MeetingPreference.choose(house.rita, "link", ROOM)


@pytest.fixture
def zoom(settings: Any) -> Iterator[Zoom]:
    with running_zoom() as peer:
        settings.ZOOM_TOKEN_URL = f"{peer.origin}/token"
        settings.ZOOM_API_URL = f"{peer.origin}/v2"
        yield peer


@pytest.fixture
def zoom_call(house: Any, zoom: Zoom, own_room: None, call: Appointment) -> Appointment:
    """The same, and Rita meets by Zoom."""
    ZoomAccount.connect("account", "client", "secret", by=house.ada)
    MeetingPreference.choose(house.rita, "zoom", ROOM)
    return call


@pytest.fixture
def run(house: Any) -> Callable[[], None]:
    """Follow what happened, as a worker does."""

    def follow() -> None:
        follow_events(list(Event.objects.filter(kind__startswith="appointment.")))
        for meeting in Meeting.objects.values_list("pk", flat=True):
            sync_meeting(house.tenant.pk, meeting)

    return follow


def place_of(house: Any) -> str:
    return read_items([house.rita.pk], NOW, NOW + timedelta(days=9))[0].place


def test_the_own_link_is_where_calendars_say_it_is(house: Any, own_room: None, call: Appointment) -> None:
    feed = render(house.rita).decode().replace("\r\n ", "")
    assert f"LOCATION:{ROOM}" in feed
    assert f"CONFERENCE;FEATURE=VIDEO;VALUE=URI:{ROOM}" in feed


def test_a_visit_has_no_link(house: Any, own_room: None, booked: Appointment) -> None:
    assert "2207 Bayshore" in place_of(house)
    assert appointment_values(booked, "en")["appointment.meeting_link"] == ""


def test_the_customer_is_led_to_the_link_as_it_is_then(house: Any, own_room: None, call: Appointment) -> None:
    url = customer_meeting_url(call)
    assert "/video/" in appointment_values(call, "en")["appointment.meeting_link"]
    path = urlsplit(url).path
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"]) == (302, ROOM)
    MeetingPreference.choose(house.rita, "link", "https://meet.example/new")
    assert Client().get(path)["Location"] == "https://meet.example/new"
    call.cancel("no", by=house.rita)
    assert ROOM not in Client().get(path)["Location"]


def test_a_video_follow_up_shows_the_link(house: Any, own_room: None) -> None:
    row = FollowUp.plan(kind="video", subject="Show roof", due_at=TUESDAY, by=house.rita, assignee=house.rita)
    client = Client()
    client.force_login(house.rita.user)
    assert ROOM in client.get(f"/{house.tenant.slug}/followups/{row.uid}/").content.decode()
    assert place_of(house) == ROOM


def test_the_pages_of_the_appointment_show_the_link(house: Any, own_room: None, call: Appointment) -> None:
    client = Client()
    client.force_login(house.mona.user)
    assert ROOM in client.get(f"/{house.tenant.slug}/calendar/{call.uid}/").content.decode()
    page = Client().get(urlsplit(appointment_url(call)).path).content.decode()
    assert f'href="{ROOM}"' in page
    assert "Join by video" in page


@pytest.mark.parametrize("url", ["http://meet.example/", "javascript:alert(1)", "https://a b"])
def test_only_a_web_address_is_a_link(house: Any, url: str) -> None:
    client = Client()
    client.force_login(house.rita.user)
    page = client.post(
        f"/{house.tenant.slug}/preferences/calendars/meetings/", {"provider": "link", "url": url}, follow=True
    )
    assert "must begin with https://" in page.content.decode()
    assert not MeetingPreference.objects.exists()


def test_zoom_creates_moves_and_deletes_the_meeting(
    house: Any, zoom: Zoom, zoom_call: Appointment, run: Callable[[], None]
) -> None:
    run()
    assert place_of(house) == "https://zoom.us/j/801"
    zoom_call.reschedule(TUESDAY + HOUR, by=house.rita)
    run()
    assert zoom.meetings["801"]["start_time"] == "2026-05-12T15:00:00Z"
    zoom_call.cancel("no", by=house.rita)
    run()
    assert zoom.meetings == {}
    assert not Meeting.objects.exists()


def test_a_meeting_is_created_once(house: Any, zoom: Zoom, zoom_call: Appointment, run: Callable[[], None]) -> None:
    """A worker died after its call, before it noted the meeting."""
    run()
    Meeting.objects.update(remote_id="", url="", starts_at=None, ends_at=None)
    run()
    assert zoom.created == 1
    assert place_of(house) == "https://zoom.us/j/801"


def test_without_an_answer_the_own_link_is_used_and_it_is_tried_again(
    house: Any, zoom: Zoom, zoom_call: Appointment, run: Callable[[], None]
) -> None:
    zoom.failures = [503]
    run()
    assert place_of(house) == ROOM
    assert Due.objects.get(kind="meeting.sync").due_at == NOW + timedelta(minutes=5)
    run()
    assert place_of(house) == "https://zoom.us/j/801"


def test_refused_credentials_are_shown_to_admins(
    house: Any, zoom: Zoom, zoom_call: Appointment, run: Callable[[], None]
) -> None:
    ZoomAccount.connect("account", "client", "wr0ng-value", by=house.ada)
    run()
    client = Client()
    client.force_login(house.ada.user)
    page = client.get(f"/{house.tenant.slug}/settings/zoom/").content.decode()
    assert "The sign-in is refused" in page
    assert "wr0ng-value" not in page


def test_zoom_is_connected_on_its_page(house: Any) -> None:
    client = Client()
    client.force_login(house.ada.user)
    url = f"/{house.tenant.slug}/settings/zoom/"
    version = client.get(url).context["version"]
    values = {"account_id": "account", "client_id": "client", "client_secret": "secret", "version": version}
    client.post(f"{url}connect/", values)
    account = ZoomAccount.objects.get()
    assert account.client_secret == "secret"
    assert "secret" not in account.sealed


def test_google_meet_comes_with_the_event(
    house: Any,
    written: Any,  # noqa: F811
    google: Any,  # noqa: F811
    sync: Any,
    own_room: None,
    call: Appointment,
) -> None:
    MeetingPreference.choose(house.rita, "google", ROOM)
    sync()
    event = google.events[f"tl{call.uid.hex}"]
    assert place_of(house) == event["hangoutLink"]
    sync()
    assert google.events[f"tl{call.uid.hex}"]["location"] == event["hangoutLink"]


def test_a_follow_up_says_itself_where_it_takes_place(house: Any, zoom: Zoom, own_room: None) -> None:
    ZoomAccount.connect("account", "client", "secret", by=house.ada)
    values = {"kind": "call", "job": house.job, "assignee": house.rita, "by": house.rita, "due_at": TUESDAY}
    by_zoom = FollowUp.plan(subject="Talk", meeting="zoom", **values)
    own = FollowUp.plan(subject="In my room", meeting="link", **values)
    follow_events(list(Event.objects.filter(kind="followup.planned")))
    assert Meeting.objects.get().item_id == by_zoom.pk
    sync_meeting(house.tenant.pk, Meeting.objects.get().pk)
    urls = meeting_urls_of([by_zoom, own])
    assert (urls[own.pk], urls[by_zoom.pk]) == (ROOM, Meeting.objects.get().url)
    edit_all([(by_zoom, {"meeting": "none"})], by=house.rita)
    follow_events(list(Event.objects.filter(kind="followup.edited")))
    sync_meeting(house.tenant.pk, Meeting.objects.get().pk)
    assert not Meeting.objects.exists()
