"""Follow-ups in the API: planned, changed, done, moved, handed over."""

from datetime import timedelta
from typing import Any

import pytest

from crm.kernel import clock
from crm.platform.models import Change
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpSeries
from tests.api.client import ApiClient
from tests.cast import Cast
from tests.followups.recurrence.conftest import values as series_values


def moment(hours: float) -> str:
    return (clock.now() + timedelta(hours=hours)).isoformat()


@pytest.fixture
def call(rita: ApiClient, cast: Cast) -> Any:
    """A call to Cora tomorrow, as planned by the API."""
    body = {"subject": "Ask about the quote", "kind": "call", "due_at": moment(24), "job": cast.house.job.number}
    return rita.send("post", "follow-ups/", body).json()


def test_a_follow_up_of_a_job_is_its_owners(ada: ApiClient, cast: Cast) -> None:
    body = {"subject": "Send the drawings", "due_at": moment(24), "job": cast.house.job.number, "minutes": 20}

    answer = ada.send("post", "follow-ups/", body)

    assert answer.status_code == 201
    row = answer.json()
    assert (row["kind"], row["status"], row["minutes"], row["priority"]) == ("task", "pending", 20, "normal")
    assert (row["assignee"]["name"], row["person"]["name"]) == ("Rita Rep", "Cora Customer")
    assert ada.get(f"jobs/{cast.house.job.number}/").json()["next_step"]["label"] == "Send the drawings"


def test_without_a_record_it_is_personal(rita: ApiClient, ada: ApiClient) -> None:
    row = rita.send("post", "follow-ups/", {"subject": "Read the manual", "due_at": None}).json()

    assert (row["job"], row["assignee"]["name"]) == (None, "Rita Rep")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"kind": "dance"}, "/kind"),
        ({"due_at": "2026-01-01T00:00:00Z"}, "/due_at"),
        ({"due_at": "1826-01-01T00:00:00Z"}, "/due_at"),
        ({"assignee": "00000000-0000-7000-8000-000000000000"}, "/assignee"),
        ({"promised_by": "2026-01-01T00:00:00Z"}, "/promised_by"),
        ({"job": 1, "ticket": 1}, "/ticket"),
    ],
)
def test_what_names_nothing_is_pointed_at(changes: Any, pointer: str, ada: ApiClient) -> None:
    answer = ada.send("post", "follow-ups/", {"subject": "Call", "due_at": moment(24)} | changes)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, pointer)


@pytest.mark.parametrize("due_at", ["tomorrow", "2026-01-01", "2026-01-01T10:00:00", "2026-02-30T10:00:00Z", 7])
def test_a_moment_says_how_far_it_is_from_utc(due_at: Any, ada: ApiClient) -> None:
    assert ada.send("post", "follow-ups/", {"subject": "Call", "due_at": due_at}).status_code == 422


def test_the_list_takes_the_filters_of_the_page(ada: ApiClient, rita: ApiClient, call: Any) -> None:
    rita.send("post", "follow-ups/", {"subject": "Read", "due_at": None})

    assert [row["id"] for row in ada.get("follow-ups/?kind=call&q=Cora").json()["results"]] == [call["id"]]
    assert len(ada.get("follow-ups/?status=pending").json()["results"]) == 2


def test_it_is_changed(rita: ApiClient, call: Any) -> None:
    body = {"subject": "Call back", "kind": "visit", "priority": "high", "minutes": 45, "completes_on": "answer"}

    row = rita.send("patch", f"follow-ups/{call['id']}/", body).json()

    assert {name: row[name] for name in body} == body


def test_it_is_completed_once_and_reopened(rita: ApiClient, cast: Cast, call: Any) -> None:
    path = f"follow-ups/{call['id']}/"
    done = rita.send("post", f"{path}complete/", {"outcome": "successful", "note": "Comes on Friday"}).json()

    assert (done["status"], done["completed_by"]["name"]) == ("completed", "Rita Rep")
    assert rita.send("patch", path, {"subject": "Again"}).status_code == 409
    assert rita.send("post", f"{path}reopen/", {}).json()["status"] == "pending"
    with use_tenant(cast.house.tenant):
        assert Change.objects.filter(kind="followup.completed", member=cast.house.rita).exists()


def test_it_is_started_moved_and_cancelled(rita: ApiClient, call: Any) -> None:
    path = f"follow-ups/{call['id']}/"
    later = (clock.now() + timedelta(days=3)).replace(microsecond=0)

    assert rita.send("post", f"{path}start/", {}).json()["status"] == "in_progress"
    moved = rita.send("post", f"{path}reschedule/", {"due_at": later.isoformat()}).json()
    assert moved["due_at"] == later.isoformat().replace("+00:00", "Z")
    assert rita.send("post", f"{path}reschedule/", {"due_at": moment(-1)}).status_code == 409
    assert rita.send("post", f"{path}cancel/", {}).json()["status"] == "cancelled"


def test_it_is_handed_over(rita: ApiClient, cast: Cast, call: Any) -> None:
    answer = rita.send("post", f"follow-ups/{call['id']}/assign/", {"member": str(cast.house.mona.uid)})

    assert answer.json()["assignee"]["name"] == "Mona Manager"


def test_one_of_a_series_is_left_out(rita: ApiClient, cast: Cast, call: Any) -> None:
    from followups.recurrence.edits import create_series

    with use_tenant(cast.house.tenant):
        series: FollowUpSeries = create_series(series_values(), by=cast.house.rita)
        first, *_others = FollowUp.objects.filter(series=series).by_time()

    skipped = rita.send("post", f"follow-ups/{first.uid}/skip/", {"reason": "Holiday"})

    assert (skipped.status_code, skipped.json()["status"]) == (200, "cancelled")
    assert rita.send("post", f"follow-ups/{call['id']}/skip/", {}).status_code == 409


def test_a_colleagues_is_not_there(rita: ApiClient, ada: ApiClient) -> None:
    row = ada.send("post", "follow-ups/", {"subject": "Plan the budget", "due_at": None}).json()

    assert rita.get(f"follow-ups/{row['id']}/").status_code == 404
    assert rita.send("post", f"follow-ups/{row['id']}/cancel/", {}).status_code == 404
