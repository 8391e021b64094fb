"""The customer's page of a quote: who sees it, the price of what is chosen, and what is told of its being read."""

from datetime import timedelta

import pytest
from django.test import Client

from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import Event
from portal.access.viewer import Level
from portal.models import PortalAccess, PortalDevice
from quotes.models import Quote, QuoteChoice, QuoteView
from tests.cast import House
from tests.portal.conftest import Coming
from tests.portal.quotes.conftest import Opening, form, path
from tests.quotes.offers import add_line, write_quote

HTMX = {"hx-request": "true"}


def test_the_link_of_the_quote_opens_it(sent: Quote, linked: Opening) -> None:
    page = linked().get(path(sent))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Your new roof" in text
    assert "$1,700" in text, "Better with gutters"
    assert "Email me a code" in text
    assert "sign-name" not in text, "nothing to sign before the code"


def test_a_link_to_the_job_does_not_open_the_quote(sent: Quote, portal_client: Coming, writing_house: House) -> None:
    assert portal_client(writing_house.cora, Level.LINK).get(path(sent)).status_code == 404


def test_a_code_opens_it_with_the_signature(sent: Quote, signed_in: Client) -> None:
    assert "sign-name" in signed_in.get(path(sent)).content.decode()


def test_nobody_elses_and_no_draft(sent: Quote, portal_client: Coming, writing_house: House) -> None:
    other = Person.objects.create(name="Nora Neighbour")
    assert portal_client(other).get(path(sent)).status_code == 404
    draft = write_quote(writing_house)
    assert portal_client(writing_house.cora).get(path(draft)).status_code == 404


def test_who_does_not_see_the_money_does_not_see_it(sent: Quote, signed_in: Client, writing_house: House) -> None:
    PortalAccess.invite(writing_house.cora, by=None).see({"money": False}, by=None)
    assert signed_in.get(path(sent)).status_code == 404


def test_costs_and_margin_are_not_in_the_page(sent: Quote, signed_in: Client) -> None:
    text = signed_in.get(path(sent)).content.decode()
    assert "$750" not in text
    assert "margin" not in text


def test_choosing_shows_the_price_and_keeps_it(sent: Quote, linked: Opening, writing_house: House) -> None:
    client = linked()
    fresh = client.post(path(sent, "price/"), form(sent, "Gutters", option="Good"), headers=HTMX)
    text = fresh.content.decode()
    assert text.count("$1,000") > 1
    assert "$200 less than with everything" in text
    choice = QuoteChoice.objects.get(person=writing_house.cora)
    assert (choice.total, len(choice.unticked)) == (100_000, 1)
    assert "$200 less" in client.get(path(sent)).content.decode(), "it is as they left it"


def test_the_price_without_scripts_is_a_page(sent: Quote, linked: Opening) -> None:
    page = linked().post(path(sent, "price/"), form(sent, "Gutters"))
    assert page.status_code == 200
    assert "<!doctype html>" in page.content.decode()
    assert "$1,500" in page.content.decode()


def test_a_forwarded_link_shows_prices_and_keeps_nothing(sent: Quote, linked: Opening) -> None:
    text = linked(first=False).post(path(sent, "price/"), form(sent, "Gutters"), headers=HTMX).content.decode()
    assert "$200 less" in text
    assert not QuoteChoice.objects.exists()


def test_the_price_of_a_version_that_was_replaced(sent: Quote, linked: Opening, writing_house: House) -> None:
    before = form(sent, "Gutters")
    sent.revise(by=writing_house.rita)
    add_line(sent, writing_house, "Skylight", 64_000)
    sent.send(by=writing_house.rita)
    client = linked()
    answer = client.post(path(sent, "price/"), before, headers=HTMX)
    assert answer["HX-Redirect"] == path(sent), "the page is loaded again, with the new version"
    assert "We have changed this quote" in client.get(path(sent)).content.decode()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("withdrawn", "We have withdrawn this quote"),
        ("declined", "You declined this quote"),
        ("expired", "This quote has expired"),
    ],
)
def test_a_quote_that_is_over_says_so(
    sent: Quote, signed_in: Client, writing_house: House, how: str, words: str
) -> None:
    at = clock.now()
    if how == "withdrawn":
        sent.withdraw(by=writing_house.rita)
    elif how == "declined":
        sent.decline("price", person=writing_house.cora)
    else:
        at += timedelta(days=32)
        signed_in.get(path(sent))
    with clock.at(at):
        if how == "expired":
            PortalDevice.objects.update(expires_at=at + timedelta(days=1))
        text = signed_in.get(path(sent)).content.decode()
    assert words in text
    assert "sign-name" not in text


def test_views_and_time_are_facts(sent: Quote, linked: Opening) -> None:
    client = linked()
    client.get(path(sent, "seen/"))
    client.post(path(sent, "seen/"), {"seconds": "75"})
    view = QuoteView.objects.get()
    assert (view.seconds, view.visits, view.is_first_device, view.gave_code) == (75, 1, True, False)
    assert not view.looks_forwarded


def test_a_second_device_without_a_code_looks_forwarded(sent: Quote, linked: Opening) -> None:
    linked().get(path(sent, "seen/"))
    linked(first=False).get(path(sent, "seen/"))
    assert QuoteView.objects.filter(is_first_device=False).get().looks_forwarded
    assert Event.objects.filter(kind="quote.forwarded").count() == 1


def test_a_device_with_a_code_is_not_forwarded(sent: Quote, signed_in: Client) -> None:
    signed_in.get(path(sent, "seen/"))
    assert not QuoteView.objects.get().looks_forwarded


def test_scanners_are_no_views(sent: Quote, linked: Opening) -> None:
    linked().get(path(sent, "seen/"), headers={"user-agent": "Mozilla/5.0 Googlebot/2.1"})
    assert not QuoteView.objects.exists()
