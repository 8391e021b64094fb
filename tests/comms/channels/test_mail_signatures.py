"""How providers of mail prove their requests."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from comms.channels import http, sns
from comms.channels.interface import RawRequest, UnreadableRequest
from comms.channels.mail_webhooks import mailgun, sendgrid, ses
from comms.channels.signatures import is_signed_in
from crm.kernel import clock
from tests.comms.channels.requests import form, request


def test_sendgrids_signature() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    public = base64.b64encode(
        private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode()
    body = b'[{"event": "open"}]\r\n'
    time = str(int(clock.now().timestamp()))
    made = base64.b64encode(private.sign(time.encode() + body, ec.ECDSA(SHA256()))).decode()

    def holds(content: bytes = body, signature: str = made, at: str = time, key: str = public) -> bool:
        headers = {"X_Twilio_Email_Event_Webhook_Signature": signature, "X_Twilio_Email_Event_Webhook_Timestamp": at}
        return sendgrid.is_signed(request(content, **headers), key)

    assert holds()
    assert not holds(content=body + b" ")
    assert not holds(at=str(int(time) + 1))
    assert not holds(signature="AAAA")
    assert not holds(signature="")
    assert not holds(key="")
    assert not holds(key="bm90IGEga2V5")


@pytest.mark.parametrize("kind", ["json", "form"])
def test_mailguns_signature(kind: str) -> None:
    time, token = str(int(clock.now().timestamp())), uuid4().hex
    made = hmac.new(b"k3y", f"{time}{token}".encode(), hashlib.sha256).hexdigest()

    def signed(signature: str) -> RawRequest:
        if kind == "json":
            return request({"signature": {"timestamp": time, "token": token, "signature": signature}})
        return form(timestamp=time.encode(), token=token.encode(), signature=signature.encode())

    assert mailgun.is_signed(signed(made), "k3y")
    assert not mailgun.is_signed(signed(made[:-1] + "0" if made[-1] != "0" else made[:-1] + "1"), "k3y")
    assert not mailgun.is_signed(signed("é"), "k3y")
    assert not mailgun.is_signed(signed(made), "")
    assert not mailgun.is_signed(request(b"[]"), "k3y")
    with clock.at(clock.now() + timedelta(hours=10)):
        assert not mailgun.is_signed(signed(made), "k3y"), "long after Mailgun's last retry"


def test_a_token_of_mailguns_proves_one_content_alone(valkey_url: str) -> None:
    time, token = str(int(clock.now().timestamp())), uuid4().hex
    made = hmac.new(b"k3y", f"{time}{token}".encode(), hashlib.sha256).hexdigest()
    proof = {"signature": {"timestamp": time, "token": token, "signature": made}}
    assert mailgun.is_signed(request(proof | {"event-data": 1}), "k3y")
    assert mailgun.is_signed(request(proof | {"event-data": 1}), "k3y"), "a retry"
    assert not mailgun.is_signed(request(proof | {"event-data": 2}), "k3y")


def test_a_name_and_password_in_the_address() -> None:
    def holds(header: str, secret: str = "hook:pässword") -> bool:
        return is_signed_in(request(b"", Authorization=header), secret)

    given = base64.b64encode("hook:pässword".encode()).decode()
    assert holds(f"Basic {given}")
    assert not holds(f"Basic {given}x")
    assert not holds("Basic")
    assert not holds("")
    assert not holds(f"Bearer {given}")
    assert not holds("Basic " + base64.b64encode(b":").decode(), secret="")


@pytest.mark.parametrize("version", ["1", "2"])
def test_the_signature_of_sns(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    certificate = made.sign(private, SHA256()).public_bytes(Encoding.PEM)
    monkeypatch.setattr(sns, "_load_certificate", lambda url: certificate)
    said = {
        "Type": "Notification",
        "MessageId": "22b80b92",
        "TopicArn": "arn:aws:sns:us-west-2:123456789012:mail",
        "Message": "{}",
        "Timestamp": clock.now().isoformat(),
        "SignatureVersion": version,
        "SigningCertURL": "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-1.pem",
    }
    text = "".join(f"{key}\n{said[key]}\n" for key in ("Message", "MessageId", "Timestamp", "TopicArn", "Type"))
    digest = SHA1() if version == "1" else SHA256()
    said["Signature"] = base64.b64encode(private.sign(text.encode(), padding.PKCS1v15(), digest)).decode()

    def holds(topic: str = "", **changed: str) -> bool:
        return sns.is_signed(request(said | changed), topic)

    assert holds()
    assert holds(said["TopicArn"])
    assert not holds("arn:aws:sns:us-west-2:123456789012:other")
    assert not holds(Message='{"x": 1}')
    assert not holds(Signature="AAAA")
    assert not holds(SignatureVersion="3")
    for url in [
        "https://sns.evil.example/c.pem",
        "http://sns.us-west-2.amazonaws.com/c",
        "https://sns.x.amazonaws.com:8/",
    ]:
        assert not holds(SigningCertURL=url)


def test_a_subscription_is_confirmed_at_amazon_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(http, "call", lambda method, url, **kwargs: asked.append(url))
    good = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"
    assert ses.read(request({"Type": "SubscriptionConfirmation", "SubscribeURL": good}), {}, {}) == []
    with pytest.raises(UnreadableRequest):
        ses.read(request({"Type": "SubscriptionConfirmation", "SubscribeURL": "http://169.254.169.254/"}), {}, {})
    assert asked == [good]
