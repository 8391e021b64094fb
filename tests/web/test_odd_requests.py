"""What no browser of ours sends is answered, and never by an error of the server."""

import pytest
from django.test import Client

from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast

NONSENSE = "http://[::1"


@pytest.mark.parametrize("headers", [{"Referer": NONSENSE}, {"HX-Request": "true", "HX-Current-URL": NONSENSE}])
def test_an_address_that_is_none_leads_to_signing_in(client: Client, cast: Cast, headers: dict[str, str]) -> None:
    answer = client.post(f"/{cast.house.tenant.slug}/leads/bulk/", headers=headers)
    assert "/account/login/" in answer.headers.get("HX-Redirect", answer.headers.get("Location", ""))


def test_who_is_to_confirm_comes_back_to_the_form_itself(client: Client, cast: Cast) -> None:
    client.force_login(cast.house.ada.user)
    path = f"/{cast.house.tenant.slug}/settings/members/invite/"
    answer = client.get(path, headers={"HX-Request": "true", "HX-Current-URL": NONSENSE})
    assert "invite" in answer["HX-Redirect"]


@pytest.mark.parametrize("on", ["list", "board"])
def test_a_verb_is_done_and_answered_without_filters(client: Client, cast: Cast, on: str) -> None:
    house = cast.house
    client.force_login(house.rita.user)
    with use_tenant(house.tenant):
        sent = {"stay": house.job.stay, "stage": house.stage("Reached").pk, "on": on}
    url = f"/{house.tenant.slug}/jobs/{house.job.number}/move/"
    answer = client.post(url, sent, headers={"HX-Request": "true", "HX-Current-URL": f"{NONSENSE}?level=over"})
    assert answer.status_code == 200
    assert "Cora Customer: moved to Reached." in answer.content.decode()
