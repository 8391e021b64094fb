"""What billing keeps of a customer who is erased, and for how long it keeps raw bytes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from billing.bank.importing import take_file
from billing.erasure import DATA
from billing.models import BankEntry, BankFile, Invoice, PaymentAttempt, ProviderAccount, ProviderEvent
from billing.retention import FORGET, forget
from crm.kernel import clock
from crm.people.erasure import ErasureSubject
from crm.platform.models import Due
from tests.billing.bank.test_bank import line
from tests.billing.conftest import NOON
from tests.cast import House
from tests.libs.bank_statements.files import camt

[BILLING] = DATA


@pytest.fixture
def invoice(bill: Callable[..., Invoice]) -> Invoice:
    return bill(100_00, currency="EUR")


@pytest.fixture
def account(house: House) -> ProviderAccount:
    return ProviderAccount.connect(house.job.brand, "demo", {"key": "x"}, by=house.ada)


def erase(house: House) -> None:
    BILLING.erase(ErasureSubject(people=frozenset({house.cora.pk}), values=(), name="–", by=house.ada))


def event_of(account: ProviderAccount, key: str, body: bytes, state: str = "done") -> ProviderEvent:
    event: ProviderEvent = ProviderEvent.objects.create(account=account, key=key, body=body, state=state)
    return event


def bodies() -> dict[str, bytes]:
    return {key: bytes(body) for key, body in ProviderEvent.objects.values_list("key", "body")}


def test_bank_lines_of_the_customer_are_blanked(house: House, invoice: Invoice) -> None:
    take_file(camt(line(invoice.number, name="Cora"), line("Rent", "5.00", ref="B-2")), "nov.xml", by=house.sam)
    erase(house)
    entries = dict(BankEntry.objects.values_list("state", "counterparty"))
    assert (entries, bytes(BankFile.objects.get().content)) == ({"matched": "", "waiting": "Somebody"}, b"")


def test_webhooks_about_the_customer_are_blanked(house: House, invoice: Invoice, account: ProviderAccount) -> None:
    attempt = PaymentAttempt.objects.create(account=account, invoice=invoice, job=house.job, amount=1, currency="EUR")
    attempt.refresh_from_db()
    event_of(account, "theirs", f"cora@example.com {attempt.uid}".encode())
    event_of(account, "another", b"carl@example.com")
    erase(house)
    assert bodies() == {"theirs": b"", "another": b"carl@example.com"}


def test_raw_bytes_are_deleted_once_they_were_read(house: House, account: ProviderAccount) -> None:
    take_file(camt(line("Rent")), "nov.xml", by=house.sam)
    event_of(account, "read", b"cora@example.com")
    event_of(account, "parked", b"cora@example.com", "parked")
    with clock.at(NOON + timedelta(days=31)):
        forget([])
    assert bodies() == {"read": b"", "parked": b"cora@example.com"}
    assert bytes(BankFile.objects.get().content) == b""
    assert Due.objects.filter(kind=FORGET).exists()
