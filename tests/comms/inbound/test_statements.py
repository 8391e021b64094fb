"""Statements that each further mail of a batch takes. A ratchet: lower the numbers, never raise them."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comms.inbound.delivery import deliver_all
from comms.inbound.files import MailFile
from crm.jobs.creation.job_creation import open_job
from crm.people.models import ContactPoint, Person
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.comms.inbound.conftest import Opened
from tests.comms.inbound.mails import SUPPORT, raw_mail

# More than are given out at once (tickets/matching/distribution.py).
FEW, MANY = 8, 16


@pytest.fixture
def customers(cast: Cast, opened: Opened) -> list[str]:
    """Addresses of customers with an open lead each."""
    opened(SUPPORT)
    addresses = [f"known{number}@home.example" for number in range(FEW + MANY)]
    with use_tenant(cast.house.tenant):
        for number, address in enumerate(addresses):
            person = Person.objects.create(name=f"Known {number}")
            ContactPoint.objects.create(person=person, kind="email", value=address)
            open_job(title=person.name, person=person, by=None, member=cast.house.rita)
    return addresses


def mail(number: int, address: str, **headers: str) -> MailFile:
    usual = {"From": f"Wanda Writer <{address}>", "Subject": f"Roof {number}", "Message_ID": f"<{number}@home.example>"}
    return MailFile("", raw_mail("The gutter drips again.", **(usual | headers)))


def deliver(cast: Cast, mails: Iterator[MailFile], count: int) -> int:
    """Deliver so many of the mails in one batch; the statements this takes."""
    batch = [next(mails) for _mail in range(count)]
    with CaptureQueriesContext(connection) as asked:
        outcomes = {delivered.outcome for delivered in deliver_all(batch, cast.house.tenant)}
    assert outcomes <= {"ticket", "reply"}
    return len(asked)


def cost_of_one(cast: Cast, mails: list[MailFile]) -> float:
    following = iter(mails)
    few = deliver(cast, following, FEW)
    return (deliver(cast, following, MANY) - few) / (MANY - FEW)


def test_of_a_stranger(cast: Cast, customers: list[str]) -> None:
    mails = [mail(number, f"stranger{number}@home.example") for number in range(FEW + MANY)]
    assert cost_of_one(cast, mails) <= 12


def test_of_a_customer_with_an_open_lead(cast: Cast, customers: list[str]) -> None:
    mails = [mail(number, address, From=f"Known {number} <{address}>") for number, address in enumerate(customers)]
    assert cost_of_one(cast, mails) <= 9


def test_of_an_answer_on_a_ticket(cast: Cast, customers: list[str]) -> None:
    strangers = [f"stranger{number}@home.example" for number in range(FEW + MANY)]
    first = [mail(number, address) for number, address in enumerate(strangers)]
    deliver(cast, iter(first), len(first))
    answers = [
        mail(100 + number, address, Subject=f"Re: Roof {number}", In_Reply_To=f"<{number}@home.example>")
        for number, address in enumerate(strangers)
    ]
    assert cost_of_one(cast, answers) <= 11
