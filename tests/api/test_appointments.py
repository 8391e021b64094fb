"""Appointments in the API: booked, moved, confirmed, cancelled, closed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm.jobs.models.appointments import AppointmentType
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient
from tests.cast import Cast

# Monday morning in New York, and ten o'clock on Tuesday there.
NOW = datetime(2026, 5, 11, 13, 0, tzinfo=UTC)
TUESDAY = "2026-05-12T14:00:00Z"


@pytest.fixture(autouse=True)
def monday(cast: Cast) -> Iterator[None]:
    with use_tenant(cast.house.tenant):
        AppointmentType.add("Inspection", by=cast.house.ada, minutes=60, travel_minutes=30)
    with clock.at(NOW):
        yield


def book(client: ApiClient, cast: Cast, **changes: Any) -> Any:
    body = {"job": cast.house.job.number, "type": "inspection", "starts_at": TUESDAY}
    return client.send("post", "appointments/", body | {"members": [str(cast.house.rita.uid)]} | changes)


def test_an_appointment_is_booked(rita: ApiClient, cast: Cast) -> None:
    answer = book(rita, cast, note="Bring the ladder")

    assert answer.status_code == 201
    row = answer.json()
    assert (row["type"], row["starts_at"], row["ends_at"]) == ("Inspection", TUESDAY, "2026-05-12T15:00:00Z")
    assert ([one["name"] for one in row["members"]], row["person"]["name"]) == (["Rita Rep"], "Cora Customer")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"starts_at": "2026-05-11T12:00:00Z"}, 409),
        ({"starts_at": "2026-05-12T03:00:00Z"}, 409),
        ({"starts_at": "2026-05-12T03:00:00Z", "ignore_warnings": True}, 201),
        ({"type": "Dance"}, 409),
        ({"members": ["00000000-0000-7000-8000-000000000000"]}, 409),
        ({"members": []}, 422),
        ({"job": 999}, 404),
    ],
)
def test_what_is_in_the_way_is_said(changes: Any, status: int, rita: ApiClient, cast: Cast) -> None:
    assert book(rita, cast, **changes).status_code == status


def test_nobody_is_booked_twice(rita: ApiClient, cast: Cast) -> None:
    book(rita, cast)

    assert book(rita, cast, starts_at="2026-05-12T14:30:00Z").status_code == 409


def test_it_is_moved_confirmed_and_cancelled(rita: ApiClient, cast: Cast) -> None:
    path = f"appointments/{book(rita, cast).json()['id']}/"

    moved = rita.send("post", f"{path}reschedule/", {"starts_at": "2026-05-13T14:00:00Z", "minutes": 90}).json()
    assert (moved["starts_at"], moved["ends_at"]) == ("2026-05-13T14:00:00Z", "2026-05-13T15:30:00Z")
    assert rita.send("post", f"{path}confirm/", {}).json()["state"] == "confirmed"
    assert rita.send("post", f"{path}cancel/", {"reason": "Storm"}).json()["reason"] == "Storm"
    assert rita.send("post", f"{path}reopen/", {}).json()["state"] == "confirmed"


@pytest.mark.parametrize(
    ("verb", "body", "state"), [("complete", {"outcome": "successful"}, "done"), ("miss", {}, "no_show")]
)
def test_it_is_closed_once_it_has_begun(verb: str, body: Any, state: str, rita: ApiClient, cast: Cast) -> None:
    path = f"appointments/{book(rita, cast).json()['id']}/{verb}/"
    assert rita.send("post", path, body).status_code == 409

    with clock.at(NOW + timedelta(days=2)):
        assert rita.send("post", path, body).json()["state"] == state


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("from=2026-05-12T00:00:00Z&until=2026-05-13T00:00:00Z", 1),
        ("until=2026-05-12T00:00:00%2B00:00", 0),
        ("state=planned", 1),
        ("until=2026-05-12T00:00:00Z", 0),
    ],
)
def test_the_list_is_narrowed(query: str, count: int, rita: ApiClient, cast: Cast) -> None:
    book(rita, cast)

    assert len(rita.get(f"appointments/?{query}").json()["results"]) == count


@pytest.mark.parametrize("query", ["from=today", "state=lost"])
def test_a_filter_that_cannot_be_read_is_refused(query: str, rita: ApiClient) -> None:
    answer = rita.get(f"appointments/?{query}")

    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, query.partition("=")[0])
