"""The acts beside the lines of the page of health: each does its work once, says so in place, and asks who may."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from comms.models import Channel, Inbound, KillSwitch, Medium, Message
from crm.automation.models import AutomationPolicy, CallState, Webhook, WebhookCall
from crm.automation.models.policy import automation_policy
from crm.jobs.models.assignment import Availability
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.platform import features
from crm.platform.access.permissions import allows
from crm.platform.models import Due, Event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.health.findings import HealthAct
from tests.automation.rules import do, rule
from tests.cast import HOUSE, Cast, House

URL = f"/{HOUSE}/health/acts/"


@pytest.fixture
def house(cast: Cast, client: Client) -> Iterator[House]:
    client.force_login(cast.house.ada.user)
    with use_tenant(cast.house.tenant):
        yield cast.house


def press(client: Client, act: str, about: object = "", *, scripts: bool = True) -> Any:
    headers = {"HX-Request": "true"} if scripts else {}
    return client.post(URL, {"act": act, "about": str(about)}, headers=headers)


def stuck_work(house: House) -> Due:
    return Due.objects.create(
        tenant=house.tenant, kind="test", subject_id=1, key="test:1", due_at=clock.now(), run_at=None, attempts=5
    )


def unknown_message(house: House, name: str) -> Message:
    brand = directory().default_brand
    channel = Channel.create(
        by=None,
        brand=brand,
        medium=Medium.EMAIL,
        role="support",
        provider="embedded",
        address=f"{name}@suncoast.example",
    )
    return Message.objects.create(
        brand_id=channel.brand_id, channel=channel, medium=Medium.EMAIL, direction="out", state="unknown",
        address="cora@example.com", at=clock.now(), provider_id=name, person=house.cora,
    )  # fmt: skip


def test_parked_work_is_replayed_in_place_once_and_without_scripts(house: House, client: Client) -> None:
    row = stuck_work(house)
    assert "Replay the 1 that can be" in client.get(f"/{HOUSE}/health/").content.decode()
    answer = press(client, "work", "due").content.decode()
    assert ("1 is tried again." in answer, "<html" in answer, "that can be" in answer) == (True, False, False)
    row.refresh_from_db()
    assert row.run_at is not None
    assert "None of this is waiting any more." in press(client, "work", "due").content.decode()
    assert Event.objects.filter(kind="work.replayed").count() == 1
    row.delete()
    stuck_work(house)
    answer = client.post(URL + "replay/")
    assert (answer.status_code, answer["Location"]) == (302, f"/{HOUSE}/health/#health-parked")
    assert "1 is tried again." in client.get(f"/{HOUSE}/health/").content.decode()
    assert Event.objects.filter(kind="work.replayed").count() == 2


def test_what_could_not_be_read_is_read_again(house: House, client: Client) -> None:
    inbound = Inbound.objects.create(
        kind="mail", provider="embedded", digest="1", state="parked", received_at=clock.now()
    )
    assert "1 is tried again." in press(client, "unread").content.decode()
    inbound.refresh_from_db()
    assert inbound.state == Inbound.State.STORED
    assert Event.objects.filter(kind="inbound.replayed").count() == 1


def test_of_a_message_nobody_knows_left_somebody_says_it_went_or_sends_it_again(house: House, client: Client) -> None:
    went, again = unknown_message(house, "one"), unknown_message(house, "two")
    page = client.get(f"/{HOUSE}/health/").content.decode()
    assert page.count("cora@example.com") == 2
    assert "Marked as sent." in press(client, "went", went.uid).content.decode()
    assert "It is sent again." in press(client, "again", again.uid).content.decode()
    assert press(client, "went", again.uid).status_code == 422, "it is known: it waits to be sent"
    assert "None of this" in press(client, "went", "nonsense").content.decode()
    for message, state in ((went, "sent"), (again, "queued")):
        message.refresh_from_db()
        assert message.state == state


def test_calls_of_a_webhook_are_made_again(house: House, client: Client) -> None:
    webhook, _secret = Webhook.add("Bookkeeper", "https://books.example/in", by=house.ada)
    call = WebhookCall.queue(webhook, {}, origin="rule:1:0")
    WebhookCall.objects.filter(pk=call.pk).update(state=CallState.FAILED, status=500)
    page = client.get(f"/{HOUSE}/health/").content.decode()
    assert ("Webhook “Bookkeeper”" in page, "answers 500" in page) == (True, True)
    assert "1 is tried again." in press(client, "webhook", webhook.pk).content.decode()
    call.refresh_from_db()
    assert call.state == CallState.QUEUED


def test_what_was_switched_off_comes_back_on(house: House, client: Client) -> None:
    stop = KillSwitch.switch_on(reason="Storm", by=house.ada)
    AutomationPolicy.switch(False, by=house.ada)
    Availability.pause(house.rita, by=house.ada)
    made = rule("job.heard", do("tell", who="owner"))
    made.pause("It failed 5 times in a row.")
    assert client.get(f"/{HOUSE}/health/").content.decode().count("Back on") == 4
    for act, about in (
        ("go_on", stop.uid),
        ("triggers_on", ""),
        ("member_back", house.rita.pk),
        ("trigger_on", made.pk),
    ):
        assert press(client, act, about).status_code == 200
        assert "None of this is waiting any more." in press(client, act, about).content.decode(), act
    stop.refresh_from_db()
    made.refresh_from_db()
    own = assignment_setup().availability[house.rita.pk]
    assert (stop.ended_by_id, made.paused_at, own.paused_at) == (house.ada.pk, None, None)
    assert automation_policy().is_on
    assert "Back on" not in client.get(f"/{HOUSE}/health/").content.decode()


def test_who_may_not_do_it_has_no_button_and_no_address(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck_work(house)
    assert press(client, "nonsense").status_code == 404
    acts = features.of(HealthAct)
    monkeypatch.setattr(
        "crm.web.health.line_actions.allows", lambda member, name: name != "work.replay" and allows(member, name)
    )
    page = client.get(f"/{HOUSE}/health/").content.decode()
    assert ("that can be" in page, 'value="work"' in page) == (False, False)
    assert press(client, "work", "due").status_code == 404
    client.force_login(house.rita.user)
    for act in acts:
        assert press(client, act.name).status_code == 404, act.name
    assert client.post(URL + "replay/").status_code == 404
