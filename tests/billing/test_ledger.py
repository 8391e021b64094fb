"""The ledger: append-only, each entry sums to zero, and the nightly check finds what does not add up."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from billing.ledger.balance import _balances, find_differences, sum_lines, trial_balance
from billing.ledger.books_health import check_books
from billing.models import BooksCheck, EntryKind, Invoice, LedgerAccount, LedgerEntry, LedgerLine, Payment, Refund
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from tests.cast import House, load_cast


def check_constraints() -> None:
    """Check now what Postgres checks at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate; set constraints all deferred")


def test_an_entry_that_does_not_sum_to_zero_is_no_entry(house: House) -> None:
    with pytest.raises(ValueError, match="sums to zero"):
        LedgerEntry.post(EntryKind.PAYMENT, [(LedgerAccount.BANK, 5)], "USD", brand_id=Brand.objects.get().pk)


@pytest.mark.parametrize("amounts", [[], [("USD", 5)], [("USD", 5), ("EUR", -5)]])
def test_the_database_refuses_an_entry_that_does_not_sum_to_zero(house: House, amounts: list[tuple[str, int]]) -> None:

    def write() -> None:
        entry = LedgerEntry.objects.create(kind="payment", brand=Brand.objects.get())
        LedgerLine.objects.bulk_create(
            LedgerLine(entry=entry, account="bank", amount=amount, currency=currency) for currency, amount in amounts
        )
        check_constraints()

    with pytest.raises(DatabaseError, match="ledger entry"), transaction.atomic():
        write()


@pytest.mark.servers
def test_it_is_refused_at_the_commit(transactional_db: None) -> None:
    house = load_cast().house

    def write() -> None:
        with use_tenant(house.tenant):
            entry = LedgerEntry.objects.create(kind="payment", brand=Brand.objects.get())
            LedgerLine.objects.create(entry=entry, account="bank", amount=5, currency="USD")

    with pytest.raises(DatabaseError, match="does not sum to zero"):
        write()


def test_nothing_in_the_ledger_is_changed_or_deleted(house: House, bill: Callable[..., Invoice]) -> None:
    bill(10_000)
    for model in (LedgerEntry, LedgerLine):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model.objects.update(tenant_id=house.tenant.pk)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_the_trial_balance_adds_up(house: House, bill: Callable[..., Invoice], pay: Callable[..., Payment]) -> None:
    invoice = bill(10_000, tax_rate=70_000)
    payment = pay(12_000, method="card", fee=348)
    Refund.request(invoice, 1_000, "back", "Too much", by=house.sam, payment=payment).approve(by=house.mona)
    pay(500, currency="EUR")
    check_constraints()
    balances = {(one.account, one.currency): one.balance for one in trial_balance()}
    assert balances == {
        ("receivable", "USD"): 0,
        ("credit", "USD"): -1_300,
        ("sales", "USD"): -10_000,
        ("tax", "USD"): -700,
        ("cards", "USD"): 11_652,
        ("fees", "USD"): 348,
        ("bank", "EUR"): 500,
        ("credit", "EUR"): -500,
    }
    assert find_differences() == []


def test_a_row_that_disagrees_with_the_books_is_found(house: House, bill: Callable[..., Invoice]) -> None:
    invoice = bill(10_000)
    Invoice.objects.filter(pk=invoice.pk).update(paid=1, open=9_999, state="partly")
    assert find_differences() == ["Receivables in USD differ from the invoices and payments."]


def test_the_books_begin_with_the_sums_of_the_check(
    house: House, bill: Callable[..., Invoice], pay: Callable[..., Payment], django_assert_num_queries: Any
) -> None:
    bill(10_000)
    for _night in range(2):
        check_books([0])
    check = BooksCheck.objects.get()
    assert check.counted_to == LedgerLine.objects.order_by("-pk")[0].pk
    bill(5_000)
    pay(500, currency="EUR")
    assert trial_balance() == _balances(sum_lines())
    with django_assert_num_queries(2):
        trial_balance()
    check_books([0])
    assert find_differences() == []


def test_sums_that_differ_from_the_ledger_are_found(house: House, bill: Callable[..., Invoice]) -> None:
    bill(10_000)
    BooksCheck.note([], sums=[["bank", "USD", 5, 0]])
    assert "The sums that the books begin with differ from the ledger." in find_differences()
    for _night in range(2):
        check_books([0])
    assert find_differences() == []
