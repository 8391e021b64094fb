"""Asking for money: the pay link, once a day and way, never about what is disputed or paid."""

from collections.abc import Callable

import pytest

from billing.invoices.asking import ask_for_money
from billing.models import Invoice, Payment
from comms.models import Channel, Message
from crm.kernel.refusal import Refused
from portal.models import PortalAccess
from tests.billing.conftest import recorded
from tests.cast import House
from tests.followups.conftest import Browser


@pytest.fixture
def invoice(house: House, bill: Callable[..., Invoice]) -> Invoice:
    """Cora has access to her page, and the house writes by email."""
    PortalAccess.invite(house.cora, by=None)
    address = "office@suncoast.example"
    Channel.create(by=None, brand=house.job.brand, medium="email", role="support", provider="embedded", address=address)
    return bill(10_000)


def test_the_link_is_sent_once_a_day(house: House, sam: Browser, invoice: Invoice) -> None:
    given = {"version": invoice.form_version, "way": "email"}
    sam.post(f"invoices/{invoice.uid}/ask/", given)
    message = Message.objects.get(person=house.cora, subject__contains=invoice.number)
    assert "/open/" in str(message.text) + str(message.html)
    with pytest.raises(Refused, match="today"):
        ask_for_money(invoice, "email", by=house.sam)
    assert recorded("invoice.asked") == 1


def test_who_cannot_be_reached_is_not_asked(house: House, invoice: Invoice) -> None:
    with pytest.raises(Refused, match="reached"):
        ask_for_money(invoice, "phone", by=house.sam)


def test_what_is_disputed_or_paid_is_not_asked_for(house: House, invoice: Invoice, pay: Callable[..., Payment]) -> None:
    invoice.dispute("It leaks", by=house.sam)
    with pytest.raises(Refused, match="disputes"):
        ask_for_money(invoice, "email", by=house.sam)
    pay(10_000)
    with pytest.raises(Refused, match="Nothing is open"):
        ask_for_money(invoice, "email", by=house.sam)
