"""The calendar's pages: a day, a week, a month; booking; what may be done with one; the types in the settings."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.platform.models import Member
from tests.jobs.appointments.conftest import TUESDAY
from tests.queries import data_queries

pytestmark = pytest.mark.django_db


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def page(house: Any, path: str, member: Member | None = None, status: int = 200) -> str:
    answer = signed_in(member or house.rita).get(f"/{house.tenant.slug}/calendar/{path}")
    assert answer.status_code == status
    return str(answer.content.decode())


def test_every_view_shows_it_and_its_queries_do_not_grow(house: Any, visit: Any, booked: Appointment) -> None:
    counts = {}
    for view in ("day", "week", "month"):
        shown = page(house, f"?view={view}&day=2026-05-12")
        assert "Cora Customer" in shown
        assert f"/{booked.uid}/" in shown
        with data_queries() as before:
            page(house, f"?view={view}&day=2026-05-12")
        counts[view] = len(before)
    for hours in (3, 5, 24):
        Appointment.book(house.job, visit, TUESDAY + timedelta(hours=hours), [house.rita], by=house.rita)
        Appointment.book(house.job, visit, TUESDAY + timedelta(hours=hours), [house.mona], by=house.rita)
    for view, count in counts.items():
        with data_queries() as after:
            page(house, f"?view={view}&day=2026-05-12")
        assert len(after) == count, view
    # Of a colleague's, whose lead is not theirs, a rep reads that they are busy.
    house.job.assign_to(house.mona, by=house.mona)
    other = Appointment.objects.of_member(house.mona.pk).first()
    shown = page(house, "?day=2026-05-12")
    assert f"/{other.uid}/" not in shown
    assert "Busy" in shown
    assert "Cora Customer" not in page(house, f"?day=2026-05-12&member={house.mona.uid}")


def test_it_is_booked_from_a_lead_by_a_time_that_is_offered(house: Any, visit: AppointmentType) -> None:
    number, client = house.job.number, signed_in(house.rita)
    url = f"/{house.tenant.slug}/calendar/book/"
    shown = client.get(f"{url}?job={number}&type={visit.pk}").content.decode()
    assert "2026-05-11T14:00:00+00:00" in shown
    assert "Eastern time" not in shown, "it is the reader's own"
    slot = f"2026-05-12T14:00:00+00:00 {house.rita.uid}"
    form = {"job": f"{number} Cora", "type": visit.pk, "slot": slot, "next": f"/{house.tenant.slug}/leads/{number}/"}
    assert client.post(url, form)["Location"].endswith(f"/leads/{number}/")
    assert Appointment.objects.get().starts_at == TUESDAY
    # Refused: the page says why, keeps what was filled in, and offers to insist where that is possible.
    own = {"job": number, "type": visit.pk, "member": house.rita.uid, "minutes": 60, "day": "2026-05-12"}
    refused = client.post(url, own | {"time": "10:30"})
    assert refused.status_code == 422
    assert "Rita Rep is at" in refused.content.decode()
    assert 'value="10:30"' in refused.content.decode()
    late = client.post(url, own | {"time": "20:00"}).content.decode()
    assert "Book it anyway" in late
    assert client.post(url, own | {"time": "20:00", "anyway": "1"}).status_code == 302
    shown = client.get(f"/{house.tenant.slug}/calendar/lead/{number}/").content.decode()
    assert shown.count("Not confirmed yet") == 2


def test_the_type_that_is_booked_most_is_chosen(house: Any, booked: Appointment) -> None:
    AppointmentType.add("Final walkthrough", by=house.ada, minutes=30, travel_minutes=0)
    shown = page(house, f"book/?job={house.job.number}")
    assert re.search(rf'value="{booked.type.pk}"\s+(checked|selected)', shown)


def test_its_own_page_does_all_there_is_to_do(house: Any, booked: Appointment) -> None:
    client, url = signed_in(house.rita), f"/{house.tenant.slug}/calendar/{booked.uid}/"

    def do(verb: str, **data: Any) -> Any:
        booked.refresh_from_db()
        return client.post(f"{url}{verb}/", {"version": booked.version} | data)

    shown = client.get(url).content.decode()
    assert "2207 Bayshore Ct" in shown
    assert f'value="{booked.starts_at.isoformat()} ' not in shown, "its own time is none to move to"
    assert 'name="slot"' in shown
    assert do("confirm").status_code == 302
    assert client.post(f"{url}confirm/", {"version": "1"}).status_code == 409
    assert do("complete", outcome="successful").status_code == 422
    assert do("cancel", reason="").status_code == 422
    moved = do("move", day="2026-05-13", time="09:00", minutes=90, member=house.mona.uid)
    assert moved.status_code == 302
    booked.refresh_from_db()
    assert (booked.minutes, booked.member_ids) == (90, [house.mona.pk])
    assert do("cancel", reason="Rain").status_code == 302
    assert do("reopen").status_code == 302
    booked.refresh_from_db()
    assert booked.state == "planned"
    assert page(house, f"{booked.uid}/", house.sam)


def test_one_that_may_move_says_what_a_drag_sends_and_comes_back_to_the_calendar(
    house: Any, visit: AppointmentType, booked: Appointment
) -> None:
    here = f"/{house.tenant.slug}/calendar/"
    for view in ("day", "week", "month"):
        shown = page(house, f"?view={view}&day=2026-05-12")
        assert f'data-moves="{here}{booked.uid}/move/"' in shown
        assert f'data-members="{house.rita.uid}"' in shown
        assert 'draggable="false" aria-describedby="move-hint"' in shown
    assert f'data-member="{house.mona.uid}"' in page(house, f"?day=2026-05-12&member={house.mona.uid}")
    taken = Appointment.book(house.job, visit, TUESDAY + timedelta(hours=3), [house.mona], by=house.rita)
    drop = {"version": booked.version, "day": "2026-05-12", "minutes": booked.minutes, "next": f"{here}?view=day"}
    client = signed_in(house.rita)
    refused = client.post(f"{here}{booked.uid}/move/", drop | {"time": "13:15", "member": house.mona.uid})
    assert refused.status_code == 422
    assert "Mona Manager is at" in refused.content.decode()
    assert 'value="13:15"' in refused.content.decode(), "what was asked for stands in the form"
    odd = client.post(f"{here}{booked.uid}/move/", drop | {"time": "13:15", "minutes": "9" * 5000})
    assert odd.status_code == 422, "a length that is none"
    moved = client.post(f"{here}{booked.uid}/move/", drop | {"time": "13:15", "member": house.rita.uid})
    assert moved["Location"] == f"{here}?view=day"
    assert "Undo" in client.get(moved["Location"]).content.decode()
    # What is over, or closed, stays where it is.
    taken.cancel("Rain", by=house.rita)
    booked.refresh_from_db()
    booked.cancel("Rain", by=house.rita)
    assert "data-moves" not in page(house, "?view=week&day=2026-05-12")


def test_types_are_set_up(house: Any, visit: AppointmentType) -> None:
    client, url = signed_in(house.ada), f"/{house.tenant.slug}/calendar/types/"
    form = {
        "name": "Measure",
        "way": "visit",
        "minutes": 30,
        "travel_minutes": 0,
        "hold_minutes": 90,
        "email_before": 24,
        "notice_hours": 8,
        "notice_in_working_hours": "1",
        "confirmation_template": "",
    }
    version = client.get(url).context["version"]
    assert client.post(f"{url}add/", form | {"version": version}).status_code == 302
    added = AppointmentType.objects.get(name="Measure")
    assert (added.reminders, added.invites) == ([(24 * 60, "email")], False)
    assert (added.notice_minutes, added.notice_in_working_hours) == (8 * 60, True)
    version = client.get(url).context["version"]
    refused = client.post(f"{url}{added.pk}/edit/", form | {"version": version, "minutes": 4})
    assert refused.status_code == 422
    assert "Length" in refused.content.decode()
    assert client.post(f"{url}{added.pk}/archive/", {"version": version}).status_code == 302
    assert signed_in(house.rita).get(url).status_code == 404


def test_a_time_the_customer_is_asked_about_stands_in_the_calendar(
    house: Any, booked: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comms.appointments.questions.ask", lambda row: None)
    client, url = signed_in(house.rita), f"/{house.tenant.slug}/calendar/{booked.uid}/"

    def do(verb: str, status: int = 302, **data: Any) -> None:
        booked.refresh_from_db()
        assert client.post(f"{url}{verb}/", {"version": booked.version} | data).status_code == status
        booked.refresh_from_db()

    slot = f"2026-05-13T14:00:00+00:00 {house.rita.uid}"
    do("move", slot=slot, ask="1")
    assert (booked.starts_at, booked.asked_time) == (TUESDAY, TUESDAY + timedelta(days=1))
    shown = client.get(url).content.decode()
    assert "The customer is asked about" in shown
    for view in ("day", "week", "month"):
        found = page(house, f"?view={view}&day=2026-05-13")
        assert f"/{booked.uid}/" in found
        assert "held" in found
    assert page(house, "?view=month&day=2026-05-13").count("held, not confirmed") == 1
    # Held is not booked: the page counts none, and so does each member's head.
    assert set(re.findall(r"\d+ appointments?", page(house, "?day=2026-05-13"))) == {"0 appointments"}
    # A colleague who may not see the lead reads that Rita is busy.
    house.job.assign_to(house.mona, by=house.mona)
    do("release")
    assert not booked.is_held
    do("move", slot=slot, ask="1")
    do("accept")
    assert (booked.starts_at, booked.state) == (TUESDAY + timedelta(days=1), "confirmed")
    do("accept", 409)
