"""A quote that was sent to Cora, and the browsers in which she and others open it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portal.access import cookies, links, sessions
from portal.access.viewer import Level
from portal.models import PortalAccess, PortalLink
from portal.quotes.quote_access import about_quote
from quotes.models import Quote
from tests.cast import House
from tests.portal.conftest import FIREFOX, Coming, point_of
from tests.quotes.offers import choice_of, write_quote

Opening = Callable[..., Client]


@pytest.fixture
def sent(writing_house: House) -> Quote:
    """Good $1,000 and Better $1,500, and $200 of gutters that may go; sent by Rita."""
    quote = write_quote(writing_house)
    quote.send(by=writing_house.rita)
    return quote


@pytest.fixture
def linked(sent: Quote, writing_house: House) -> Opening:
    """A browser that follows the quote's link: the first one, or (`first=False`) another one later."""

    def follow(*, first: bool = True) -> Client:
        house = writing_house
        client = Client(headers={"user-agent": FIREFOX})
        access = PortalAccess.invite(house.cora, by=None)
        link = links.make_link(house.cora, job=house.job, point=point_of(house.cora), about=about_quote(sent))
        client.cookies[cookies.LINK] = link.token()
        client.cookies[cookies.BROWSER] = "the first" if first else "another"
        PortalLink.show(access, link.digest, sessions.secret_digest("the first"), job=house.job)
        return client

    return follow


@pytest.fixture
def signed_in(sent: Quote, portal_client: Coming, writing_house: House) -> Client:
    """Cora's browser, after a code."""
    return portal_client(writing_house.cora, Level.SESSION)


@pytest.fixture
def house_preview(writing_house: House) -> Client:
    """Rita's browser, signed in among the staff."""
    client = Client(headers={"user-agent": FIREFOX})
    client.force_login(writing_house.rita.user)
    return client


def path(quote: Quote, rest: str = "") -> str:
    return f"/my/{quote.tenant.slug}/quotes/{quote.uid}/{rest}"


def form(quote: Quote, *unticked: str, option: str = "Better", **more: Any) -> dict[str, Any]:
    """What the page posts after choosing, with its price shown."""
    choice = choice_of(quote, *unticked, option=option)
    version = quote.shown_version()
    lines = [line for line in version.read_lines() if line.is_optional]
    return {
        "version": choice.version,
        "hash": choice.hash,
        "option": next(str(one.uid) for one in version.read_options() if one.name == option),
        "shown": [str(line.uid) for line in lines],
        "line": [str(line.uid) for line in lines if line.name not in unticked],
    } | more


def signed(quote: Quote, *unticked: str, **more: Any) -> dict[str, Any]:
    return form(quote, *unticked, **({"name": "Cora Customer", "agree": "on", "method": "typed"} | more))
