"""The built-in mailbox and phone: keeps mails as they would leave, and carries nothing where messages are real."""

from email import message_from_bytes
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from comms.apps import real_messages
from comms.channels import registry
from comms.channels.capability import capabilities
from comms.channels.interface import Outgoing, Permanent, Transient, Unknown
from comms.channels.providers.embedded import spooled_mail
from comms.models import Channel

UID = UUID("0199f1e2-7a3b-7c4d-8e5f-a0b1c2d3e4f5")
CHANNEL = Channel(tenant_id=7, provider="embedded", medium="email", address="hello@suncoast.example")


def mail(to: str = "cora@x.example", text: str = "Hello") -> Outgoing:
    return Outgoing(key=str(UID), medium="email", to=to, subject="Your roof", text=text)


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> None:
    settings.DEMO = True
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": place}


def test_a_mail_is_kept_as_it_would_leave(demo: None) -> None:
    assert spooled_mail(7, UID) is None
    provider = registry.provider("embedded")
    provider.send(CHANNEL, mail(text="First"))
    assert provider.send(CHANNEL, mail()).provider_id == f"embedded-{UID}"
    kept = message_from_bytes(spooled_mail(7, UID) or b"")
    assert (kept["To"], kept["Subject"], kept.get_payload()) == ("cora@x.example", "Your roof", "Hello")
    assert spooled_mail(8, UID) is None, "a tenant's own"


@pytest.mark.parametrize("to", ["nobody@bounce.example", "+18135550000"])
def test_failures_can_be_tried_out(demo: None, to: str) -> None:
    with pytest.raises(Permanent):
        registry.provider("embedded").send(CHANNEL, mail(to))


@pytest.mark.parametrize(
    ("network", "raised", "code"),
    [
        ("busy", Transient, "429"),
        ("broken", Transient, "500"),
        ("refuses", Permanent, "30007"),
        ("landline", Permanent, "30006"),
        ("silent", Unknown, None),
    ],
)
def test_a_bad_day_of_the_network(demo: None, network: str, raised: type[Exception], code: str | None) -> None:
    difficult = Channel(provider="embedded", medium="sms", address="+18135550100", settings={"network": network})
    with pytest.raises(raised) as told:
        registry.provider("embedded").send(difficult, mail("+18135550101"))
    assert getattr(told.value, "code", None) == code
    assert [line.can for line in capabilities(difficult)][-1] is False


def test_a_slow_network_takes_it_late(demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("comms.channels.difficulty.sleep", waited.append)
    slow = Channel(provider="embedded", medium="sms", address="+18135550100", settings={"network": "slow"})
    assert registry.provider("embedded").send(slow, mail("+18135550101")).provider_id
    assert waited == [20]


def test_where_messages_are_real_it_carries_none(settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(registry.NotOffered):
        registry.provider("embedded")
    assert registry.provider_of(CHANNEL) is None
    assert "embedded" not in {provider.key for provider in registry.offered_providers("email")}
    assert real_messages() == []


@pytest.mark.parametrize("name", ["DEMO", "DEBUG"])
def test_a_deployment_that_would_have_it_fails_its_check(settings: Any, name: str) -> None:
    setattr(settings, name, True)
    assert [problem.id for problem in real_messages()] == ["comms.E001"]
    assert "embedded" in {provider.key for provider in registry.offered_providers("email")}
