"""Push to members' devices: encrypted as RFC 8291 says, signed, retried, and gone when the browser is."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.test import Client

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.models import Due, InstallationKey
from crm.platform.push import encryption
from crm.platform.push.encryption import BadKeys, from_base64url, parse_keys, public_point, to_base64url
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice, PushSubscription
from crm.web.models.push_subscription import SEND
from crm.web.notices.delivery.push import TRIES, push_notices
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify
from tests.cast import HOUSE, Cast
from tests.comms.http_peer import Peer, http_peer

AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(from_base64url(text), "big"), ec.SECP256R1())


def test_the_example_of_the_standard() -> None:
    """RFC 8291, section 5."""
    own, salt = _private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), from_base64url("DGv6ra1nlYgDCS1FRnbzlw")
    sealed = encryption._encrypt_record(
        b"When I grow up, I want to be a watermelon", *parse_keys(PUBLIC, AUTH), own, salt
    )
    assert to_base64url(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
        "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert len(encryption.encrypt_push(b"x" * encryption.LARGEST, *parse_keys(PUBLIC, AUTH))) == 4096


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [("", ""), (PUBLIC, ""), (PUBLIC, AUTH[:-4]), (PUBLIC[:-8], AUTH), ("A" + PUBLIC[1:], AUTH), (PUBLIC, "é" * 22)],
)
def test_what_is_no_key_is_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(BadKeys):
        parse_keys(p256dh, auth)


@pytest.fixture(autouse=True)
def kind() -> Iterator[None]:
    with features.extra_features(
        NoticeKind(name="test.push", permission="notices.view", icon="bell", label="A test", words="is yours")
    ):
        yield


@pytest.fixture
def service(settings: Any) -> Iterator[Peer]:
    """A push service on loopback, which takes what it is given."""
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    with http_peer() as peer:
        peer.will(201)
        yield peer


BROWSER = _private("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")


def read(sealed: bytes) -> dict[str, str]:
    """Decrypt a push as the browser does."""
    salt, length = sealed[:16], sealed[20]
    point, body = sealed[21 : 21 + length], sealed[21 + length :]
    shared = BROWSER.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
    info = b"WebPush: info\0" + public_point(BROWSER) + point
    secret = encryption._derive_key(shared, from_base64url(AUTH), info, 32)
    key = encryption._derive_key(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = encryption._derive_key(secret, salt, b"Content-Encoding: nonce\0", 12)
    told: dict[str, str] = json.loads(AESGCM(key).decrypt(nonce, body, None).removesuffix(b"\x02"))
    return told


def subscribe(client: Client, endpoint: str) -> None:
    given = {
        "endpoint": endpoint,
        "p256dh": to_base64url(public_point(BROWSER)),
        "auth": AUTH,
        "name": "Firefox, Linux",
    }
    client.post(f"/{HOUSE}/notices/settings/devices/", given)


def test_a_notice_is_pushed_to_a_device_until_its_browser_is_gone(cast: Cast, client: Client, service: Peer) -> None:
    house, now = cast.house, clock.now()
    client.force_login(house.rita.user)
    page = client.get(f"/{HOUSE}/notices/settings/").content.decode()
    subscribe(client, f"{service.origin}/push/1")
    with use_tenant(house.tenant):
        device = PushSubscription.objects.get()
        assert (device.member_id, device.is_discreet) == (house.rita.pk, True)
        assert service.origin not in device.sealed  # who knows the address can push
        notify("test.push", [house.rita.pk, house.mona.pk], key="1", about=house.job, by=house.ada.pk)
        assert Due.objects.get(kind=SEND).subject_id == device.pk
    push_notices(house.tenant.pk, device.pk)
    push_notices(house.tenant.pk, device.pk)  # a task that comes twice finds nothing new
    (asked,) = service.asked
    told = read(asked.body)
    assert (told["title"], told["body"]) == (house.tenant.name, "1 new notice")  # a lock screen sees no customer
    scheme, token = asked.headers["Authorization"].split("t=")
    token, _comma, key = token.partition(", k=")
    assert (scheme, asked.headers["Content-Encoding"]) == ("vapid ", "aes128gcm")
    assert f'data-push-key="{key}"' in page
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(key))
    claims = jwt.decode(token, public, algorithms=["ES256"], audience=service.origin)
    assert claims["sub"].startswith("mailto:")
    assert InstallationKey.objects.count() == 1

    client.post(f"/{HOUSE}/notices/settings/devices/{device.uid}/show/", {"full": "yes"})
    with clock.at(now + timedelta(minutes=1)), use_tenant(house.tenant):
        notify("test.push", [house.rita.pk], key="2", about=house.job, by=house.ada.pk)
    push_notices(house.tenant.pk, device.pk)
    told = read(service.asked[-1].body)
    assert house.job.title in told["body"]
    with use_tenant(house.tenant):
        assert told["url"] == f"/{HOUSE}/notices/{Notice.objects.get(key='2').uid}/"
        notify("test.push", [house.rita.pk], key="3", about=house.job, by=house.ada.pk)
    service.will(410)
    push_notices(house.tenant.pk, device.pk)
    with use_tenant(house.tenant):
        assert not PushSubscription.objects.exists()


def test_a_service_that_is_down_is_asked_again_and_then_left(cast: Cast, client: Client, service: Peer) -> None:
    house = cast.house
    client.force_login(house.rita.user)
    subscribe(client, f"{service.origin}/push/1")
    with use_tenant(house.tenant):
        notify("test.push", [house.rita.pk], key="1", about=house.job)
        device = PushSubscription.objects.get()
    service.will(503)
    times = []
    for _again in range(TRIES):
        push_notices(house.tenant.pk, device.pk)
        times.append(Due.objects.get(kind=SEND).due_at)
    assert len(service.asked) == TRIES
    assert times == sorted(times)
    push_notices(house.tenant.pk, device.pk)  # given up: the notice stands on the page all the same
    assert len(service.asked) == TRIES
    with use_tenant(house.tenant):
        device.refresh_from_db()
        assert (device.problem, device.waiting_since) == ("It answered 503", None)
        assert Notice.objects.unread().exists()


def test_a_private_address_and_a_colleagues_device_are_nobodys_to_use(cast: Cast, client: Client) -> None:
    house = cast.house
    client.force_login(house.rita.user)
    for endpoint in ("https://127.0.0.1/", "http://push.example/", "https://169.254.169.254/", "nonsense"):
        subscribe(client, endpoint)
    with use_tenant(house.tenant):
        assert not PushSubscription.objects.exists()
        given = {"p256dh": PUBLIC, "auth": AUTH, "name": "", "told_until": 0}
        monas = PushSubscription.add(house.mona, endpoint="https://push.example/1", **given)
        for n in range(2, 11):
            PushSubscription.add(house.mona, endpoint=f"https://push.example/{n}", **given)
        with pytest.raises(Refused):
            PushSubscription.add(house.mona, endpoint="https://push.example/11", **given)
        PushSubscription.add(house.mona, endpoint="https://push.example/1", **given)
    assert client.post(f"/{HOUSE}/notices/settings/devices/{monas.uid}/remove/").status_code == 404
    client.force_login(house.mona.user)
    client.post(f"/{HOUSE}/notices/settings/devices/{monas.uid}/remove/")
    with use_tenant(house.tenant):
        assert PushSubscription.objects.count() == 9


def test_the_worker_of_notices_is_a_script_of_our_own_origin(client: Client, db: None) -> None:
    answer = client.get("/account/push/worker.js")
    assert answer["Content-Type"] == "text/javascript"
    assert b"showNotification" in answer.content
    assert answer["Service-Worker-Allowed"] == "/", "it also keeps the day's page of a tenant"
