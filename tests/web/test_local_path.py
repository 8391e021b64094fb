"""Where `next` may lead: a page of the product below the place that asks, however the address is written."""

import pytest
from django.test import Client
from django.urls import reverse

from crm.web.requests.local_path import local_path
from tests.cast import HOUSE, OTHER, Cast

HOME = f"/{HOUSE}/"


@pytest.mark.parametrize(
    "place", ["leads/", "leads/?q=a%2F..%2Fb&sort=-value", "people/?next=//elsewhere.example", "leads/#r7"]
)
def test_a_page_of_ours_is_kept_as_it_is(place: str) -> None:
    assert local_path(HOME + place, below=HOME) == HOME + place


@pytest.mark.parametrize(
    "rest",
    [
        *(f"{dots}/{OTHER}/leads/" for dots in ("..", "%2e%2e", ".%2E", "%252e%252e", "leads/..;x/..", "./..", " ..")),
        *("..%2fotherside/", "%2e%2e%5cleads/", "..\\leads/", "leads\\", "/leads/", "%2fleads/", "%00", "leads/\n"),
        *("%25252525252e/", "no/such/page/", "leads/%0d%0aSet-Cookie:x", "\tleads/"),
    ],
)
def test_no_other_way_out_of_it(rest: str) -> None:
    assert local_path(HOME + rest, below=HOME) == ""


@pytest.mark.parametrize(
    "place",
    [
        *("//elsewhere.example/", "https://elsewhere.example/", "http:///elsewhere.example", "javascript:alert(1)"),
        *("\\\\elsewhere.example", "/\\elsewhere.example", "/%5celsewhere.example", "/%2felsewhere.example"),
        *("https:elsewhere.example", "///elsewhere.example", "elsewhere", "", "/" * 3000, "http://[::1", "data:,x"),
    ],
)
def test_no_other_host_or_scheme(place: str) -> None:
    assert local_path(place) == ""


@pytest.mark.parametrize("place", [f"{HOME}../{OTHER}/leads/", f"{HOME}%2e%2e/{OTHER}/leads/", "//elsewhere.example"])
def test_signing_in_choosing_a_look_and_confirming_lead_nowhere_else(client: Client, cast: Cast, place: str) -> None:
    look = client.post(reverse("look"), {"next": place, "theme": "dark"})
    client.force_login(cast.house.ada.user)
    login = client.get(reverse("account_login"), {"next": place})
    assert place not in (look["Location"], login["Location"])
