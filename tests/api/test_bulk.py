"""Many writes in one request: each with its verdict, and nothing of what was refused."""

from typing import Any

import pytest

from api.schema.document import openapi_document
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient, api_client
from tests.cast import Cast


def operation(path: str, method: str = "POST", **more: Any) -> dict[str, Any]:
    return {"method": method, "path": path} | more


def send(client: ApiClient, *operations: dict[str, Any], **headers: str) -> Any:
    return client.send("post", "bulk/", {"operations": operations}, **headers)


def test_each_operation_has_its_verdict(ada: ApiClient, cast: Cast) -> None:
    job = cast.house.job.number
    answer = send(
        ada,
        operation("people/", body={"name": "Luz Okafor"}),
        operation("people/", body={"nme": "Lou"}),
        operation(f"jobs/{job}/move/", body={"stage": "Nowhere"}),
        operation(f"people/{cast.house.cora.uid}/", "PATCH", body={"language": "nl"}),
    ).json()

    assert [row["status"] for row in answer["results"]] == [201, 422, 409, 200]
    assert (answer["done"], answer["refused"]) == (2, 2)
    assert answer["results"][0]["record"]["name"] == "Luz Okafor"
    assert answer["results"][2]["problem"]["errors"][0]["pointer"] == "/stage"


def test_nothing_stays_of_a_refused_one(ada: ApiClient, cast: Cast) -> None:
    """Refused after it has written a customer and a place."""
    lead = {"name": "Luz", "place": {"street": "41 Cedar Ln"}, "source": "nonesuch"}

    send(ada, operation("jobs/", body=lead), operation("people/", body={"name": "Lou"}))

    with use_tenant(cast.house.tenant):
        assert set(Person.objects.values_list("name", flat=True)) == {"Cora Customer", "Lou"}
        assert Job.objects.count() == 1


def test_one_key_stands_for_all(ada: ApiClient, cast: Cast) -> None:
    rows = [operation("people/", body={"name": f"Person {number}"}) for number in range(3)]

    first, again = (send(ada, *rows, Idempotency_Key="import-7") for _ in range(2))

    assert (again.content, again["Idempotent-Replay"]) == (first.content, "true")
    assert send(ada, *rows[:1], Idempotency_Key="import-7").status_code == 422
    with use_tenant(cast.house.tenant):
        assert Person.objects.count() == 4


def test_scope_and_permission_are_those_of_each_row(cast: Cast) -> None:
    client = api_client(cast.house.tenant, cast.house.rita, ["people:write", "spend:write"])
    spend = {"month": "2026-05", "source": "Google", "amount": 1}

    answer = send(
        client,
        operation("people/", body={"name": "Luz"}),
        operation(f"jobs/{cast.house.job.number}/finish/"),
        operation("spend/", body=spend),
    )

    assert [row["status"] for row in answer.json()["results"]] == [201, 403, 403]


def test_another_tenants_record_is_not_there(cast: Cast) -> None:
    otto = api_client(cast.other.tenant, cast.otto)

    [row] = send(otto, operation(f"people/{cast.house.cora.uid}/", "PATCH", body={"name": "X"})).json()["results"]
    assert row["status"] == 404


def test_a_lost_update_is_refused_in_its_row(ada: ApiClient, cast: Cast) -> None:
    path = f"people/{cast.house.cora.uid}/"
    etag = ada.get(path)["ETag"]
    rows = [operation(path, "PATCH", body={"name": name}, if_match=etag) for name in ("Cora A", "Cora B")]

    assert [row["status"] for row in send(ada, *rows).json()["results"]] == [200, 412]
    assert ada.get(path).json()["name"] == "Cora A"


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (operation("nonesuch/"), 404),
        (operation("oauth/token/"), 404),
        (operation("bulk/", body={"operations": []}), 404),
        (operation("people/", "DELETE"), 405),
        (operation("documents/", body={}), 415),
    ],
)
def test_an_operation_that_is_none_is_refused_alone(row: Any, status: int, ada: ApiClient) -> None:
    answer = send(ada, row, operation("people/", body={"name": "Luz"})).json()

    assert [one["status"] for one in answer["results"]] == [status, 201]


def test_a_document_needs_a_request_with_a_form(ada: ApiClient) -> None:
    [row] = send(ada, operation("documents/", body={})).json()["results"]

    assert row["problem"]["code"] == "wrong_type"
    assert "multipart/form-data. Files can’t be sent in bulk." in row["problem"]["detail"]


@pytest.mark.parametrize("rows", [[], [operation("people/?x=1")], [operation("people/", "GET")], [{}]])
def test_a_body_that_is_no_list_of_operations_is_refused_whole(rows: Any, ada: ApiClient) -> None:
    assert ada.send("post", "bulk/", {"operations": rows}).status_code == 422


def test_a_dry_run_does_none_of_them(ada: ApiClient, cast: Cast) -> None:
    answer = send(ada, operation("people/", body={"name": "Luz"}), Dry_Run="true")

    assert (answer.json()["done"], answer["Dry-Run"]) == (1, "true")
    with use_tenant(cast.house.tenant):
        assert Person.objects.count() == 1


def test_the_document_says_how_many_there_may_be() -> None:
    operations = openapi_document()["components"]["schemas"]["BulkRequest"]["properties"]["operations"]

    assert (operations["minItems"], operations["maxItems"]) == (1, 200)


def test_more_than_two_hundred_are_refused(ada: ApiClient) -> None:
    assert send(ada, *[operation("nonesuch/")] * 201).status_code == 422
