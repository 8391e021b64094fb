"""The worker: what is stored is read once; what fails is parked with its reason, never holding up others."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comms.inbound import inbound_processing, inbound_storage
from comms.models import Inbound, Message
from crm.kernel import clock
from crm.platform.database.claims import ATTEMPTS
from crm.platform.models import Due
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from tests.cast import Cast
from tests.comms.inbound.conftest import Opened, Sample, deliver
from tests.comms.inbound.mails import SUPPORT, raw_mail

TEXT = {"text": "Hello", "from": "+18135550142", "id": "m1"}
LATER = timedelta(hours=1)


def mail(**more: Any) -> dict[str, Any]:
    return {"mail": raw_mail(**more).decode(), "to": [SUPPORT]}


def states(cast: Cast) -> list[tuple[str, str]]:
    with use_tenant(cast.house.tenant):
        return list(Inbound.objects.order_by("pk").values_list("state", "outcome"))


def count(cast: Cast) -> int:
    with use_tenant(cast.house.tenant):
        return int(Message.objects.count())


def test_what_a_webhook_stored_is_read_at_the_next_tick(cast: Cast, opened: Opened) -> None:
    mailbox, number = opened(SUPPORT), opened("+18135550100", "sms")
    deliver(mailbox, mail())
    deliver(number, TEXT)
    due.run_due_work()
    assert states(cast) == [("read", "ticket"), ("read", "ticket")]
    with use_tenant(cast.house.tenant):
        assert {m.medium for m in Message.objects.all()} == {"email", "sms"}
        assert {m.person for m in Message.objects.all()} == {cast.house.cora}
    assert not Due.objects.filter(kind=inbound_storage.READ).exists()


def test_a_broken_one_is_parked_and_the_others_are_read(cast: Cast, opened: Opened) -> None:
    """Peppermint#503: one bad mail stopped all the others."""
    channel = opened(SUPPORT)
    for told in (mail(), b"no json", mail(Message_ID="<a2@home.example>")):
        deliver(channel, told)
    due.run_due_work()
    assert states(cast) == [("read", "ticket"), ("parked", "parked"), ("read", "ticket")]
    with use_tenant(cast.house.tenant):
        assert Inbound.objects.only_parked().get().reason == "It is not valid JSON."


def test_a_failure_is_tried_again_then_parked_and_replayed(
    cast: Cast, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = opened(SUPPORT)
    deliver(channel, mail())
    with monkeypatch.context() as broken:
        broken.setattr(Sample, "read", lambda *_: 1 / 0)
        for hour in range(inbound_processing.TRIES):
            with clock.at(clock.now() + hour * LATER):
                due.run_due_work()
    assert states(cast) == [("parked", "parked")]
    with use_tenant(cast.house.tenant):
        parked = Inbound.objects.get()
        assert "ZeroDivisionError" in parked.reason
        for _ in range(2):
            inbound_processing.replay(parked)
    due.run_due_work()
    assert states(cast) == [("read", "ticket")]
    assert count(cast) == 1


def test_reading_twice_is_one_message(cast: Cast, opened: Opened) -> None:
    channel = opened(SUPPORT)
    deliver(channel, mail())
    due.run_due_work()
    with use_tenant(cast.house.tenant):
        Inbound.objects.update(state="stored")
        inbound_processing.read_waiting([Inbound.objects.get().pk])
    assert states(cast) == [("read", "duplicate")]
    assert count(cast) == 1


def test_what_ends_its_worker_is_parked_alone(cast: Cast, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is killed leaves no trace in the database: only the claims, and a count in the cache."""
    counts: dict[str, int] = {}

    def count(key: str) -> int:
        if key not in counts:
            raise ValueError(key)  # as a cache does
        counts[key] += 1
        return counts[key]

    monkeypatch.setattr(inbound_processing.cache, "add", lambda key, value, timeout: counts.setdefault(key, value))
    monkeypatch.setattr(inbound_processing.cache, "incr", count)
    monkeypatch.setattr(inbound_processing.cache, "delete", lambda key: counts.pop(key, None))
    channel = opened(SUPPORT)
    deliver(channel, mail())
    deliver(channel, {"text": "deadly", "from": "+18135550142", "id": "m1"})
    usual = Sample.read

    def deadly(self: Sample, channel: Any, request: Any) -> Any:
        if b"deadly" in request.body:
            raise SystemExit
        return usual(self, channel, request)

    monkeypatch.setattr(Sample, "read", deadly)
    for minutes in range(0, 5 * ATTEMPTS, 5):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            try:
                due.run_due_work()
            except SystemExit:
                continue
    assert states(cast) == [("read", "ticket"), ("parked", "parked")]


def test_its_page_shows_replays_and_discards(cast: Cast, opened: Opened) -> None:
    channel = opened(SUPPORT)
    deliver(channel, b"<no json>")
    deliver(channel, b"nor this")
    due.run_due_work()
    client = Client()
    client.force_login(cast.house.ada.user)
    url = f"/{cast.house.tenant.slug}/messages/unread/"
    with use_tenant(cast.house.tenant):
        first, second = Inbound.objects.order_by("pk")
    page = client.get(url).content.decode()
    assert page.count("It is not valid JSON.") == 2
    raw = client.get(f"{url}{first.uid}/")
    assert (raw.content, raw["Content-Disposition"][:10]) == (b"<no json>", "attachment")
    assert client.post(f"{url}{first.uid}/discard/", {"reason": ""}).status_code == 422
    client.post(f"{url}{first.uid}/discard/", {"reason": "Spam"})
    client.post(f"{url}{second.uid}/replay/")
    assert states(cast) == [("read", "discarded"), ("stored", "")]
    due.run_due_work()
    client.post(f"{url}replay/")
    assert states(cast)[1] == ("stored", "")
