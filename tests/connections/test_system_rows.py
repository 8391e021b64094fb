"""The page of all connected systems: rows of webhooks, tokens and apps; and the log of a connection."""

import re
from datetime import timedelta
from typing import Any

import pytest

from api.models import ApiApp, ApiToken
from connections.models import SyncLogEntry
from connections.models.sync_log import KEPT_ENTRIES
from connections.sync.sync_round import give_up
from crm.automation.models import CallState, Webhook, WebhookCall, WebhookHealth
from crm.automation.models.webhook_call import CallDraft
from crm.integrations.systems import SystemSource
from crm.kernel import clock
from crm.platform import features
from crm.web.lists.paging import ROWS
from tests.cast import House
from tests.connections.books_peer import Trouble
from tests.connections.conftest import Bill, Sync
from tests.connections.quickbooks_server import QuickBooks
from tests.followups.conftest import Browser
from tests.queries import data_queries

pytestmark = pytest.mark.django_db
PAGE = "settings/connections/"


def rows_of(source: str, house: House) -> dict[str, Any]:
    """The rows of a source by their names."""
    [one] = [one for one in features.of(SystemSource) if one.name == source]
    return {row.name: row for row in one.read(house.tenant.slug, clock.now())}


def test_a_webhook_is_a_row_with_its_last_hours(house: House) -> None:
    webhook, _secret = Webhook.add("Books", "https://books.example/in", by=house.ada)
    assert rows_of("webhooks", house)["Books"].state == "not called yet"
    WebhookCall.queue_all([CallDraft(webhook.pk, {}, f"event:{number}") for number in range(2)])
    first, second = WebhookCall.objects.order_by("pk")
    now = clock.now()
    WebhookCall.objects.filter(pk=first.pk).update(state=CallState.SENT, called_at=now)
    two_hours_ago = now - timedelta(hours=2)
    WebhookCall.objects.filter(pk=second.pk).update(state=CallState.FAILED, called_at=now, at=two_hours_ago)
    WebhookHealth.objects.create(webhook=webhook, answered_at=now)
    row = rows_of("webhooks", house)["Books"]
    assert (row.state, row.mark, row.waits, row.at) == ("answers", "ok", "1 not delivered", now)
    assert (row.hours[-1], row.hours[-2], row.hours[-3]) == ("", "off", "gap")


def test_a_webhook_that_does_not_answer_or_is_off_is_marked(house: House) -> None:
    webhook, _secret = Webhook.add("Books", "https://books.example/in", by=house.ada)
    WebhookHealth.objects.create(webhook=webhook, failures=3, failing_since=clock.now())
    assert rows_of("webhooks", house)["Books"].mark == "late"
    webhook.disable("It answered 410.", by=None)
    assert rows_of("webhooks", house)["Books"].mark == "crit"
    webhook.archive(by=house.ada)
    assert rows_of("webhooks", house) == {}


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "not used yet"),
        ({"last_used_at": timedelta()}, "works"),
        ({"last_used_at": -timedelta(days=91)}, "unused for 91 days"),
        ({"created_at": -timedelta(days=91)}, "unused for 91 days"),
        ({"last_used_at": timedelta(), "expires_at": timedelta(days=3)}, "ends in 3 days"),
    ],
)
def test_a_token_is_a_row_with_its_last_use(changes: Any, state: str, house: House) -> None:
    token, _secret = ApiToken.create("Make", house.rita, by=house.ada)
    times = {name: clock.now() + distance for name, distance in changes.items()}
    ApiToken.objects.filter(pk=token.pk).update(**{"name": "Make"} | times)
    row = rows_of("api-tokens", house)["Make"]
    assert (row.state, row.note) == (state, "Token, acts as Rita Rep (Rep)")
    token.revoke(by=house.ada)
    assert rows_of("api-tokens", house) == {}


