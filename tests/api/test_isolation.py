"""Every address of the API: nothing without a token, and nothing of another tenant with one."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from api.routes import router
from api.scopes import RESOURCES
from billing.models import Invoice, LineDraft, Payment
from crm.jobs.creation.job_creation import open_job
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient, api_client
from tests.cast import Cast
from tests.quotes.offers import write_quote

METHODS = ("get", "post", "put", "patch", "delete")


def routes() -> Iterator[tuple[str, list[str]]]:
    """(route, methods) of every address of a resource."""
    for pattern in router.urls:
        yield str(pattern.pattern), sorted(pattern.callback.actions)


ROUTES = list(routes())
RECORDS = [(route, methods) for route, methods in ROUTES if "id>" in route]


@pytest.fixture
def records(cast: Cast) -> dict[str, Any]:
    """The id of a record of the house, by resource."""
    house = cast.house
    with use_tenant(house.tenant):
        brand = Brand.objects.get()
        lines = [LineDraft("Work", 10_000)]
        invoice = Invoice.draft(house.job, "progress", "Work has begun", lines, by=house.sam, due_days=7)
        payment, _is_new = Payment.receive(
            "hand", "1", amount=100, currency="USD", method="cash", brand=brand, job=house.job, by=house.ada
        )
        # Numbers begin with the same in each tenant; the other one has no second job.
        job = open_job(title="Second", member=house.rita, by=house.rita)
        ids = {"people": house.cora.uid, "jobs": job.number, "quotes": write_quote(house).uid}
        return ids | {"invoices": invoice.uid, "payments": payment.uid}


def test_every_resource_has_its_scope() -> None:
    assert {route.partition("/")[0] for route, _methods in ROUTES} == {*RESOURCES}


@pytest.mark.parametrize(("route", "methods"), ROUTES)
def test_without_a_token_nothing_is_answered(route: str, methods: list[str], db: None) -> None:
    path = f"/api/v1/{route.replace('<int:id>', '1').replace('<uuid:id>', '00000000-0000-7000-8000-000000000000')}"

    for method in METHODS:
        assert getattr(Client(), method)(path).status_code == 401


@pytest.mark.parametrize(("route", "methods"), RECORDS)
def test_another_tenants_record_is_not_there(
    route: str, methods: list[str], cast: Cast, records: dict[str, Any]
) -> None:
    otto = api_client(cast.other.tenant, cast.otto)
    resource = route.partition("/")[0]
    path = route.replace("<int:id>", str(records[resource])).replace("<uuid:id>", str(records[resource]))

    for method in methods:
        assert otto.send(method, path, BODIES.get(route.rpartition("id>/")[2], {})).status_code == 404


# Bodies that are right as far as the document goes.
BODIES: dict[str, Any] = {
    "move/": {"stage": "New"},
    "assign/": {"member": None},
    "lose/": {"reason": "Price"},
    "lines/": {"lines": []},
}


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_record_is_there_for_its_own_tenant(resource: str, ada: ApiClient, records: dict[str, Any]) -> None:
    assert ada.get(f"{resource}/{records[resource]}/").status_code == 200


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_list_holds_no_record_of_another_tenant(resource: str, cast: Cast, records: dict[str, Any]) -> None:
    otto = api_client(cast.other.tenant, cast.otto)

    ids = [record["id"] for record in otto.get(f"{resource}/").json()["results"]]
    assert records[resource] not in ids
    assert str(records[resource]) not in ids
