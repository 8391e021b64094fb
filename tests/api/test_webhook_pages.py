"""The settings of webhooks: the list, one with its events and deliveries, and the pages of events and recipes."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from api.events.event_types import EVENT_TYPES
from api.models import EventSubscription
from api.webhooks.delivery_log import LOG_ROWS
from api.webhooks.tool_recipes import VERIFY_SAMPLE
from comms.models import Message
from crm.automation.models import CallState, Webhook, WebhookCall
from crm.automation.models.webhook_call import CallDraft
from crm.automation.webhooks import calls, sending
from crm.kernel import clock
from crm.platform.http.outgoing import OutgoingResponse
from crm.platform.models import Brand
from crm.platform.organization.configuration import clear_configuration_caches
from crm.platform.tenancy.context import use_tenant
from crm.platform.tenancy.secrets import decrypt
from tests.automation.test_webhooks import Other
from tests.cast import PASSWORD, Cast, House
from tests.followups.conftest import Browser
from tests.queries import data_queries

URL = "https://erp.example/hook"


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house
    clear_configuration_caches()


@pytest.fixture
def webhook(house: House) -> Webhook:
    return Webhook.add("ERP", URL, by=house.ada)[0]


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Other:
    peer = Other()
    monkeypatch.setattr(sending, "post", peer.post)
    return peer


@pytest.fixture
def admin(house: House) -> Browser:
    """Ada, who has just confirmed that it is her."""
    browser = Browser(house, house.ada)
    browser.client.post("/account/confirm/", {"password": PASSWORD})
    return browser


PAGE = "settings/webhooks/"


def version_of(text: str) -> str:
    match = re.search(r'name="version" value="([^"]+)"', text)
    assert match
    return match[1]


def act(admin: Browser, webhook: Webhook, name: str, status: int = 302, **fields: object) -> str:
    """Press a button of a webhook's page; return the page as it is then."""
    own = f"{PAGE}{webhook.pk}/"
    data = {"version": version_of(admin.get(own))} | fields
    admin.post(f"{own}{name}/", data, status=status)
    return admin.get(own)


def deliver(webhook: Webhook, count: int = 1) -> None:
    drafts = [
        CallDraft(webhook.pk, {"type": "lead.won", "id": at}, f"event:{webhook.pk}:{at}") for at in range(1, count + 1)
    ]
    WebhookCall.queue_all(drafts)
    calls.make_calls(webhook.tenant_id, webhook.pk)


def test_a_new_webhook_shows_its_secret_once(house: House, admin: Browser) -> None:
    given = {"name": "ERP", "url": URL, "version": version_of(admin.get(PAGE))}
    admin.post(f"{PAGE}add/", given)
    assert "whsec_" in admin.get(PAGE)
    assert "whsec_" not in admin.get(PAGE)


def test_who_gets_a_secret_confirms_that_it_is_them(house: House, webhook: Webhook) -> None:
    ada = Browser(house, house.ada)
    own = f"{PAGE}{webhook.pk}/"
    sealed = webhook.sealed_secret

    added = ada.post(f"{PAGE}add/", {"name": "Two", "url": URL, "version": version_of(ada.get(PAGE))})
    renewed = ada.post(f"{own}secret/", {"version": version_of(ada.get(own))})

    assert added["Location"] == f"/account/confirm/?{urlencode({'next': ada.prefix + PAGE})}"
    assert renewed["Location"] == f"/account/confirm/?{urlencode({'next': ada.prefix + own})}"
    webhook.refresh_from_db()
    assert (Webhook.objects.count(), webhook.sealed_secret) == (1, sealed)


def test_events_are_chosen_with_filters_and_a_member(house: House, admin: Browser, webhook: Webhook) -> None:
    chosen = {"types": ["lead.won", "quote.sent"], "filters": "/x/leads/?step=New", "member": str(house.rita.uid)}
    shown = act(admin, webhook, "events", **chosen)
    row = EventSubscription.objects.get()
    assert (row.types, row.filters, row.member_id) == (["lead.won", "quote.sent"], "step=New", house.rita.pk)
    assert "Step: New" in shown
    assert "lead.won, quote.sent" in admin.get(PAGE)


