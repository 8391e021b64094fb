"""Quotes in the API: an estimating tool drafts them; a person's permission sends them."""

from typing import Any

import pytest

from crm.platform.tenancy.context import use_tenant
from quotes.models import PriceItem, Quote, QuoteState
from tests.api.client import ApiClient
from tests.cast import Cast
from tests.quotes.offers import write_quote

CRANE = {"name": "Crane, half a day", "unit_price": 42000, "quantity": "1.5", "is_optional": True}


@pytest.fixture
def shingles(cast: Cast) -> PriceItem:
    """An item of the price book at $95, which costs $60."""
    with use_tenant(cast.house.tenant):
        item = PriceItem.create(by=cast.house.ada, code="SHN-30", name="Shingles, 30 years")
        item.set_price(9500, 6000, currency="USD", by=cast.house.ada)
        return item


def draft(client: ApiClient, cast: Cast, **body: Any) -> Any:
    return client.send("post", "quotes/", {"job": cast.house.job.number} | body)


def test_a_tool_drafts_a_quote(rita: ApiClient, cast: Cast, shingles: PriceItem) -> None:
    options = [{"name": "Good"}, {"name": "Best", "is_proposed": True}]
    lines = [{"item": "shn-30", "quantity": "28.5"}, CRANE | {"option": "Best"}]

    answer = draft(rita, cast, title="Your new roof", options=options, lines=lines)

    assert answer.status_code == 201
    quote = answer.json()
    assert (quote["state"], quote["title"], quote["has_draft"]) == ("draft", "Your new roof", True)
    assert [(line["name"], line["amount"]) for line in quote["lines"]] == [
        ("Shingles, 30 years", 270750),
        ("Crane, half a day", 63000),
    ]
    assert [option["total"] for option in quote["options"]] == [270750, 333750]


def test_an_unknown_item_is_pointed_at(rita: ApiClient, cast: Cast) -> None:
    answer = draft(rita, cast, lines=[CRANE, {"item": "NONE"}])

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, "/lines/1/item")
    with use_tenant(cast.house.tenant):
        assert not Quote.objects.exists()


@pytest.mark.parametrize(
    "line", [{}, {"item": "SHN-30", "kit": "Ridge"}, {"name": "Crane"}, CRANE | {"option": "Gold"}, {"kit": "None"}]
)
def test_a_line_that_is_none_is_refused(line: dict[str, Any], rita: ApiClient, cast: Cast) -> None:
    assert draft(rita, cast, lines=[line]).status_code == 409


def test_a_colleagues_job_is_not_there(rita: ApiClient, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        cast.house.job.assign_to(cast.house.mona, by=cast.house.mona)

    assert draft(rita, cast).status_code == 404


def test_lines_are_replaced(rita: ApiClient, cast: Cast) -> None:
    quote = draft(rita, cast, options=[{"name": "Good"}], lines=[CRANE]).json()

    answer = rita.send("put", f"quotes/{quote['id']}/lines/", {"lines": [CRANE | {"name": "Lift"}]})

    assert [line["name"] for line in answer.json()["lines"]] == ["Lift"]
    assert answer.json()["options"] == []


def test_lines_of_an_older_version_are_not_replaced(rita: ApiClient, cast: Cast) -> None:
    first = draft(rita, cast, lines=[CRANE])
    path = f"quotes/{first.json()['id']}/lines/"
    rita.send("put", path, {"lines": []})

    assert rita.send("put", path, {"lines": [CRANE]}, If_Match=first["ETag"]).status_code == 412


def test_texts_are_changed(rita: ApiClient, cast: Cast) -> None:
    path = f"quotes/{draft(rita, cast).json()['id']}/"

    assert rita.send("patch", path, {"title": "New roof", "intro": "Hello"}).json()["intro"] == "Hello"


def test_costs_are_shown_to_managers_alone(rita: ApiClient, ada: ApiClient, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        path = f"quotes/{write_quote(cast.house).uid}/"

    seen, hidden = ada.get(path).json(), rita.get(path).json()

    assert (seen["cost"], seen["lines"][0]["unit_cost"]) == (85_000, 50_000)
    assert not {"cost", "margin", "unit_cost"} & {*hidden, *hidden["lines"][0]}
    assert "cost" not in rita.get("quotes/").json()["results"][0]
    assert draft(rita, cast, lines=[CRANE | {"unit_cost": 1}]).status_code == 409


def test_sending_needs_its_permission(cast: Cast, rita: ApiClient) -> None:
    from tests.api.client import api_client

    quote = draft(rita, cast, lines=[CRANE]).json()
    sam = api_client(cast.house.tenant, cast.house.sam)

    assert sam.send("post", f"quotes/{quote['id']}/send/", {}).status_code == 403


def test_a_quote_is_sent_only_when_asked(rita: ApiClient, cast: Cast) -> None:
    quote = draft(rita, cast, lines=[CRANE]).json()
    with use_tenant(cast.house.tenant):
        assert Quote.objects.get().state == QuoteState.DRAFT

    answer = rita.send("post", f"quotes/{quote['id']}/send/", {"address": "nobody@nowhere.example"})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, "/address")


def test_a_sent_quote_is_revised_and_withdrawn(rita: ApiClient, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        quote = write_quote(cast.house)
        quote.send(by=cast.house.rita)
    path = f"quotes/{quote.uid}"

    assert rita.send("put", f"{path}/lines/", {"lines": [CRANE]}).status_code == 409
    assert rita.send("post", f"{path}/revise/", {}).json()["version"] == 2
    assert rita.send("post", f"{path}/withdraw/", {}).json()["state"] == "withdrawn"


def test_quotes_are_filtered_as_on_the_page(rita: ApiClient, cast: Cast) -> None:
    draft(rita, cast)

    assert len(rita.get("quotes/?state=draft").json()["results"]) == 1
    assert rita.get("quotes/?state=sent").json()["results"] == []


def test_more_options_than_a_quote_can_have_are_refused(rita: ApiClient, cast: Cast) -> None:
    answer = draft(rita, cast, options=[{"name": f"Option {number}"} for number in range(7)])

    assert (answer.status_code, answer.json()["detail"]) == (409, "A quote can have 6 options at most.")


def test_an_amount_beyond_what_is_kept_is_refused(rita: ApiClient, cast: Cast) -> None:
    answer = draft(rita, cast, lines=[CRANE | {"unit_price": 10**10, "quantity": "99999"}])

    assert (answer.status_code, "too large an amount" in answer.json()["detail"]) == (409, True)
