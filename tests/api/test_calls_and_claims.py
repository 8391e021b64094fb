"""Insurance claims, tracking numbers and calls in the API, as on their pages."""

from typing import Any

import pytest

from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from service.models import JobClaim
from tests.api.client import ApiClient, api_client
from tests.api.records import create_call_records
from tests.cast import Cast


@pytest.fixture
def ids(cast: Cast) -> dict[str, Any]:
    with use_tenant(cast.house.tenant):
        return create_call_records(cast.house)


def test_a_claim_shows_the_end_of_its_number_and_is_changed(ada: ApiClient, cast: Cast, ids: dict[str, Any]) -> None:
    path = f"claims/{ids['claims']}/"
    changes = {"status": "approved", "approved": 1_482_055, "lost_on": "2026-10-09", "policy_number": "P-77"}
    shown = ada.send("patch", path, changes).json()

    assert (shown["status"], shown["approved"], shown["number"]) == ("approved", 1_482_055, "•••• 12K4")
    assert "policy_number" not in shown
    with use_tenant(cast.house.tenant):
        assert JobClaim.objects.get().policy_number == "P-77"
    assert ada.get(f"claims/?job={cast.house.job.number}&status=approved").json()["results"][0]["id"] == shown["id"]
    assert ada.get("claims/?status=denied").json()["results"] == []


def test_the_same_claim_again_is_the_same_record(rita: ApiClient, cast: Cast, ids: dict[str, Any]) -> None:
    body = {"job": cast.house.job.number, "carrier": "Gulf Mutual", "number": "59-8812-K4"}
    answer = rita.send("post", "claims/", body)
    assert (answer.status_code, answer.json()["id"]) == (201, str(ids["claims"]))
    assert rita.send("post", "claims/", body | {"number": "1"}).status_code == 409


def test_an_adjuster_becomes_a_party_of_the_job(ada: ApiClient, cast: Cast, ids: dict[str, Any]) -> None:
    path = f"claims/{ids['claims']}/set-adjuster/"
    assert ada.send("post", path, {"name": "Dana Whitfield", "phone": "nothing"}).status_code == 409
    answer = ada.send("post", path, {"name": "Dana Whitfield", "phone": "(813) 555-0133"})
    assert answer.json()["adjuster"]["name"] == "Dana Whitfield"
    with use_tenant(cast.house.tenant):
        assert Event.objects.filter(kind="job.party_added", job_id=cast.house.job.pk).exists()


def test_a_proposed_value_is_accepted_and_another_refused(ada: ApiClient, cast: Cast, ids: dict[str, Any]) -> None:
    path = f"claim-mails/{ids['claim-mails']}/"
    assert ada.send("post", f"{path}accept/", {"field": "paid"}).status_code == 409
    ada.send("post", f"{path}accept/", {"field": "approved"})
    answer = ada.send("post", f"{path}refuse/", {"field": "policy"}).json()

    policy = {"field": "policy", "value": "•••• 2-77", "decision": "refused"}
    assert (answer["state"], answer["values"][0]) == ("decided", policy)
    assert ada.get(f"claims/{ids['claims']}/").json()["approved"] == 1_482_055


def test_a_call_is_counted_excused_and_taken_back(ada: ApiClient, ids: dict[str, Any]) -> None:
    path = f"calls/{ids['calls']}/"
    assert ada.send("post", f"{path}count/", {}).json()["verdict"] == "counted"
    excused = ada.send("post", f"{path}excuse/", {"reason": "seller"}).json()
    assert (excused["verdict"], excused["reason"]) == ("excused", "seller")
    assert ada.send("post", f"{path}take-back/", {}).json()["verdict"] == "short"
    assert len(ada.get("calls/?verdict=short").json()["results"]) == 1
    assert ada.get("calls/?verdict=counted").json()["results"] == []


def test_a_number_is_assigned_archived_and_restored(ada: ApiClient, ids: dict[str, Any]) -> None:
    path = f"tracking-numbers/{ids['tracking-numbers']}/"
    assert ada.send("post", f"{path}assign/", {"source": "nowhere"}).status_code == 409
    assert ada.send("post", f"{path}assign/", {"source": "radio"}).json()["source"] == "Radio"
    assert ada.send("post", f"{path}archive/", {}).json()["archived_at"]
    assert ada.send("post", f"{path}restore/", {}).json()["archived_at"] is None
    assert ada.send("post", "tracking-numbers/", {"number": "+18135550199", "source": "Radio"}).status_code == 409


def test_a_rep_may_read_neither_numbers_nor_calls(rita: ApiClient, cast: Cast, ids: dict[str, Any]) -> None:
    """As on the pages: what is spent and earned by source is not theirs."""
    for name in ("tracking-numbers", "calls"):
        assert rita.get(f"{name}/").status_code == 403
        assert rita.get(f"{name}/{ids[name]}/").status_code == 403


def test_a_token_without_the_scope_reads_no_claims(cast: Cast, ids: dict[str, Any]) -> None:
    client = api_client(cast.house.tenant, cast.house.ada, ["jobs:read"])
    assert client.get(f"claims/{ids['claims']}/").status_code == 403
