"""`/api/v1/webhooks/`: subscribe, what is delivered to whom, unsubscribe, deliver again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from api.models import EventSubscription, StoredAnswer
from api.webhooks.deliveries import queue_deliveries
from crm.automation.models import CallState, Webhook, WebhookCall
from crm.automation.webhooks import calls, sending
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.events.events import dispatch_events
from crm.platform.models import Due, Event, Undispatched
from crm.platform.organization.configuration import clear_configuration_caches
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient, api_client
from tests.automation.test_webhooks import Other
from tests.cast import Cast, House

URL = "https://hooks.example/won"


@pytest.fixture(autouse=True)
def nothing_waits(cast: Cast) -> Iterator[None]:
    Due.objects.all().delete()
    Undispatched.objects.all().delete()
    yield
    clear_configuration_caches()


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Other:
    peer = Other()
    monkeypatch.setattr(sending, "post", peer.post)
    return peer


def subscribe(client: ApiClient, *types: str, **fields: Any) -> dict[str, Any]:
    answer = client.send("post", "webhooks/", {"url": URL, "types": types or ("lead.won",), **fields})
    assert answer.status_code == 201, answer.json()
    body: dict[str, Any] = answer.json()
    return body


def happen(house: House, kind: str = "lead.won", **facts: Any) -> None:
    """Record an event of the house's job, and have its subscribers hear of it."""
    with use_tenant(house.tenant):
        events.record(kind, subject=house.job, by=house.rita, job_id=house.job.pk, **facts)
    dispatch_events()


def queued(house: House) -> list[WebhookCall]:
    with use_tenant(house.tenant):
        return list(WebhookCall.objects.order_by("pk").select_related("webhook"))


def test_a_subscribed_url_is_called_with_the_event(cast: Cast, ada: ApiClient, other: Other) -> None:
    hook = subscribe(ada)
    happen(cast.house)
    [call] = queued(cast.house)
    calls.make_calls(cast.house.tenant.pk, call.webhook_id)
    [(url, body, headers)] = other.sent
    assert (url, headers["webhook-id"], b'"type": "lead.won"' in body) == (URL, str(call.uid), True)
    [delivery] = ada.get(f"webhooks/{hook['id']}/deliveries/").json()["results"]
    assert (delivery["state"], delivery["status"], delivery["event"]) == ("sent", 200, call.payload["id"])


def test_what_is_delivered_is_what_is_polled(cast: Cast, ada: ApiClient) -> None:
    subscribe(ada, "job.moved")
    with use_tenant(cast.house.tenant):
        stage = cast.house.stage("Reached")
    happen(cast.house, "job.moved", data={"from": None, "to": stage.pk})
    [call] = queued(cast.house)
    assert call.payload["data"] == {"from": None, "to": "Reached"}
    assert call.payload["record"]["url"] == f"/api/v1/jobs/{cast.house.job.number}/"


def test_an_event_of_another_type_is_not_queued(cast: Cast, ada: ApiClient) -> None:
    subscribe(ada)
    with use_tenant(cast.house.tenant):
        events.record("job.resumed", subject=cast.house.job, by=None, job_id=cast.house.job.pk)
        chosen = Undispatched.objects.count()
    dispatch_events()
    assert (queued(cast.house), chosen <= 1) == ([], True)


def test_an_event_that_is_heard_twice_is_delivered_once(cast: Cast, ada: ApiClient) -> None:
    subscribe(ada)
    happen(cast.house)
    with use_tenant(cast.house.tenant):
        queue_deliveries(list(Event.objects.filter(kind="lead.won")))
    assert len(queued(cast.house)) == 1


def test_a_rep_is_told_of_own_jobs_alone(cast: Cast, rita: ApiClient) -> None:
    subscribe(rita)
    happen(cast.house)
    with use_tenant(cast.house.tenant):
        cast.house.job.assign_to(cast.house.mona, by=cast.house.ada)
    happen(cast.house)
    assert len(queued(cast.house)) == 1


def test_a_deactivated_member_is_told_nothing(cast: Cast, rita: ApiClient) -> None:
    subscribe(rita)
    with use_tenant(cast.house.tenant):
        cast.house.rita.deactivate(by=cast.house.ada)
    happen(cast.house)
    assert queued(cast.house) == []


def test_filters_are_those_of_the_list(cast: Cast, ada: ApiClient) -> None:
    hook = subscribe(ada, filters=f"/{cast.house.tenant.slug}/leads/?step=New")
    assert hook["filters"] == "step=New"
    happen(cast.house)
    with use_tenant(cast.house.tenant):
        cast.house.job.move_to(cast.house.stage("Reached"), by=cast.house.rita)
    happen(cast.house)
    assert len(queued(cast.house)) == 1


