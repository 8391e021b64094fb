"""Balances of the ledger: the trial balance, and the check that the books agree with the invoices and payments."""

from typing import NamedTuple

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from billing.models import (
    OPEN_STATES,
    Commission,
    CommissionStatement,
    Invoice,
    LedgerAccount,
    LedgerLine,
    Payment,
    StatementState,
)


class AccountBalance(NamedTuple):
    """An account with its sums in one currency, in minor units; credits are above zero here."""

    account: str
    label: str
    currency: str
    debit: int
    credit: int

    @property
    def balance(self) -> int:
        return self.debit - self.credit


def trial_balance() -> list[AccountBalance]:
    """Return the balance of each account and currency, in the order of the accounts."""
    rows = LedgerLine.objects.values("account", "currency").annotate(
        debit=Sum("amount", filter=Q(amount__gt=0), default=0), credit=Sum("amount", filter=Q(amount__lt=0), default=0)
    )
    order = list(LedgerAccount.values)
    balances = [
        AccountBalance(
            row["account"], str(LedgerAccount(row["account"]).label), row["currency"], row["debit"], -row["credit"]
        )
        for row in rows
    ]
    return sorted(balances, key=lambda one: (one.currency, order.index(one.account)))


def find_differences() -> list[str]:
    """Return what does not add up in the books, a sentence each; empty when all is well.

    Debit and credit are equal in each currency; receivables are what is open on invoices; the customers' credit is what
    is not used of payments and credit notes.
    """
    balances = trial_balance()
    sums: dict[str, int] = {}
    for one in balances:
        sums[one.currency] = sums.get(one.currency, 0) + one.balance
    differences = [
        _("Debit and credit differ in %(currency)s.") % {"currency": currency}
        for currency, balance in sorted(sums.items())
        if balance
    ]
    by_account = {(one.account, one.currency): one.balance for one in balances}
    expected = _expected_balances()
    for key in sorted(by_account.keys() | expected.keys()):
        account, currency = key
        if account not in (LedgerAccount.RECEIVABLE, LedgerAccount.CREDIT, LedgerAccount.PARTNERS):
            continue
        if by_account.get(key, 0) != expected.get(key, 0):
            words = {"account": LedgerAccount(account).label, "currency": currency}
            differences.append(_("%(account)s in %(currency)s differ from the invoices and payments.") % words)
    return differences


def _expected_balances() -> dict[tuple[str, str], int]:
    """Return what receivables, credit and commissions to pay must be, by the rows themselves."""
    expected: dict[tuple[str, str], int] = {}
    owed = Invoice.objects.unpaid().order_by().values("currency").annotate(sum=Sum("open"))
    for row in owed:
        expected[LedgerAccount.RECEIVABLE, row["currency"]] = row["sum"]
    notes = Invoice.objects.filter(kind=Invoice.Kind.CREDIT, state__in=OPEN_STATES).order_by()
    payments = Payment.objects.with_credit().order_by()
    for row in notes.values("currency").annotate(sum=Sum("open")):
        expected[LedgerAccount.CREDIT, row["currency"]] = -row["sum"]
    for row in payments.values("currency").annotate(sum=Sum("free")):
        key = (LedgerAccount.CREDIT, row["currency"])
        expected[key] = expected.get(key, 0) - row["sum"]
    return expected | _commissions_to_pay()


def _commissions_to_pay() -> dict[tuple[str, str], int]:
    """Return what partners earned and was not paid out, by currency: what the ledger owes them."""
    owed: dict[tuple[str, str], int] = {}
    for row in Commission.objects.order_by().values("currency").annotate(sum=Sum("amount")):
        owed[LedgerAccount.PARTNERS, row["currency"]] = -row["sum"]
    paid = CommissionStatement.objects.filter(state=StatementState.PAID).order_by()
    for row in paid.values("currency").annotate(sum=Sum("total")):
        key = (LedgerAccount.PARTNERS, row["currency"])
        owed[key] = owed.get(key, 0) + row["sum"]
    return owed
