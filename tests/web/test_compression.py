"""Pages and fragments are compressed for whoever asks, and nothing else is."""

import gzip
from typing import Any

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import Client

from crm.web.live.app import LiveApp
from crm.web.live.hub import Hub
from crm.web.requests.compression import PageCompression
from tests.cast import HOUSE, Cast

ASKS = {"accept-encoding": "gzip, deflate, br"}
LONG = "Dana Whitfield " * 100


@pytest.mark.parametrize("more", [{}, {"hx-request": "true"}], ids=["page", "fragment"])
def test_who_asks_gets_a_page_compressed(cast: Cast, more: dict[str, str]) -> None:
    client = Client()
    client.force_login(cast.house.rita.user)
    plain, packed = (client.get(f"/{HOUSE}/leads/", headers=more | asked) for asked in ({}, ASKS))
    assert not plain.has_header("Content-Encoding")
    assert packed["Content-Encoding"] == "gzip"
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2
    assert b"</" in gzip.decompress(packed.content)
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer["Vary"]


def _packed(response: Any) -> Any:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = "gzip"
    return PageCompression(lambda asked: response)(request)


def test_the_length_of_what_is_compressed_tells_nothing() -> None:
    assert len({len(_packed(HttpResponse(LONG)).content) for _ in range(40)}) > 1


@pytest.mark.parametrize(
    "response",
    [
        JsonResponse({"ticket": LONG}),
        HttpResponse(LONG, content_type="text/csv"),
        StreamingHttpResponse([LONG], content_type="text/event-stream"),
        StreamingHttpResponse([LONG], content_type="text/html"),
        FileResponse([LONG.encode()]),
    ],
    ids=["json", "csv", "events", "stream", "file"],
)
def test_nothing_else_is_compressed(response: Any) -> None:
    assert not _packed(response).has_header("Content-Encoding")


def test_the_event_stream_is_sent_as_it_is() -> None:
    names = [name for name, _ in LiveApp(Hub(), "http://localhost:8000")._stream_headers()]
    assert b"content-encoding" not in names
