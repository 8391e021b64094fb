"""Requests to URLs that somebody typed: what they may reach, and how they end."""

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from crm.platform.http import outgoing, public_address
from crm.platform.http.guarded_connection import open_socket
from crm.platform.http.outgoing import KeptConnection, NoAnswer, post
from crm.platform.http.public_address import ForbiddenAddress, is_public, resolve_url


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.100.100.200", "192.0.0.192",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1", "168.63.129.16", "::1", "::", "fe80::1", "fc00::1",
        "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::",
        "64:ff9b::a9fe:a9fe", "2001:0:53aa:64c:0:0:8080:7f7f", "2001:db8::1",
    ],
)  # fmt: skip
def test_a_private_address_is_none_of_the_public_network(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "142.250.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_a_public_address_is(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "ftp://example.com/", "file:///etc/passwd", "http://1.1.1.1/", "https://u:p@1.1.1.1/",
        "https://u@1.1.1.1/", "https://1.1.1.1:22/", "https://127.0.0.1/", "https://[::1]/", "https://2130706433/",
        "https://0x7f.1/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest/meta-data/",
        "https://localhost/", "https://1.1.1.1:99999/", "https://1.1.1.1/a b", "https://1.1.1.1\\@127.0.0.1/",
        "https://1.1.1.1/\r\nHost: x", "https://1.1.1.1/" + "a" * 2000, "https://bücher.example/",
    ],
)  # fmt: skip
def test_what_may_not_be_reached_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        resolve_url(url)


def _dns(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Answer the DNS by these lists of addresses, one after another; return what was asked."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(None, None, None, "", (ip, port)) for ip in answers[len(asked) - 1]]

    monkeypatch.setattr(public_address.socket, "getaddrinfo", getaddrinfo)
    return asked


def test_one_private_address_among_public_ones_refuses_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    _dns(monkeypatch, ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(ForbiddenAddress):
        resolve_url("https://mixed.example/")


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _dns(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])  # the second answer would be of a host that rebinds
    connected: list[Any] = []

    def create_connection(place: Any, timeout: float) -> Any:
        connected.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(outgoing.socket, "create_connection", create_connection)
    with pytest.raises(NoAnswer) as ended:
        post("https://rebinding.example./hook", b"")
    assert connected == [("1.1.1.1", 443)]
    assert asked == ["rebinding.example"]
    assert not ended.value.was_sent


class Peer:
    """A server on loopback that reads one request and answers these bytes; without any it stays silent."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.received = answer, b""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/hook?a=1"
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        connection, _ = self.socket.accept()
        with connection:
            while not self.received.endswith(b"end"):
                self.received += connection.recv(65536)
            try:
                connection.sendall(self.answer)
            except OSError:
                return  # they have had enough
            if not self.answer:
                self.done.wait(60)

    def close(self) -> None:
        self.done.set()
        self.socket.close()
        self.thread.join()


@pytest.fixture
def peers(settings: Any) -> Iterator[Any]:
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    opened: list[Peer] = []

    def peer(answer: bytes) -> Peer:
        opened.append(Peer(answer))
        return opened[-1]

    yield peer
    for one in opened:
        one.close()


def test_a_request_arrives_and_its_answer_comes_back_without_being_followed(peers: Any) -> None:
    peer = peers(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 5\r\n\r\nthere")
    answer = post(peer.url, b"body end", {"X-Signed": "yes"})
    assert (answer.status, answer.headers["location"], answer.body) == (302, "http://127.0.0.1:1/", b"there")
    head = peer.received.decode()
    assert head.startswith("POST /hook?a=1 HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{peer.url.split(':')[2].split('/')[0]}\r\n" in head
    assert "X-Signed: yes" in head


def test_an_answer_is_cut_off_at_a_size(peers: Any) -> None:
    much = 50 * outgoing.LARGEST_ANSWER
    peer = peers(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % much + b"x" * much)
    assert len(post(peer.url, b"end").body) == outgoing.LARGEST_ANSWER


def test_a_silent_peer_and_nonsense_end_without_an_answer(peers: Any) -> None:
    with pytest.raises(NoAnswer) as ended:
        post(peers(b"").url, b"end", seconds=0.2)
    assert ended.value.was_sent
    with pytest.raises(NoAnswer):
        post(peers(b"220 mail.example ESMTP\r\n").url, b"end")


class KeepingPeer:
    """A server that keeps connections. With `turns`, it closes each without a word after so many requests."""

    def __init__(self, turns: int = 100) -> None:
        self.turns = turns
        self.requests: list[int] = []
        self.connections = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/hook"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                self.connections += 1
                with connection, suppress(OSError):
                    self._answer_turns(connection)

    def _answer_turns(self, connection: socket.socket) -> None:
        for _turn in range(self.turns):
            received = b""
            while not received.endswith(b"end"):
                received += connection.recv(65536) or b"end"
            if not received.startswith(b"POST"):
                return
            self.requests.append(self.connections)
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")


def test_requests_share_a_connection(settings: Any) -> None:
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    peer = KeepingPeer()
    with KeptConnection() as kept:
        assert [post(peer.url, b"end", kept=kept).status for _request in range(3)] == [204, 204, 204]
    assert peer.requests == [1, 1, 1]
    peer.socket.close()


def test_the_body_of_a_request_is_not_kept_back_until_its_head_is_acknowledged() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, open_socket(*server.getsockname()) as sock:
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_connection_that_was_closed_is_opened_again(settings: Any) -> None:
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    peer = KeepingPeer(turns=2)
    with KeptConnection() as kept:
        assert [post(peer.url, b"end", kept=kept).status for _request in range(3)] == [204, 204, 204]
    assert peer.requests == [1, 1, 2]
    peer.socket.close()


def test_an_answer_that_is_cut_off_ends_its_connection(peers: Any) -> None:
    much = 2 * outgoing.LARGEST_ANSWER
    peer = peers(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % much + b"x" * much)
    with KeptConnection() as kept:
        post(peer.url, b"end", kept=kept)
        assert kept.take(peer.url) is None


def test_a_kept_connection_has_a_time_limit_for_each_request(peers: Any) -> None:
    peer = peers(b"HTTP/1.1 204 No Content\r\n\r\n")
    with KeptConnection() as kept:
        post(peer.url, b"end", kept=kept)
        peer.socket.close()
        with pytest.raises(NoAnswer):
            post(peer.url, b"end", kept=kept, seconds=0.5)
