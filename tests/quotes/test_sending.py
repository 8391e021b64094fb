"""Sending a quote: only where the customer has a page; the message has the link, and it is the customer's move."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comms.models import Channel, Message
from crm.jobs.models import Job, Side
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.models import Event
from quotes.editor import send_view
from quotes.models import Quote, QuoteState, QuoteTerms
from quotes.sending import customer_page, messages
from quotes.sending.customer_page import CustomerQuotePage
from quotes.sending.messages import reachable_points, say_sorry, send_decisions, send_quote
from tests.cast import House
from tests.quotes.offers import choice_of, signature_of

LINK = "https://my.example/quote"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> CustomerQuotePage:
    """A customer's page, as the portal registers it."""
    entry = CustomerQuotePage(lambda quote, person, point: LINK)
    for module in (customer_page, messages):
        monkeypatch.setattr(module, "customer_page", lambda: entry)
    monkeypatch.setattr("quotes.editor.views.customer_page", lambda: entry)
    return entry


@pytest.fixture
def channel(house: House) -> Channel:
    row: Channel = Channel.create(
        by=None,
        brand=house.job.brand,
        medium="email",
        role="sales",
        provider="embedded",
        address="sales@suncoast.example",
    )
    return row


def point_of(house: House) -> ContactPoint:
    point: ContactPoint = ContactPoint.objects.get(person=house.cora, kind="email")
    return point


def test_nothing_is_sent_without_a_page(quote: Quote, house: House, channel: Channel, monkeypatch: Any) -> None:
    monkeypatch.setattr(messages, "customer_page", lambda: None)
    with pytest.raises(Refused, match="can’t open"):
        send_quote(quote, point_of(house), by=house.rita)
    assert not Message.objects.exists()


def test_the_message_has_the_link_and_it_is_their_move(
    quote: Quote, house: House, channel: Channel, page: CustomerQuotePage
) -> None:
    message = send_quote(quote, point_of(house), by=house.rita)
    assert LINK in f"{message.text} {message.html}"
    assert "$1,700" in message.text
    assert quote.state == QuoteState.SENT
    assert Job.objects.get(pk=house.job.pk).side == Side.CUSTOMER


def test_without_access_nothing_is_sent(quote: Quote, house: House, channel: Channel, monkeypatch: Any) -> None:
    monkeypatch.setattr(messages, "customer_page", lambda: CustomerQuotePage(lambda *of: ""))
    with pytest.raises(Refused, match="no access"):
        send_quote(quote, point_of(house), by=house.rita)
    assert not Message.objects.exists()
    assert Quote.objects.get(pk=quote.pk).state == QuoteState.DRAFT


def test_only_reachable_addresses_are_offered(quote: Quote, house: House, channel: Channel) -> None:
    assert [point.kind for point in reachable_points(quote)] == ["email"]


def test_it_is_sent_from_its_page(quote: Quote, house: House, channel: Channel, page: CustomerQuotePage) -> None:
    client = Client()
    client.force_login(house.rita.user)
    url = f"/{house.tenant.slug}/quotes/{quote.uid}/"
    assert "Send version 1" in client.get(url).content.decode()
    assert point_of(house).value in client.get(f"{url}send/").content.decode()
    client.post(f"{url}send/", {"point": point_of(house).pk, "version": quote.version})
    quote.refresh_from_db()
    assert quote.state == QuoteState.SENT
    assert send_view.reachable_points is reachable_points


def test_a_colleague_can_look_as_the_customer(quote: Quote, house: House) -> None:
    client = Client()
    client.force_login(house.mona.user)
    page = client.get(f"/{house.tenant.slug}/quotes/{quote.uid}/").content.decode()
    assert f'action="/{house.tenant.slug}/portal/quotes/{quote.uid}/look/"' in page
    assert "As Cora sees it" in page


def test_an_address_of_somebody_else_is_refused(
    quote: Quote, house: House, channel: Channel, page: CustomerQuotePage
) -> None:
    client = Client()
    client.force_login(house.rita.user)
    client.post(f"/{house.tenant.slug}/quotes/{quote.uid}/send/", {"point": "0"})
    assert not Message.objects.exists()


def test_who_declines_is_thanked_once(sent: Quote, house: House, channel: Channel) -> None:
    sent.decline("price", person=house.cora)
    events = list(Event.objects.filter(kind="quote.declined"))
    say_sorry(events)
    say_sorry(events)
    message = Message.objects.get()
    assert "sorry" in message.text
    assert message.purpose == "service"


def test_not_where_a_member_noted_it(sent: Quote, house: House, channel: Channel) -> None:
    sent.decline("price", by=house.rita)
    say_sorry(list(Event.objects.filter(kind="quote.declined")))
    assert not Message.objects.exists()


def test_not_weeks_after_it_was_declined(sent: Quote, house: House, channel: Channel) -> None:
    sent.decline("price", person=house.cora)
    with clock.at(clock.now() + timedelta(days=21)):
        say_sorry(list(Event.objects.filter(kind="quote.declined")))
    assert not Message.objects.exists()


def decide(sent: Quote, house: House, *, reason: str = "") -> Message:
    """Have Cora sign and Mona decide, tell the customer twice, and return what they are sent."""
    QuoteTerms.set_terms(house.job.brand, by=house.ada, review_when="always")
    sent.accept(choice_of(sent), signature_of(house.cora))
    if reason:
        sent.return_contract(reason, by=house.mona)
    else:
        sent.approve_contract(by=house.mona)
    events = list(Event.objects.filter(kind__startswith="quote.contract_"))
    for _time in range(2):
        send_decisions(events)
    message: Message = Message.objects.get()
    return message


def test_the_customer_is_told_that_the_contract_is_agreed(
    sent: Quote, house: House, channel: Channel, page: CustomerQuotePage
) -> None:
    message = decide(sent, house)
    assert (message.purpose, "we confirm it" in message.text, LINK in message.text) == ("transactional", True, True)


def test_the_customer_is_told_why_the_contract_is_returned(
    sent: Quote, house: House, channel: Channel, page: CustomerQuotePage
) -> None:
    message = decide(sent, house, reason="The deck needs more boards")
    assert "The deck needs more boards. Your signature no longer binds you" in message.text
