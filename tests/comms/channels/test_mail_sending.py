"""Mail by each provider's HTTP interface and by SMTP, to peers on loopback that answer as they like."""

from collections.abc import Iterator
from typing import Any

import pytest

from comms.channels.interface import Outgoing, OutgoingFile, Permanent, Provider, Transient, Unknown
from comms.channels.providers import brevo, mailgun, postmark, sendgrid, ses, smtp
from comms.models import Channel
from tests.comms.http_peer import Peer, http_peer
from tests.survival import peer as mail_peer

pytestmark = pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning")
MAIL = Outgoing(
    key="7d0c",
    medium="email",
    to="cora@example.org",
    to_name="Cora Ørsted",
    subject="Your roof",
    text="Hello",
    html="<p>Hello <img src='cid:roof'>",
    headers={"Message-ID": "<tl.1.2@suncoast.example>", "List-Unsubscribe": "<https://x.example/u/1>"},
    files=(
        OutgoingFile("roof.png", "image/png", b"\x89PNG", "roof"),
        OutgoingFile("q.pdf", "application/pdf", b"%PDF"),
    ),
)
PROVIDERS: dict[str, Provider] = {
    "sendgrid": sendgrid.SendGrid(),
    "mailgun": mailgun.Mailgun(),
    "postmark": postmark.Postmark(),
    "brevo": brevo.Brevo(),
    "ses": ses.AmazonSes(),
}
SETTINGS = {"ses": {"region": "eu-west-1", "access_key_id": "AKIA"}}
SECRETS = dict.fromkeys(("api_key", "server_token", "secret_access_key"), "k3y")
TAKEN = {
    "sendgrid": (202, b""),
    "mailgun": (200, {"id": "<mg1@suncoast.example>", "message": "Queued. Thank you."}),
    "postmark": (200, {"ErrorCode": 0, "Message": "OK", "MessageID": "pm1", "To": "cora@example.org"}),
    "brevo": (201, {"messageId": "<bv1@smtp-relay.example>"}),
    "ses": (200, {"MessageId": "ses1"}),
}


def channel(key: str, **chosen: Any) -> Channel:
    made = Channel(provider=key, medium="email", address="hello@suncoast.example", display_name="Suncoast")
    made.settings = SETTINGS.get(key, {}) | chosen
    made.seal(SECRETS)
    return made


@pytest.fixture(scope="module")
def server() -> Iterator[Peer]:
    with http_peer() as peer:
        yield peer