def test_an_app_is_a_row_with_its_members(house: House) -> None:
    app, _secret = ApiApp.register("Estimator", ["https://app.example/"], is_confidential=False, by=house.ada)
    assert rows_of("api-apps", house)["Estimator"].state == "not connected yet"
    token, _secret = ApiToken.create("Estimator", house.rita, by=None)
    ApiToken.objects.filter(pk=token.pk).update(app=app, last_used_at=clock.now())
    row = rows_of("api-apps", house)["Estimator"]
    assert (row.state, row.note, row.at) == ("works", "App, connected by 1 member", clock.now())


def test_the_page_shows_them_to_admins_with_as_many_queries(house: House) -> None:
    ada = Browser(house, house.ada)
    Webhook.add("Books", "https://books.example/in", by=house.ada)
    ApiToken.create("Make", house.rita, by=house.ada)
    ApiApp.register("Estimator", ["https://app.example/"], is_confidential=False, by=house.ada)
    page = ada.get(PAGE)
    assert all(name in page for name in ("Books", "Make", "Estimator"))
    with data_queries() as for_three:
        ada.get(PAGE)
    for number in range(3):
        Webhook.add(f"Books {number}", "https://books.example/in", by=house.ada)
        ApiToken.create(f"Make {number}", house.rita, by=house.ada)
    ada.get(PAGE)
    with data_queries() as for_more:
        ada.get(PAGE)
    assert len(for_more) == len(for_three)


# The log of a connection


def test_each_synchronization_is_in_the_log(books: QuickBooks, bill: Bill, sync: Sync, ada: Browser) -> None:
    bill()
    connection = sync()
    books.troubles = [Trouble(500)]
    sync()
    entries = SyncLogEntry.objects.order_by("pk").values_list("sent", "received", "refused", "problem")
    assert list(entries) == [(1, 0, 0, ""), (0, 0, 0, "unreachable")]
    page = ada.get(f"{PAGE}{connection.uid}/")
    assert "The system does not answer." in page
    assert "worked" in page


def test_all_synchronizations_are_on_one_page(books: QuickBooks, bill: Bill, sync: Sync, ada: Browser) -> None:
    bill()
    connection = sync()
    path = f"settings/connections/{connection.uid}/"
    assert path in ada.get(f"{PAGE}runs/")
    assert path not in ada.get(f"{PAGE}runs/?only=trouble")
    books.troubles = [Trouble(500)]
    sync()
    assert "The system does not answer." in ada.get(f"{PAGE}runs/?only=trouble")


def test_all_synchronizations_are_paged(books: QuickBooks, sync: Sync, ada: Browser) -> None:
    connection = sync()
    for number in range(ROWS):
        SyncLogEntry.objects.create(connection=connection, started_at=clock.now(), sent=7000 + number)
    page = ada.get(f"{PAGE}runs/")
    assert ("7049" in page, '<td class="num">7000</td>' in page) == (True, True)
    behind = re.search(r'href="(\?after=[^"]+)"', page)
    assert behind
    assert "7000" not in ada.get(f"{PAGE}runs/{behind[1]}")


def test_a_refused_record_is_counted(books: QuickBooks, bill: Bill, sync: Sync, terms: Any) -> None:
    terms("quickbooks", item="Nonesuch")
    bill()
    sync()
    assert SyncLogEntry.objects.get().refused == 1


def test_one_that_broke_by_our_fault_is_in_the_log(sync: Sync) -> None:
    connection = sync()
    give_up(connection.pk)
    assert [entry.problem for entry in SyncLogEntry.objects.order_by("pk")] == ["", "answer"]


def test_the_newest_fifty_are_kept(books: QuickBooks, sync: Sync) -> None:
    connection = sync()
    for _number in range(KEPT_ENTRIES):
        SyncLogEntry.write(connection.pk, clock.now(), sent=2, received=0, refused=0)
    assert SyncLogEntry.objects.count() == KEPT_ENTRIES
    assert not SyncLogEntry.objects.filter(sent=0).exists()
