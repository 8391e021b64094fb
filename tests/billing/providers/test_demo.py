"""The built-in payment page plays the provider."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import checks
from django.test import Client

from billing.apps import real_payments
from billing.models import Invoice, Payment, PaymentAttempt, ProviderEvent
from billing.providers import links
from billing.providers.checkouts import payment_ways, start_payment
from billing.providers.events import read_event
from billing.providers.settling import check_attempt
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Brand
from tests.billing.conftest import NOON
from tests.billing.providers.conftest import RETURN, Connect
from tests.cast import House

Start = Callable[..., PaymentAttempt]


@pytest.fixture
def invoice(connect: Connect, bill: Callable[..., Invoice]) -> Invoice:
    connect("demo")
    return bill(100_00)


def path_of(url: str) -> str:
    return url[url.index("/public") :]


def play(attempt: PaymentAttempt, act: str, capture: Any) -> Any:
    """Press a button of the payment page, and have a worker read what it sends."""
    with capture(execute=True):
        page = Client().post(path_of(attempt.checkout_url), {"act": act})
    for event in ProviderEvent.objects.filter(state="new"):
        read_event(attempt.tenant_id, event.pk)
    attempt.refresh_from_db()
    attempt.invoice.refresh_from_db()
    return page


def test_paying_pays_the_invoice(invoice: Invoice, start: Start, django_capture_on_commit_callbacks: Any) -> None:
    page = play(attempt := start(invoice), "pay", django_capture_on_commit_callbacks)
    assert page.status_code == 200
    assert (attempt.state, attempt.invoice.open) == ("paid", 0)
    assert attempt.payment.provider == "demo"


def test_a_part_can_be_paid(invoice: Invoice, start: Start, django_capture_on_commit_callbacks: Any) -> None:
    play(attempt := start(invoice, 40_00), "pay", django_capture_on_commit_callbacks)
    assert attempt.invoice.open == 60_00


def test_a_refused_card_pays_nothing(invoice: Invoice, start: Start, django_capture_on_commit_callbacks: Any) -> None:
    play(attempt := start(invoice), "refuse", django_capture_on_commit_callbacks)
    assert (attempt.state, attempt.invoice.open) == ("failed", 100_00)


def test_a_lost_webhook_is_found_by_asking(
    invoice: Invoice, start: Start, django_capture_on_commit_callbacks: Any
) -> None:
    play(attempt := start(invoice), "silent", django_capture_on_commit_callbacks)
    assert attempt.state == "open"
    check_attempt(attempt.tenant_id, attempt.pk)
    check_attempt(attempt.tenant_id, attempt.pk)
    invoice.refresh_from_db()
    assert (invoice.open, Payment.objects.count()) == (0, 1)


def test_what_is_never_paid_expires(invoice: Invoice, start: Start) -> None:
    attempt = start(invoice)
    with clock.at(NOON + timedelta(days=8)):
        check_attempt(attempt.tenant_id, attempt.pk)
    attempt.refresh_from_db()
    assert attempt.state == "expired"


def test_a_second_tap_continues_the_first(invoice: Invoice) -> None:
    way = payment_ways(invoice)[0]
    urls = {start_payment(invoice, 100_00, way, RETURN) for _tap in range(2)}
    assert (len(urls), PaymentAttempt.objects.count()) == (1, 1)


def test_no_more_than_is_open_can_be_paid(invoice: Invoice) -> None:
    with pytest.raises(Refused):
        start_payment(invoice, 100_01, payment_ways(invoice)[0], RETURN)


def test_the_page_between_leads_nobody_to_pay_what_is_paid(
    invoice: Invoice, start: Start, pay: Callable[..., Payment]
) -> None:
    attempt = start(invoice)
    pay(100_00, invoices=[invoice])
    page = Client().get(path_of(links.go_url(attempt)))
    assert (attempt.checkout_url in page.text, "Nothing is open" in page.text) == (False, True)


def test_the_page_between_leads_on(invoice: Invoice, start: Start) -> None:
    attempt = start(invoice)
    page = Client().get(path_of(links.go_url(attempt)))
    assert attempt.checkout_url in page.content.decode()


def test_the_page_between_is_in_the_color_of_the_brand_and_the_payment_page_in_none(
    invoice: Invoice, start: Start
) -> None:
    Brand.objects.update(hue=25)
    attempt = start(invoice)
    assert "plain-main hue-18" in Client().get(path_of(links.go_url(attempt))).text
    assert "plain-main hue-none" in Client().get(path_of(attempt.checkout_url)).text


def test_a_made_up_address_finds_nothing(invoice: Invoice, start: Start) -> None:
    url = path_of(start(invoice).checkout_url)
    assert Client().get(url[:-3] + "xx/").status_code == 404


def test_it_takes_nothing_in_production(invoice: Invoice, start: Start, settings: Any) -> None:
    url = path_of(start(invoice).checkout_url)
    settings.DEMO = settings.DEBUG = False
    assert Client().post(url, {"act": "pay"}).status_code == 404
    assert payment_ways(invoice) == []
    assert real_payments() == []


def test_a_deployment_with_it_is_refused(house: House, settings: Any) -> None:
    settings.DEMO = True
    assert [one.id for one in real_payments()] == ["billing.E001"]
    assert "billing.E001" in {one.id for one in checks.run_checks(include_deployment_checks=True, tags=None)}
