"""`/api/v1/events/`: what a member may see, in order, with a cursor that goes on or says that it can't."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from api.models import ApiToken
from crm.platform.events import events
from crm.platform.models import Event, Role
from crm.platform.tenancy.context import use_tenant
from leads.calls.decision import count_call
from leads.models import TrackedCall
from service.claims.proposals import accept_value
from service.models import ClaimMail
from tests.api.client import ApiClient, api_client
from tests.api.records import create_call_records
from tests.cast import Cast, House, load_cast


def record_in(house: House, kind: str, subject: Any, **facts: Any) -> Event:
    events.record(kind, subject=subject, by=house.rita, **facts)
    event: Event = Event.objects.latest("pk")
    return event


@pytest.fixture
def house(transactional_db: None) -> House:
    """The house, with changes that are committed: only such are settled."""
    return load_cast().house


@pytest.fixture
def write(house: House) -> Callable[..., int]:
    """Record an event, committed, and return its id."""

    def commit(kind: str, subject: Any = None, **facts: Any) -> int:
        with use_tenant(house.tenant):
            return int(record_in(house, kind, subject or house.job, job_id=house.job.pk, **facts).pk)

    return commit


def read(client: ApiClient, query: str = "after=latest") -> dict[str, Any]:
    answer = client.get(f"events/?{query}")
    assert answer.status_code == 200, answer.json()
    body: dict[str, Any] = answer.json()
    return body


def test_an_event_names_its_record_and_its_actor_and_has_no_personal_data(
    house: House, write: Callable[..., int]
) -> None:
    ada = api_client(house.tenant, house.ada)
    after = read(ada)["next"].rpartition("?")[2]
    with use_tenant(house.tenant):
        stage = house.stage("Reached")
    pk = write("job.moved", data={"from": None, "to": stage.pk, "cause": "Cora called"})
    [event] = read(ada, after)["results"]

    assert event | {"at": ""} == {
        "id": pk,
        "type": "job.moved",
        "at": "",
        "actor": {"id": str(house.rita.uid)},
        "record": {"kind": "job", "id": house.job.number, "url": f"/api/v1/jobs/{house.job.number}/"},
        "job": house.job.number,
        "data": {"from": None, "to": "Reached"},
        "caused_by": None,
    }


def test_claims_carriers_emails_and_calls_are_records_of_events(house: House) -> None:
    ada = api_client(house.tenant, house.ada)
    after = read(ada)["next"].rpartition("?")[2]
    with use_tenant(house.tenant):
        ids = create_call_records(house)
        accept_value(ClaimMail.objects.get(), "approved", by=house.ada)
        count_call(TrackedCall.objects.get(), by=house.ada)
    rows = {row["type"]: row["record"]["id"] for row in read(ada, after)["results"]}

    assert rows["job_claim.edited"] == str(ids["claims"])
    assert rows["claim_mail.decided"] == str(ids["claim-mails"])
    assert rows["call.counted"] == str(ids["calls"])


def test_the_cursor_goes_on_without_gap_or_duplicate(house: House, write: Callable[..., int]) -> None:
    ada = api_client(house.tenant, house.ada)
    query = read(ada)["next"].rpartition("?")[2]
    written = [write("lead.won") for _time in range(5)]
    seen = []
    for _page in range(4):
        page = read(ada, f"{query}&limit=2")
        seen += [event["id"] for event in page["results"]]
        query = page["next"].rpartition("?")[2].replace("&limit=2", "")
    assert seen == written
    assert not page["has_more"]


def test_a_rep_gets_no_event_of_a_colleagues_job_and_the_cursor_goes_on(
    house: House, write: Callable[..., int]
) -> None:
    rita = api_client(house.tenant, house.rita)
    query = read(rita)["next"].rpartition("?")[2]
    with use_tenant(house.tenant):
        house.job.assign_to(house.mona, by=house.ada)
    pk = write("lead.won")
    page = read(rita, query)

    assert page["results"] == []
    assert page["next"].endswith(f"after={pk}")


def test_a_role_that_was_narrowed_is_seen_at_once(house: House, write: Callable[..., int]) -> None:
    mona = api_client(house.tenant, house.mona)
    query = read(mona)["next"].rpartition("?")[2]
    write("lead.won")
    assert "lead.won" in [event["type"] for event in read(mona, query)["results"]]
    with use_tenant(house.tenant):
        house.mona.change_role(Role.REP, by=house.ada)
    assert read(mona, query)["results"] == []


def test_types_leave_out_the_others(house: House, write: Callable[..., int]) -> None:
    ada = api_client(house.tenant, house.ada)
    query = read(ada)["next"].rpartition("?")[2]
    write("lead.won")
    pk = write("job.resumed")

    assert [event["id"] for event in read(ada, f"{query}&types=job.resumed,job.paused")["results"]] == [pk]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("after=soon", "after"),
        ("after=-1", "after"),
        ("types=job.exploded", "types"),
        ("types=webhook.edited", "types"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("before=3", "before"),
    ],
)
def test_a_parameter_that_means_nothing_is_refused(ada: ApiClient, query: str, parameter: str) -> None:
    answer = ada.get(f"events/?{query}")

    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, parameter)


def test_a_cursor_whose_event_is_gone_is_answered_with_404(ada: ApiClient) -> None:
    answer = ada.get("events/?after=999999999999")

    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (404, "after")
    assert "latest" in answer.json()["detail"]


def test_the_event_of_another_organization_is_no_cursor(cast: Cast, ada: ApiClient) -> None:
    with use_tenant(cast.other.tenant):
        pk = record_in(cast.other, "lead.won", cast.other.job).pk

    assert ada.get(f"events/?after={pk}").status_code == 404


def test_a_token_without_the_scope_reads_none(cast: Cast) -> None:
    answer = api_client(cast.house.tenant, cast.house.ada, ["jobs:read"]).get("events/")

    assert answer.status_code == 403


def test_a_revoked_token_reads_none(cast: Cast, ada: ApiClient) -> None:
    with use_tenant(cast.house.tenant):
        ApiToken.objects.get().revoke(by=cast.house.ada)

    assert ada.get("events/").status_code == 401
    assert Client().get("/api/v1/events/").status_code == 401
