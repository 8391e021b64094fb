"""Sources and spend in the API: a file of amounts is one call for each row."""

from typing import Any

import pytest

from crm.jobs.models import Source
from crm.platform.tenancy.context import use_tenant
from leads.models import Campaign, Spend
from tests.api.client import ApiClient, api_client
from tests.cast import Cast

ROW = {"month": "2026-05", "source": "google ads", "amount": 150_000}


@pytest.fixture(autouse=True)
def google(cast: Cast) -> Source:
    with use_tenant(cast.house.tenant):
        source = Source.objects.filter(name="Google Ads").first() or Source.add("Google Ads", by=None)
        Campaign.objects.create(name="Spring", source=source)
        return source


def test_sources_have_their_campaigns(rita: ApiClient, google: Source) -> None:
    shown = rita.get(f"sources/{google.pk}/").json()

    assert (shown["name"], [one["name"] for one in shown["campaigns"]]) == ("Google Ads", ["Spring"])


def test_an_amount_is_entered_replaced_and_removed(ada: ApiClient, cast: Cast) -> None:
    answer = ada.send("post", "spend/", ROW | {"campaign": "spring"})
    assert (answer.status_code, answer.json()["campaign"], answer.json()["currency"]) == (201, "Spring", "USD")
    path = f"spend/{answer.json()['id']}/"

    again = ada.send("post", "spend/", ROW | {"campaign": "spring", "amount": 160_000})
    assert (again.status_code, again.json()["amount"], again.json()["id"]) == (200, 160_000, answer.json()["id"])
    assert ada.send("patch", path, {"amount": 170_000}).json()["amount"] == 170_000
    assert ada.send("patch", path, {}).json()["amount"] == 170_000
    assert (ada.delete(path).status_code, ada.delete(path).status_code) == (204, 404)
    with use_tenant(cast.house.tenant):
        assert not Spend.objects.exists()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"source": "Nowhere"}, 409),
        ({"campaign": "Autumn"}, 409),
        ({"currency": "QQQ"}, 409),
        ({"month": "2026-13"}, 422),
        ({"amount": -1}, 422),
    ],
)
def test_a_row_that_names_nothing_is_refused(changes: Any, status: int, ada: ApiClient) -> None:
    assert ada.send("post", "spend/", ROW | changes).status_code == status


def test_a_row_sent_again_is_answered_the_same(ada: ApiClient) -> None:
    first, again = (ada.send("post", "spend/", ROW, Idempotency_Key="may-1") for _ in range(2))

    assert (first.status_code, again.status_code, again["Idempotent-Replay"]) == (201, 201, "true")


@pytest.mark.parametrize(("query", "count"), [("month=2026-05", 1), ("month=2026-06", 0)])
def test_spend_is_narrowed(query: str, count: int, ada: ApiClient) -> None:
    ada.send("post", "spend/", ROW)

    assert len(ada.get(f"spend/?{query}").json()["results"]) == count
    assert (ada.get("spend/?month=May").status_code, ada.get("spend/?source=999999").status_code) == (400, 404)


def test_spend_is_for_those_who_see_the_report(rita: ApiClient, cast: Cast) -> None:
    mona = api_client(cast.house.tenant, cast.house.mona)

    assert rita.get("spend/").status_code == 403
    assert mona.send("post", "spend/", ROW).status_code == 201