@pytest.fixture(autouse=True)
def here(server: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.asked.clear()
    for module in (sendgrid, postmark, brevo):
        monkeypatch.setattr(module, "API", server.origin)
    monkeypatch.setattr(mailgun, "API", {"us": server.origin})
    monkeypatch.setattr(ses, "ENDPOINT", server.origin)


@pytest.mark.parametrize("key", PROVIDERS)
def test_a_mail_that_is_taken_has_their_id(server: Peer, key: str) -> None:
    server.will(*TAKEN[key])
    receipt = PROVIDERS[key].send(channel(key), MAIL)
    (asked,) = server.asked
    assert receipt.provider_id.strip("<>").partition("@")[0] in {"mg1", "pm1", "bv1", "ses1"} or key == "sendgrid"
    assert receipt.provider_id
    assert receipt.message_id == ("<ses1@eu-west-1.amazonses.com>" if key == "ses" else "")
    body = asked.body.decode("utf-8", "replace")
    for told in ("7d0c",) if key != "ses" else ():
        assert told in body, "our key comes back with their webhooks"
    assert {"postmark": "X-PM-KeepID", "brevo": "idempotencyKey"}.get(key, "") in body


@pytest.mark.parametrize("key", PROVIDERS)
@pytest.mark.parametrize(
    ("status", "expected"),
    [(429, Transient), (500, Transient), (503, Transient), (502, Unknown), (400, Permanent), (401, Permanent)],
)
def test_what_an_answer_means_for_the_mail(server: Peer, key: str, status: int, expected: type[Exception]) -> None:
    server.will(status, {"message": "no", "Message": "no", "ErrorCode": 10}, Retry_After="7")
    with pytest.raises(expected) as raised:
        PROVIDERS[key].send(channel(key), MAIL)
    assert len(server.asked) == 1, "a library must not repeat a mail by itself"
    if status == 429 and key != "ses":
        assert raised.value.after.total_seconds() == 7  # type: ignore[attr-defined]
    assert "k3y" not in str(raised.value)


@pytest.mark.parametrize("key", PROVIDERS)
def test_an_answer_nobody_understands_or_none_at_all_is_left_to_a_person(
    server: Peer, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.will_hang_up()
    with pytest.raises(Unknown):
        PROVIDERS[key].send(channel(key), MAIL)
    assert len(server.asked) == 1
    if key not in ("sendgrid", "ses"):  # those say all by the status
        server.will(200, b"<html>Welcome")
        with pytest.raises(Unknown):
            PROVIDERS[key].send(channel(key), MAIL)


@pytest.mark.parametrize("key", PROVIDERS)
def test_where_nobody_listens_nothing_has_left(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sendgrid, postmark, brevo):
        monkeypatch.setattr(module, "API", "http://127.0.0.1:9")
    monkeypatch.setattr(mailgun, "API", {"us": "http://127.0.0.1:9"})
    monkeypatch.setattr(ses, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(Transient):
        PROVIDERS[key].send(channel(key), MAIL)
    with pytest.raises(Transient):
        PROVIDERS[key].test(channel(key))


def test_a_slow_answer_is_not_waited_for_and_not_asked_for_twice(server: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postmark, "TIMEOUT", (1, 0.05))
    server.will_not_answer()
    with pytest.raises(Unknown):
        PROVIDERS["postmark"].send(channel("postmark"), MAIL)
    assert len(server.asked) == 1


def test_an_address_on_the_providers_own_list_may_exist(server: Peer) -> None:
    """A complaint or a manual stop puts it there as well."""
    words = (
        "Found inactive addresses: cora@example.org. Inactive recipients are ones that have generated a hard bounce."
    )
    server.will(422, {"ErrorCode": 406, "Message": words})
    with pytest.raises(Permanent) as raised:
        PROVIDERS["postmark"].send(channel("postmark"), MAIL)
    assert raised.value.suppress == ""


def test_an_address_that_the_provider_calls_invalid_is_written_to_no_more(server: Peer) -> None:
    server.will(422, {"ErrorCode": 300, "Message": "Error parsing 'To': Illegal email address 'cora@example.org'."})
    with pytest.raises(Permanent) as raised:
        PROVIDERS["postmark"].send(channel("postmark"), MAIL)
    assert raised.value.suppress == "hard_bounce"


@pytest.mark.parametrize("key", PROVIDERS)
def test_a_key_that_is_missing_is_said_in_words(key: str) -> None:
    bare = channel(key)
    bare.sealed_secrets = ""
    with pytest.raises(Permanent, match="missing"):
        PROVIDERS[key].send(bare, MAIL)


@pytest.mark.parametrize("key", PROVIDERS)
def test_a_test_sends_nothing_and_says_what_it_heard(server: Peer, key: str) -> None:
    server.will(200, {"scopes": ["mail.send"], "SendingEnabled": True, "Name": "Ours", "email": "a@b.example"})
    assert PROVIDERS[key].test(channel(key)).startswith("Signed in")
    assert [asked.method for asked in server.asked] == ["GET"]
    server.will(401, {"message": "bad key"})
    with pytest.raises(Permanent):
        PROVIDERS[key].test(channel(key))


@pytest.mark.parametrize(
    ("name", "expected", "suppress"),
    [
        ("plain", None, ""),
        ("grey", Transient, ""),
        ("busy", Transient, ""),
        ("gone", Permanent, "hard_bounce"),
        ("spam", Permanent, ""),
        ("drop", Unknown, ""),
    ],
)
def test_every_answer_of_a_mail_server(
    name: str, expected: type[Exception] | None, suppress: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(mail_peer.AT_RECIPIENT, "gone", ["550 5.1.1 no such user"] * 9)
    with mail_peer.Peer() as peer:
        over = channel("smtp", host="127.0.0.1", port=peer.port, security="none")
        to = Outgoing(key="1", medium="email", to=f"{name}@users.example", subject="Hi", text="Hello")
        if expected is None:
            assert smtp.Smtp().send(over, to).provider_id == ""
            assert peer.taken == {"plain": 1}
            assert smtp.Smtp().test(over)
            return
        with pytest.raises(expected) as raised:
            smtp.Smtp().send(over, to)
        assert getattr(raised.value, "suppress", "") == suppress


@pytest.mark.parametrize(
    ("answer", "suppress"),
    [
        ("550 no such user here", "hard_bounce"),
        ("550 5.1.1 message rejected as spam", ""),
        ("552 5.2.2 mailbox full", ""),
        ("550 5.7.1 user unknown", ""),
        ("553 5.1.8 sender domain not found", ""),
    ],
)
def test_a_mail_server_marks_an_address_only_by_its_reason(
    answer: str, suppress: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(mail_peer.AT_RECIPIENT, "gone", [answer] * 9)
    to = Outgoing(key="1", medium="email", to="gone@users.example", subject="Hi", text="Hello")
    with mail_peer.Peer() as peer:
        over = channel("smtp", host="127.0.0.1", port=peer.port, security="none")
        with pytest.raises(Permanent) as raised:
            smtp.Smtp().send(over, to)
    assert raised.value.suppress == suppress


@pytest.mark.parametrize(("to", "copy", "arrives"), [("gone", "plain", False), ("plain", "gone", True)])
def test_of_several_recipients_the_one_it_is_to_counts(to: str, copy: str, arrives: bool) -> None:
    with mail_peer.Peer() as peer:
        over = channel("smtp", host="127.0.0.1", port=peer.port, security="none")
        names = {"to": f"{to}@users.example", "cc": (("", f"{copy}@users.example"),)}
        out = Outgoing(key="1", medium="email", subject="Hi", text="Hello", **names)
        if arrives:
            assert smtp.Smtp().send(over, out).provider_id == ""
            return
        with pytest.raises(Permanent) as raised:
            smtp.Smtp().send(over, out)
        assert raised.value.suppress == "hard_bounce"


def test_a_mail_server_that_is_not_there_or_not_named() -> None:
    to = Outgoing(key="1", medium="email", to="a@users.example", subject="Hi", text="Hello")
    with pytest.raises(Transient):
        smtp.Smtp().send(channel("smtp", host="127.0.0.1", port=9), to)
    with pytest.raises(Permanent):
        smtp.Smtp().send(channel("smtp"), to)