def test_without_events_it_is_called_by_triggers_alone(house: House, admin: Browser, webhook: Webhook) -> None:
    act(admin, webhook, "events", types=["lead.won"])
    act(admin, webhook, "events")
    assert not EventSubscription.objects.exists()
    assert "for triggers only" in admin.get(PAGE)


def test_what_is_refused_is_said_and_what_was_chosen_stays(house: House, admin: Browser, webhook: Webhook) -> None:
    own = f"{PAGE}{webhook.pk}/"
    data = {"version": version_of(admin.get(own)), "types": ["lead.won"], "filters": "colour=red"}
    answer = admin.post(f"{own}events/", data, status=422).content.decode()
    assert "This filter names nothing here: colour" in answer
    assert re.search(r'value="lead.won" checked', answer)
    assert 'value="colour=red"' in answer


def test_the_log_shows_request_answer_and_duration(
    house: House, admin: Browser, webhook: Webhook, other: Other
) -> None:
    other.answers = [OutgoingResponse(500, {}, b"<b>broken</b>")]
    deliver(webhook)
    shown = admin.get(f"{PAGE}{webhook.pk}/")
    assert "&lt;b&gt;broken&lt;/b&gt;" in shown
    assert "&quot;type&quot;: &quot;lead.won&quot;" in shown
    assert "500 · waits" in shown
    assert "does not answer" in shown


def test_what_failed_is_listed_and_sent_again(house: House, admin: Browser, webhook: Webhook, other: Other) -> None:
    deliver(webhook, 3)
    WebhookCall.objects.filter(pk=WebhookCall.objects.earliest("pk").pk).update(state=CallState.FAILED)
    assert admin.get(f"{PAGE}{webhook.pk}/?only=failed").count("webhook-id") == 1
    act(admin, webhook, "replay")
    calls.make_calls(webhook.tenant_id, webhook.pk)
    assert len(other.sent) == 4
    WebhookCall.objects.update(state=CallState.FAILED)
    act(admin, webhook, f"calls/{WebhookCall.objects.latest('pk').pk}/retry")
    assert WebhookCall.objects.filter(state=CallState.QUEUED).count() == 1


def test_a_test_is_sent(house: House, admin: Browser, webhook: Webhook, other: Other) -> None:
    act(admin, webhook, "ping")
    calls.make_calls(webhook.tenant_id, webhook.pk)
    assert b"webhook.ping" in other.sent[0][1]
    assert "webhook.ping" in admin.get(f"{PAGE}{webhook.pk}/")


def test_one_that_is_switched_off_says_why_and_is_switched_on(house: House, admin: Browser, webhook: Webhook) -> None:
    webhook.disable("It answered 410: it is gone.", by=None)
    assert "It answered 410: it is gone." in admin.get(PAGE)
    act(admin, webhook, "enable")
    webhook.refresh_from_db()
    assert webhook.is_live


def test_its_address_and_secret_are_changed(house: House, admin: Browser, webhook: Webhook) -> None:
    act(admin, webhook, "edit", url=f"{URL}/2")
    shown = act(admin, webhook, "secret")
    webhook.refresh_from_db()
    assert webhook.url == f"{URL}/2"
    assert "whsec_" in shown
    assert "the new and the old secret until" in shown


def test_a_form_that_was_overtaken_changes_nothing(house: House, admin: Browser, webhook: Webhook) -> None:
    own = f"{PAGE}{webhook.pk}/"
    version = version_of(admin.get(own))
    webhook.edit(f"{URL}/2", by=house.ada)
    admin.post(f"{own}edit/", {"version": version, "url": f"{URL}/3"}, status=409)
    webhook.refresh_from_db()
    assert webhook.url == f"{URL}/2"


def test_older_deliveries_are_on_the_next_page(house: House, admin: Browser, webhook: Webhook, other: Other) -> None:
    deliver(webhook, LOG_ROWS + 5)
    first = admin.get(f"{PAGE}{webhook.pk}/")
    before = re.search(r"\?before=(\d+)", first)
    assert before
    assert admin.get(f"{PAGE}{webhook.pk}/?before={before[1]}").count("webhook-id") == 5


