"""People in the API: read, created, changed."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient
from tests.cast import Cast


def test_a_customer_is_created_with_an_id(ada: ApiClient) -> None:
    answer = ada.send("post", "people/", {"name": "Luz Okafor", "email": "Luz@okafor.example"})

    assert answer.status_code == 201
    assert ada.get(f"people/{answer.json()['id']}/").json()["emails"] == ["luz@okafor.example"]


def test_a_customer_costs_a_few_statements(ada: ApiClient) -> None:
    ada.send("post", "people/", {"name": "Lou"}, Idempotency_Key="first")

    with CaptureQueriesContext(connection) as queries:
        ada.send("post", "people/", {"name": "Luz Okafor"}, Idempotency_Key="second")

    # Among them token, tenant, savepoints, and the stored answer.
    assert len(queries) <= 16


def test_a_known_address_is_somebodys(ada: ApiClient, cast: Cast) -> None:
    email = f"cora@{cast.house.tenant.slug}-mail.example"

    answer = ada.send("post", "people/", {"name": "Cora C", "email": email})

    assert answer.status_code == 409
    assert answer.json()["customers"] == [{"id": str(cast.house.cora.uid), "name": cast.house.cora.name}]


def test_a_wrong_address_is_named_in_words(ada: ApiClient) -> None:
    answer = ada.send("post", "people/", {"name": "Luz", "email": "nope"})

    assert (answer.status_code, answer.json()["detail"]) == (422, "email: That is not a valid email address.")


def test_a_number_is_no_name(ada: ApiClient) -> None:
    assert ada.send("post", "people/", {"name": 5}).json()["detail"] == "name: Not a valid string."


def test_a_placeholder_is_refused(ada: ApiClient) -> None:
    assert ada.send("post", "people/", {"name": "Luz", "email": "noemail@noemail.com"}).status_code == 409


def test_an_unknown_field_is_named(ada: ApiClient) -> None:
    answer = ada.send("post", "people/", {"nme": "Luz"})

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert "/nme" in [error["pointer"] for error in answer.json()["errors"]]


def test_a_customer_is_renamed_with_their_leads(ada: ApiClient, cast: Cast) -> None:
    answer = ada.send("patch", f"people/{cast.house.cora.uid}/", {"name": "Cora Client", "language": "nl"})

    assert (answer.json()["name"], answer.json()["language"]) == ("Cora Client", "nl")
    assert ada.get(f"jobs/{cast.house.job.number}/").json()["title"] == "Cora Client"


def test_a_rep_does_not_find_a_colleagues_customer(rita: ApiClient, ada: ApiClient, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        cast.house.job.assign_to(cast.house.mona, by=cast.house.mona)

    assert rita.get(f"people/{cast.house.cora.uid}/").status_code == 404
    assert ada.get(f"people/{cast.house.cora.uid}/").status_code == 200


def test_reading_is_noted_in_the_access_log(ada: ApiClient, cast: Cast) -> None:
    from crm.platform.models import AccessLog

    ada.get(f"people/{cast.house.cora.uid}/")

    with use_tenant(cast.house.tenant):
        assert AccessLog.objects.of(Person.objects.get(pk=cast.house.cora.pk)).exists()
