"""The token of a request, and the names that bodies take."""

from django.test import Client

from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient, api_client
from tests.cast import Cast


def test_a_token_of_one_scope_names_what_it_is_good_for(cast: Cast) -> None:
    client = api_client(cast.house.tenant, cast.house.rita, ["people:read"])

    answer = client.get("me/").json()

    assert answer["organization"]["slug"] == cast.house.tenant.slug
    assert answer["member"] == {"id": str(cast.house.rita.uid), "name": cast.house.rita.name, "role": "rep"}
    assert answer["scopes"] == ["people:read"]


def test_without_a_token_nothing_is_named(cast: Cast) -> None:
    answers = [Client().get(f"/api/v1/{path}/") for path in ("me", "choices")]

    assert [answer.status_code for answer in answers] == [401, 401]


def test_the_choices_are_what_a_body_takes(ada: ApiClient) -> None:
    """A lead is opened, assigned, and lost with names of the choices alone."""
    choices = ada.get("choices/").json()
    pipeline = choices["pipelines"][-1]
    member = choices["members"][0]
    body = {"name": "Luz Okafor", "brand": choices["brands"][0], "pipeline": pipeline["name"]}
    body |= {"stage": pipeline["stages"][0], "source": choices["sources"][0], "member": member["id"]}
    job = ada.send("post", "jobs/", body).json()

    lost = ada.send("post", f"jobs/{job['id']}/drop/", {"reason": choices["drop_reasons"][0]["name"]}).json()

    assert (job["owner"]["id"], job["stage"], lost["state"]) == (member["id"], pipeline["stages"][0], "dropped")


def test_the_choices_leave_out_who_left(ada: ApiClient, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        cast.house.rita.deactivate(by=cast.house.ada)

    names = [member["name"] for member in ada.get("choices/").json()["members"]]

    assert cast.house.ada.name in names
    assert cast.house.rita.name not in names
