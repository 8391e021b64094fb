"""What an answer, or none, means for a message that was on its way."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from comms.channels import http
from comms.channels.interface import Permanent, Transient, Unknown
from tests.comms.http_peer import Peer, http_peer


@pytest.fixture(scope="module")
def server() -> Iterator[Peer]:
    with http_peer() as peer:
        yield peer


@pytest.mark.parametrize(
    ("status", "repeatable", "meaning"),
    [
        (429, False, Transient),
        (500, False, Transient),
        (503, False, Transient),
        (502, False, Unknown),
        (504, False, Unknown),
        (520, False, Unknown),
        (502, True, Transient),
        (400, False, Permanent),
        (401, False, Permanent),
        (404, True, Permanent),
        (302, False, Permanent),
    ],
)
def test_a_status_means(server: Peer, status: int, repeatable: bool, meaning: type[Exception]) -> None:
    server.will(status, {"message": "No, thanks"})
    with pytest.raises(meaning, match="No, thanks"):
        http.call("POST", server.origin, repeatable=repeatable, json={})


def test_a_connection_that_ends_leaves_it_open_whether_they_have_it(server: Peer) -> None:
    server.will_hang_up()
    with pytest.raises(Unknown):
        http.call("POST", server.origin, json={})
    with pytest.raises(Transient):
        http.call("GET", server.origin, repeatable=True)


def test_where_nobody_listens_nobody_has_it() -> None:
    with pytest.raises(Transient):
        http.call("POST", "http://127.0.0.1:9", json={})


@pytest.mark.parametrize(
    ("said", "pause"),
    [
        ("30", 30),
        ("999999999", 6 * 3600),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_the_pause_a_provider_asks_for(said: str, pause: int | None) -> None:
    asked = http.retry_after({"Retry-After": said})
    assert asked == (None if pause is None else timedelta(seconds=pause))


def test_an_answer_that_is_no_json_says_nothing(server: Peer) -> None:
    server.will(400, b"<html>" + b"x" * 10_000)
    with pytest.raises(Permanent, match="It answered 400"):
        http.call("POST", server.origin)


def test_no_more_of_an_answer_is_read_than_it_can_have(server: Peer) -> None:
    server.will(200, b"[" * (3 << 20))
    assert http.json_of(http.call("GET", server.origin)) == {}


def test_a_file_behind_a_redirect_is_fetched_without_our_key(server: Peer) -> None:
    server.answers = [(302, b"", {"Location": f"{server.origin}/file"}), (200, b"photo", {})]
    server.asked.clear()
    assert http.download(f"{server.origin}/media", auth=("sid", "token")) == b"photo"
    assert ["Authorization" in asked.headers for asked in server.asked] == [True, False]
