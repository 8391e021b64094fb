"""The webhook: a proven request is stored once, as it came, and nothing else ever is."""

import json
from typing import Any

import pytest
from django.test import Client

from comms.channels.webhook_address import token_of
from comms.inbound import inbound_storage
from comms.inbound.webhook import refused_today
from comms.models import Inbound
from crm.platform.models import Due
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.comms.inbound.conftest import Opened, Sample, deliver, hook

TEXT = {"text": "Hello", "from": "+18135550142", "id": "m1"}


def stored(cast: Cast) -> list[Inbound]:
    with use_tenant(cast.house.tenant):
        return list(Inbound.objects.order_by("pk"))


def test_a_proven_request_is_stored_as_it_came_and_will_be_read(cast: Cast, opened: Opened) -> None:
    channel = opened()
    response = deliver(channel, TEXT)
    assert (response.status_code, response.content) == (200, b"")
    [inbound] = stored(cast)
    assert json.loads(bytes(inbound.body)) == TEXT
    assert (inbound.channel_id, inbound.provider, inbound.state) == (channel.pk, "sample", "stored")
    assert Due.objects.filter(kind=inbound_storage.READ, subject_id=inbound.pk, tenant=cast.house.tenant).exists()
    assert "X-Sample-Signature" not in inbound.envelope["headers"]


def test_the_same_request_again_is_fine_and_one_row(cast: Cast, opened: Opened) -> None:
    channel = opened()
    assert [deliver(channel, TEXT).status_code for _ in range(3)] == [200] * 3
    assert deliver(channel, TEXT | {"id": "m2"}).status_code == 200
    assert len(stored(cast)) == 2


def test_a_forgery_is_refused_counted_and_not_stored(cast: Cast, opened: Opened) -> None:
    channel = opened()
    before = refused_today(channel)
    assert deliver(channel, TEXT, signature="guess").status_code == 403
    assert stored(cast) == []
    assert refused_today(channel) in (before + 1, 0)  # 0: no cache runs here


@pytest.mark.parametrize("change", ["nonsense", "cut", "moved", "revoked", "archived", "provider"])
def test_an_address_that_is_not_ours_any_more_is_one_404(cast: Cast, opened: Opened, change: str) -> None:
    channel = opened()
    url = hook(channel)
    with use_tenant(cast.house.tenant):
        if change == "revoked":
            channel.renew_webhook(by=cast.house.ada)
        if change == "archived":
            channel.archive(by=cast.house.ada)
    token = token_of(channel)
    url = {
        "nonsense": "/hooks/sample/1.2.3.x/",
        "cut": url.replace(token, token[:-1]),
        "moved": url.replace(token, f"{cast.other.tenant.pk}{token[token.index('.') :]}"),
        "provider": url.replace("/sample/", "/twilio/"),
    }.get(change, url)
    unknown = Client().post("/hooks/sample/x/", b"{}", content_type="application/json")
    response = Client().post(url, b"{}", content_type="application/json", headers={"X-Sample-Signature": "sign"})
    assert (response.status_code, response.content) == (unknown.status_code, unknown.content)
    assert unknown.status_code == 404
    assert stored(cast) == []


def test_a_check_of_the_address_is_answered(opened: Opened) -> None:
    channel = opened()
    assert Client().get(hook(channel) + "?challenge=abc").content == b"abc"
    assert Client().get(hook(channel)).status_code == 405
    assert Client().put(hook(channel)).status_code == 405


def test_what_is_too_large_is_refused_in_words(cast: Cast, opened: Opened, settings: Any) -> None:
    settings.INBOUND_MOST_BYTES = 100
    channel = opened()
    response = deliver(channel, TEXT | {"text": "x" * 100})
    assert response.status_code == 413
    assert b"100 bytes" in response.content
    assert stored(cast) == []


def test_a_large_body_is_a_file(cast: Cast, opened: Opened) -> None:
    told = TEXT | {"text": "x" * inbound_storage.IN_THE_ROW}
    assert deliver(opened(), told).status_code == 200
    with use_tenant(cast.house.tenant):
        inbound = Inbound.objects.get()
        assert (bytes(inbound.body), inbound.file.purpose) == (b"", "inbound")
        assert json.loads(inbound_storage.body_of(inbound)) == told


@pytest.mark.parametrize(
    "body", [b"", b"\x00\xff\xfe", b"{", b'{"mail": "\\ud800"}', b"\r\n--x\r\n" * 50], ids=range(5)
)
def test_nothing_a_stranger_sends_is_our_mistake(opened: Opened, body: bytes) -> None:
    channel = opened()
    for signature in ("sign", "\udcff", "é"):
        response = Client().post(
            hook(channel) + "?q=%00%ff",
            body,
            content_type="multipart/form-data; boundary=\x01",
            HTTP_X_SAMPLE_SIGNATURE=signature,
        )
        assert response.status_code < 500


def test_a_library_that_raises_while_it_verifies_proves_nothing(
    cast: Cast, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bool:
        raise RecursionError

    monkeypatch.setattr(Sample, "verify", fails)
    assert deliver(opened(), TEXT).status_code == 403
    assert stored(cast) == []


def test_it_answers_with_few_queries_and_without_a_session(opened: Opened, django_assert_max_num_queries: Any) -> None:
    channel = opened()
    client = Client()
    with django_assert_max_num_queries(14):
        response = client.post(
            hook(channel), b"{}", content_type="application/json", headers={"X-Sample-Signature": "sign"}
        )
    assert response.status_code == 200
    assert not response.cookies
