"""Every resource of the API: nothing without a token or scope, and nothing of another tenant with one."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.routes import router
from api.scopes import RESOURCES
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient, api_client
from tests.api.records import NOTHING, body_of, create_records
from tests.cast import Cast
from tests.documents.conftest import PDF

METHODS = ("get", "post", "put", "patch", "delete")
# Addresses that take a file.
FILES = {"documents/<uuid:id>/replace/"}
# (route, methods) of every address.
ROUTES = [(str(pattern.pattern), sorted(pattern.callback.actions)) for pattern in router.urls]


@pytest.fixture
def records(cast: Cast) -> dict[str, Any]:
    """The id of a record of the house, by resource."""
    with use_tenant(cast.house.tenant):
        return create_records(cast.house)


# What any token may ask for.
UNSCOPED = ("bulk/", "me/", "choices/")


def test_every_resource_has_its_scope() -> None:
    names = {route.partition("/")[0] for route, _methods in ROUTES if not route.startswith(UNSCOPED)}

    assert names == {*RESOURCES}


def test_without_a_token_nothing_is_answered(db: None) -> None:
    paths = [route.replace("<int:id>", "1").replace("<uuid:id>", NOTHING) for route, _methods in ROUTES]

    answers = {(path, way): getattr(Client(), way)(f"/api/v1/{path}") for path in paths for way in METHODS}
    assert {key for key, answer in answers.items() if answer.status_code != 401} == set()


# A feed of events has no records of its own: tests/api/test_events.py.
@pytest.mark.parametrize("resource", [name for name in RESOURCES if name != "events"])
def test_a_record_is_there_for_its_own_tenant_alone(
    resource: str, cast: Cast, ada: ApiClient, records: dict[str, Any]
) -> None:
    otto = api_client(cast.other.tenant, cast.otto)
    own = str(records[resource])

    assert ada.get(f"{resource}/{own}/").status_code == 200
    assert own in [str(record["id"]) for record in ada.get(f"{resource}/").json()["results"]]
    assert own not in [str(record["id"]) for record in otto.get(f"{resource}/").json()["results"]]
    for route, methods in ROUTES:
        path = route.replace("<int:id>", own).replace("<uuid:id>", own)
        if route.startswith(f"{resource}/") and path != route:
            statuses = {way: ask(otto, way, path, route) for way in methods}
            assert {*statuses.values()} == {404}, (path, statuses)


def ask(client: ApiClient, way: str, path: str, route: str) -> int:
    """The status of a call with a right body: of JSON, or of a form with a file."""
    if route in FILES:
        return int(client.post(path, {"file": SimpleUploadedFile("Permit.pdf", PDF)}).status_code)
    return int(client.send(way, path, body_of(route)).status_code)


def test_a_token_without_the_scope_is_refused(cast: Cast) -> None:
    client = api_client(cast.house.tenant, cast.house.ada, ["people:read"])
    routes = [(route, methods) for route, methods in ROUTES if not route.startswith(("people/", *UNSCOPED))]

    for route, methods in routes:
        path = route.replace("<int:id>", "1").replace("<uuid:id>", NOTHING)
        assert {client.send(way, path, {}).status_code for way in methods} == {403}, path