@pytest.mark.parametrize("filters", ["step=no-such-step", "colour=red", "q=Cora"])
def test_a_filter_that_means_nothing_is_refused(ada: ApiClient, filters: str) -> None:
    answer = ada.send("post", "webhooks/", {"url": URL, "types": ["lead.won"], "filters": filters})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, "/filters")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"types": ["lead.won"]}, "/url"),
        ({"url": "ftp://x.example", "types": ["lead.won"]}, "/url"),
        ({"url": URL, "types": []}, "/types"),
        ({"url": URL, "types": ["lead.exploded"]}, "/types/0"),
        ({"url": URL, "types": ["lead.won"], "version": 2}, "/version"),
        ({"url": URL, "types": ["lead.won"], "version": {}}, "/version"),
        ({"url": URL, "types": [{}]}, "/types/0"),
        ({"url": URL, "types": ["lead.won"], "secret": "abc"}, "/secret"),
    ],
)
def test_a_wrong_body_is_named(ada: ApiClient, body: dict[str, Any], pointer: str) -> None:
    answer = ada.send("post", "webhooks/", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_the_secret_is_shown_once_and_not_stored_with_the_answer(cast: Cast, ada: ApiClient) -> None:
    body = {"url": URL, "types": ["lead.won"]}
    first = ada.send("post", "webhooks/", body, Idempotency_Key="one").json()
    again = ada.send("post", "webhooks/", body, Idempotency_Key="one").json()
    assert first["secret"].startswith("whsec_")
    assert again == first | {"secret": None}
    assert "secret" not in ada.get(f"webhooks/{first['id']}/").json()
    with use_tenant(cast.house.tenant):
        assert first["secret"] not in StoredAnswer.objects.get().body


def test_a_secret_of_ones_own_may_be_given(cast: Cast, ada: ApiClient) -> None:
    secret = "whsec_" + "QUJD" * 8
    assert subscribe(ada, secret=secret)["secret"] == secret


def test_unsubscribed_while_queued_it_is_not_called(cast: Cast, ada: ApiClient, other: Other) -> None:
    hook = subscribe(ada)
    happen(cast.house)
    [call] = queued(cast.house)
    assert ada.delete(f"webhooks/{hook['id']}/").status_code == 204
    calls.make_calls(cast.house.tenant.pk, call.webhook_id)
    happen(cast.house)
    assert (other.sent, queued(cast.house)) == ([], [])
    assert ada.get(f"webhooks/{hook['id']}/").status_code == 404


def test_a_member_finds_only_their_own_and_an_admin_all(ada: ApiClient, rita: ApiClient) -> None:
    of_ada, of_rita = subscribe(ada), subscribe(rita)
    assert [row["id"] for row in rita.get("webhooks/").json()["results"]] == [of_rita["id"]]
    assert rita.delete(f"webhooks/{of_ada['id']}/").status_code == 404
    assert {row["id"] for row in ada.get("webhooks/").json()["results"]} == {of_ada["id"], of_rita["id"]}


def test_the_webhooks_of_another_organization_are_not_there(cast: Cast, ada: ApiClient) -> None:
    hook = subscribe(ada)
    otto = api_client(cast.other.tenant, cast.otto)
    assert otto.get(f"webhooks/{hook['id']}/").status_code == 404
    happen(cast.other)
    assert queued(cast.house) == []


def test_a_token_needs_the_scope(cast: Cast) -> None:
    reader = api_client(cast.house.tenant, cast.house.ada, ["webhooks:read", "events:read"])
    assert reader.get("webhooks/").status_code == 200
    assert reader.send("post", "webhooks/", {"url": URL, "types": ["lead.won"]}).status_code == 403


def test_a_change_holds_from_the_next_event_on(cast: Cast, ada: ApiClient) -> None:
    hook = subscribe(ada)
    changed = ada.send("patch", f"webhooks/{hook['id']}/", {"types": ["job.resumed"], "url": f"{URL}/2"})
    assert (changed.status_code, changed.json()["types"], changed.json()["url"]) == (200, ["job.resumed"], f"{URL}/2")
    happen(cast.house)
    assert queued(cast.house) == []
    happen(cast.house, "job.resumed")
    assert len(queued(cast.house)) == 1


def test_a_change_of_what_was_changed_meanwhile_is_refused(ada: ApiClient) -> None:
    hook = subscribe(ada)
    etag = ada.get(f"webhooks/{hook['id']}/")["ETag"]
    ada.send("patch", f"webhooks/{hook['id']}/", {"types": ["job.resumed"]})
    late = ada.send("patch", f"webhooks/{hook['id']}/", {"types": ["job.paused"]}, If_Match=etag)
    assert late.status_code == 412


def test_a_ping_is_sent_once(cast: Cast, ada: ApiClient, other: Other) -> None:
    hook = subscribe(ada)
    assert ada.send("post", f"webhooks/{hook['id']}/ping/", {}).status_code == 200
    [call] = queued(cast.house)
    other.answers = [404]
    calls.make_calls(cast.house.tenant.pk, call.webhook_id)
    [call] = queued(cast.house)
    assert (call.type, call.state, call.status) == ("webhook.ping", CallState.FAILED, 404)


def fail_all(house: House) -> None:
    with use_tenant(house.tenant):
        WebhookCall.objects.update(state=CallState.FAILED, next_at=None, attempts=9)


def test_one_delivery_or_all_that_failed_are_made_again(cast: Cast, ada: ApiClient, other: Other) -> None:
    hook = subscribe(ada)
    for _time in range(3):
        happen(cast.house)
    fail_all(cast.house)
    first = queued(cast.house)[0]
    one = ada.send("post", f"webhooks/{hook['id']}/replay/", {"delivery": str(first.uid)})
    rest = ada.send("post", f"webhooks/{hook['id']}/replay/", {})
    assert (one.json(), rest.json()) == ({"count": 1}, {"count": 2})
    calls.make_calls(cast.house.tenant.pk, first.webhook_id)
    assert {call.state for call in queued(cast.house)} == {CallState.SENT}
    assert other.sent[0][2]["webhook-id"] == str(first.uid), "it keeps its id"


def test_a_delivery_that_is_none_or_was_answered_is_not_made_again(cast: Cast, ada: ApiClient, other: Other) -> None:
    hook = subscribe(ada)
    happen(cast.house)
    [call] = queued(cast.house)
    calls.make_calls(cast.house.tenant.pk, call.webhook_id)
    for uid in (str(call.uid), "00000000-0000-7000-8000-000000000000"):
        assert ada.send("post", f"webhooks/{hook['id']}/replay/", {"delivery": uid}).status_code == 409


def test_a_renewed_secret_is_another(ada: ApiClient) -> None:
    hook = subscribe(ada)
    renewed = ada.send("post", f"webhooks/{hook['id']}/renew-secret/", {}).json()
    assert renewed["secret"] not in (None, hook["secret"])


def test_one_that_was_switched_off_is_switched_on(cast: Cast, ada: ApiClient) -> None:
    hook = subscribe(ada)
    with use_tenant(cast.house.tenant):
        Webhook.objects.get().disable("It did not answer.", by=None)
    happen(cast.house)
    assert ada.get(f"webhooks/{hook['id']}/").json()["is_disabled"]
    assert ada.send("post", f"webhooks/{hook['id']}/ping/", {}).status_code == 409
    assert not ada.send("post", f"webhooks/{hook['id']}/enable/", {}).json()["is_disabled"]
    happen(cast.house)
    assert len(queued(cast.house)) == 1


def test_one_that_a_member_switched_off_keeps_its_events(cast: Cast, ada: ApiClient, other: Other) -> None:
    hook = subscribe(ada)
    assert ada.send("post", f"webhooks/{hook['id']}/switch-off/", {}).json()["is_disabled"]
    happen(cast.house)
    [call] = queued(cast.house)
    calls.make_calls(cast.house.tenant.pk, call.webhook_id)
    assert (queued(cast.house)[0].state, other.sent) == (CallState.FAILED, [])
    ada.send("post", f"webhooks/{hook['id']}/enable/", {})
    assert ada.send("post", f"webhooks/{hook['id']}/replay/", {}).json() == {"count": 1}


def test_what_happened_before_is_not_sent(cast: Cast, ada: ApiClient) -> None:
    subscribe(ada)
    with clock.at(clock.now() - timedelta(minutes=1)):
        happen(cast.house)
    assert queued(cast.house) == []


def test_two_webhooks_of_one_host_have_names_of_their_own(cast: Cast, ada: ApiClient) -> None:
    assert [subscribe(ada)["name"], subscribe(ada)["name"]] == ["hooks.example", "hooks.example 2"]


def test_a_filter_whose_step_is_gone_lets_nothing_through(cast: Cast, ada: ApiClient) -> None:
    subscribe(ada)
    with use_tenant(cast.house.tenant):
        EventSubscription.objects.update(filters="step=Gone")
        clear_configuration_caches()
    happen(cast.house)
    assert queued(cast.house) == []


def test_deliveries_are_paged_from_the_newest(cast: Cast, ada: ApiClient) -> None:
    hook = subscribe(ada)
    for second in range(3):
        with clock.at(clock.now() + timedelta(seconds=second)):
            happen(cast.house)
    page = ada.get(f"webhooks/{hook['id']}/deliveries/?limit=2").json()
    assert len(page["results"]) == 2
    assert page["results"][0]["event"] > page["results"][1]["event"]
    assert page["next"]
