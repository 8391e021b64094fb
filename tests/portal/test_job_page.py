"""The job page: what it tells, to whom, in how few questions and bytes, and the part of it that asks again."""

import gzip
import io
import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client

from comms.models import Attachment, Message
from crm.documents.models import Document, DocumentKind
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import JobParty
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.files import stored_files
from crm.platform.models import Team, TeamMember
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events
from crm.web.design.bundles import CUSTOMER_SCRIPT_BUNDLE, CUSTOMER_STYLE_BUNDLE, JOINED, SOURCES
from crm.web.design.icons import build_sprite
from crm.web.models import Notice
from service.models import Arrival, Milestone, Project
from tests.cast import Cast, House
from tests.markup import flat
from tests.portal.conftest import Coming
from tests.queries import data_queries


@pytest.fixture
def house(cast: Cast) -> House:
    return cast.house


def address(house: House, end: str = "") -> str:
    return f"/my/{house.tenant.slug}/jobs/{house.job.number}/{end}"


def move(house: House, *steps: str) -> None:
    with use_tenant(house.tenant):
        for step in steps:
            house.job.move_to(house.stage(step), by=house.rita)


def test_it_tells_where_the_job_is_what_comes_and_who(
    house: House, portal_client: Coming, django_capture_on_commit_callbacks: Any
) -> None:
    move(house, "Visit booked")
    with use_tenant(house.tenant):
        visit = AppointmentType.objects.create(name="Roof visit")
        at = clock.now() + timedelta(days=30)
        Appointment.book(house.job, visit, at, [house.sam], by=house.sam, anyway=True)
        open_job(title="Nora Neighbour", person=Person.objects.create(name="Nora"), by=None)
        photos = DocumentKind.objects.filter(is_photo=True).first() or DocumentKind.add("Photo", by=None, is_photo=True)
        permit = DocumentKind.add("City permit", by=None)
        for kind, visibility in ((photos, "customer"), (permit, "customer"), (permit, "internal")):
            Document.objects.create(
                job=house.job,
                kind=kind,
                title=f"{kind} {visibility}",
                visibility=visibility,
                media_type="application/pdf",
                size=9,
                taken_at=clock.now(),
            )
    client = portal_client(house.cora)
    assert client.get(f"/my/{house.tenant.slug}/")["Location"] == address(house), "their one job is the first page"
    with django_capture_on_commit_callbacks(execute=True):
        client.get(address(house))  # notes the visit
    with data_queries() as asked:
        page = client.get(address(house))
    words = flat(page.content.decode())
    for told in (
        "Our visit",
        "Your request is in",
        "Roof visit",
        "Sam Service",
        "Does this time suit you?",
        "City permit customer",
    ):
        assert told in words, told
    assert "Nora" not in words
    assert "internal" not in words
    assert "Reached" not in words, "a step customers don't read of"
    assert len(asked) <= 10, "\n".join(asked)


def test_work_under_way_is_told_by_day_milestone_and_crew(house: House, portal_client: Coming) -> None:
    move(house, "Visit booked", "Scheduled")
    with use_tenant(house.tenant):
        crew = Team.objects.create(name="Crew")
        TeamMember.objects.create(team=crew, member=house.sam)
        today = clock.now().astimezone(ZoneInfo("America/New_York")).date()
        project = Project.start(house.job, None, by=house.sam, starts_on=today)
        project.give_to(crew, by=house.sam)
        for at, (name, visibility) in enumerate((("Old roof off", "customer"), ("Count nails", "internal"))):
            Milestone.objects.create(project=project, name=name, position=at, visibility=visibility)
    words = flat(portal_client(house.cora).get(address(house)).content.decode())
    for told in ("Day 1 of 1", "Old roof off", "We finish today.", "Sam Service", "Crew"):
        assert told in words, told
    assert "Count nails" not in words
    with use_tenant(house.tenant):
        Arrival.say(project, "driving", today, by=house.sam)
    assert "Our crew is on its way to you." in flat(portal_client(house.cora).get(address(house)).content.decode())
    with use_tenant(house.tenant):
        project.hold("rain", today + timedelta(days=3), by=house.sam)
    assert "We have paused: rain." in flat(portal_client(house.cora).get(address(house)).content.decode())


def test_no_percentage_is_shown_before_the_work_begins(house: House, portal_client: Coming) -> None:
    move(house, "Visit booked", "Scheduled")
    with use_tenant(house.tenant):
        today = clock.now().astimezone(ZoneInfo("America/New_York")).date()
        project = Project.start(house.job, None, by=house.sam, starts_on=today + timedelta(days=3))
        project.report_percent(10, by=house.sam)
    client = portal_client(house.cora)
    assert "10%" not in flat(client.get(address(house)).content.decode())
    with use_tenant(house.tenant):
        project.schedule(today, today + timedelta(days=2), by=house.sam)
    assert "10%" in flat(client.get(address(house)).content.decode())