def test_the_list_asks_as_much_for_one_as_for_many(house: House, admin: Browser, webhook: Webhook) -> None:
    admin.get(PAGE)
    with data_queries() as for_one:
        admin.get(PAGE)
    for number in range(5):
        Webhook.add(f"ERP {number}", URL, by=house.ada)
    admin.get(PAGE)
    with data_queries() as for_many:
        admin.get(PAGE)
    assert len(for_many) == len(for_one)


@pytest.mark.parametrize("path", [PAGE, "settings/api/events/", "settings/api/recipes/"])
@pytest.mark.parametrize("name", ["rita", "sam", "mona"])
def test_the_pages_are_the_administrators(house: House, webhook: Webhook, name: str, path: str) -> None:
    Browser(house, getattr(house, name)).get(path, status=404)
    Browser(house, getattr(house, name)).get(f"{PAGE}{webhook.pk}/", status=404)


def test_all_types_of_events_are_described(house: House, admin: Browser) -> None:
    shown = admin.get("settings/api/events/")
    assert [name for name in EVENT_TYPES if f"<code>{name}</code>" not in shown] == []


def test_the_recipes_count_what_the_organization_did(house: House, admin: Browser) -> None:
    assert "emails received: 0" in admin.get("settings/api/recipes/")
    common = {"brand": Brand.objects.get(), "medium": "email", "address": "cora@mail.example", "state": "received"}
    Message.objects.create(direction="in", **common)
    Message.objects.create(direction="in", at=clock.now() - timedelta(days=31), **common)
    Message.objects.create(direction="out", **common | {"state": "sent"})
    shown = admin.get("settings/api/recipes/")
    assert "emails received: 1" in shown
    assert "messages sent without a colleague: 1" in shown
    assert "spared you 3 operations" in shown


def test_one_that_a_member_switches_off_keeps_what_happens(
    house: House, admin: Browser, webhook: Webhook, other: Other
) -> None:
    act(admin, webhook, "events", types=["lead.won"])
    shown = act(admin, webhook, "switch-off")
    assert "What happens meanwhile is kept as not delivered" in shown
    deliver(webhook)
    assert (other.sent, WebhookCall.objects.get().error) == ([], "The webhook is switched off.")
    assert "Send again below what was not delivered" in act(admin, webhook, "enable")


def test_a_secret_has_a_button_that_copies_it(house: House, admin: Browser) -> None:
    admin.post(f"{PAGE}add/", {"name": "ERP", "url": URL, "version": version_of(admin.get(PAGE))})
    assert re.search(r'<code translate="no">whsec_[^<]+</code>\s*<button[^>]+data-copy', admin.get(PAGE))


def test_the_sample_checks_a_call(house: House, admin: Browser, webhook: Webhook, other: Other) -> None:
    deliver(webhook)
    _url, body, headers = other.sent[0]
    secret = decrypt(webhook.sealed_secret)
    names: dict[str, object] = {"headers": headers, "body": body.decode()}
    exec(VERIFY_SAMPLE.replace("whsec_…", secret), names)
    assert (names["is_genuine"], names["event"]) == (True, json.loads(body))
    assert "is_genuine" in admin.get("settings/api/recipes/")


def test_an_address_that_leads_nowhere_public_is_refused(house: House, admin: Browser) -> None:
    for url in ("http://erp.example/hook", "https://10.0.0.1/hook", "https://localhost:22/"):
        given = {"name": "ERP", "url": url, "version": version_of(admin.get(PAGE))}
        assert "can’t be called" in admin.post(f"{PAGE}add/", given, status=422).content.decode()
    assert not Webhook.objects.exists()


def test_the_log_refreshes_itself_but_for_older_pages(house: House, admin: Browser, webhook: Webhook) -> None:
    WebhookCall.queue_all([CallDraft(webhook.pk, {"type": "lead.won"}, f"x:{at}") for at in range(LOG_ROWS + 1)])
    shown = admin.get(f"{PAGE}{webhook.pk}/")
    older = re.search(r'href="[^"]*(\?before=\d+)"', shown)
    assert older
    assert 'data-topics="webhooks"' in shown
    assert 'data-topics="webhooks"' not in admin.get(f"{PAGE}{webhook.pk}/{older[1]}")