def test_the_part_that_asks_again_costs_little_until_something_changed(house: House, portal_client: Coming) -> None:
    client, part = portal_client(house.cora), address(house, "now/")
    first = client.get(part)
    mark = first["ETag"]
    assert mark in client.get(address(house)).content.decode().replace("&quot;", '"')
    with data_queries() as asked:
        again = client.get(part, headers={"If-None-Match": mark})
    assert (again.status_code, again.content) == (304, b"")
    assert len(asked) <= 5, "\n".join(asked)
    move(house, "Quote sent")
    changed = client.get(part, headers={"If-None-Match": mark})
    assert changed.status_code == 200
    assert "Your quote" in changed.content.decode()
    assert "<html" not in changed.content.decode()


@pytest.mark.parametrize("end", ["", "now/", "messages/", f"messages/files/{'0' * 8}-0000-7000-8000-{'0' * 12}/"])
def test_a_job_of_somebody_else_or_none_is_the_same_refusal(house: House, portal_client: Coming, end: str) -> None:
    with use_tenant(house.tenant):
        other = open_job(title="Nora", person=Person.objects.create(name="Nora"), by=None)
    client = portal_client(house.cora)
    pages = [client.get(f"/my/{house.tenant.slug}/jobs/{number}/{end}") for number in (other.number, 987654, 10**30)]
    assert [page.status_code for page in pages] == [404] * 3
    assert len({re.sub(rb'value="\w{64}"', b"", page.content) for page in pages}) == 1


def test_what_they_write_is_a_message_of_the_ticket_and_what_is_internal_stays_so(
    house: House, portal_client: Coming
) -> None:
    with use_tenant(house.tenant):
        for text, more in (
            ("We come at nine", {"author": house.rita}),
            ("An absence notice", {"automatic": "auto_reply"}),
            ("Buy a second roof", {"purpose": "marketing"}),
            ("Your code is 123456", {"purpose": "security"}),
        ):
            common = {"brand": house.job.brand, "job": house.job, "person": house.cora, "address": "cora@x.example"}
            Message.objects.create(
                **common | {"medium": "email", "direction": "out", "state": "sent", "text": text} | more
            )
    client, page = portal_client(house.cora), address(house, "messages/")
    sent = {"text": "A brown spot <b>", "key": "0193a1b2-0000-7000-8000-000000000001"}
    for _twice in range(2):
        assert client.post(page, sent)["Location"] == page
    words = client.get(page).content.decode()
    assert words.count("A brown spot &lt;b&gt;") == 1
    with use_tenant(house.tenant):
        spot = Message.objects.get(direction="in", medium="portal")
        for name in ("spot.jpg", "spot2.jpg"):
            file = stored_files.store_file(io.BytesIO(b"spot"), name, purpose="message", by=None, days=None)
            Attachment.objects.create(message=spot, file=file, name=name, media_type="image/jpeg", size=4)
    assert "spot2.jpg" in client.get(page).content.decode()
    assert "2 files" in flat(client.get(address(house)).content.decode())
    assert "We come at nine" in words
    assert not [told for told in ("absence", "second roof", "123456") if told in words]
    assert client.post(page, {"text": " "}).status_code == 422
    dispatch_events()
    with use_tenant(house.tenant):
        told = Notice.objects.values_list("member", "kind").filter(kind__startswith="message.")
        assert list(told) == [(house.rita.pk, "message.written_on_page")], "of a kind of its own, once"
        house.job.refresh_from_db()
        assert house.job.unread_channel == "portal"
        adjuster = Person.objects.create(name="Ava Adjuster")
        JobParty.objects.create(job=house.job, person=adjuster, role=JobParty.PartyRole.ADJUSTER)
    theirs = portal_client(adjuster)
    assert theirs.get(page).status_code == 404, "messages are no section of an adjuster's"
    assert "A brown spot" not in theirs.get(address(house)).content.decode()


def test_it_is_short_enough_for_a_phone_on_a_slow_line(house: House, portal_client: Coming) -> None:
    move(house, "Visit booked", "Quote sent")
    page = portal_client(house.cora).get(address(house)).content
    static = settings.BASE_DIR / "static"
    joined = [
        JOINED[name]((static / source).read_text() for source in SOURCES[name]).encode()
        for name in (CUSTOMER_STYLE_BUNDLE, CUSTOMER_SCRIPT_BUNDLE)
    ]
    assert sum(len(gzip.compress(each)) for each in (page, *joined, build_sprite().encode())) < 60_000


def test_a_colleague_who_looks_for_the_page_comes_to_the_door(house: House) -> None:
    staff = Client()
    staff.force_login(house.ada.user)
    assert "sign-in" in staff.get(address(house))["Location"]
