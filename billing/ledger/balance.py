"""Balances of the ledger: the trial balance, and the check that the books agree with the invoices and payments."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from billing.models import (
    OPEN_STATES,
    BooksCheck,
    Commission,
    CommissionStatement,
    Invoice,
    LedgerAccount,
    LedgerLine,
    Payment,
    StatementState,
)
from billing.models.books_check import AccountSum


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
    """Return the balance of each account and currency, in the order of the accounts.

    The sums of the nightly check, and of the lines since then: it costs the same for any number of lines. Two queries.
    """
    check = BooksCheck.objects.first()
    if check is None:
        return _balances(sum_lines())
    return _balances([*check.account_sums(), *sum_lines(after=check.counted_to)])


def sum_lines(*, after: int = 0, up_to: int | None = None) -> list[AccountSum]:
    """Return the sums of the ledger's lines by account and currency, of those whose ids are within these."""
    lines = LedgerLine.objects.filter(pk__gt=after).order_by()
    if up_to is not None:
        lines = lines.filter(pk__lte=up_to)
    debit = Sum("amount", filter=Q(amount__gt=0), default=0)
    credit = Sum("amount", filter=Q(amount__lt=0), default=0)
    rows = lines.values_list("account", "currency").annotate(debit=debit, credit=credit)
    return [AccountSum(account, currency, int(debit), -int(credit)) for account, currency, debit, credit in rows]


def _balances(sums: Iterable[AccountSum]) -> list[AccountBalance]:
    totals: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in sums:
        totals[one.account, one.currency][0] += one.debit
        totals[one.account, one.currency][1] += one.credit
    order = list(LedgerAccount.values)
    balances = [
        AccountBalance(account, str(LedgerAccount(account).label), currency, debit, credit)
        for (account, currency), (debit, credit) in totals.items()
    ]
    return sorted(balances, key=lambda one: (one.currency, order.index(one.account)))


def count_sums() -> dict[str, Any]:
    """Return what a check keeps of the sums: those of the lines that were there a day ago, at the check before."""
    check = BooksCheck.objects.first()
    counted_to = check.newest_line if check else 0
    newest = LedgerLine.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return {"counted_to": counted_to, "newest_line": newest, "sums": sum_lines(up_to=counted_to)}


def find_differences() -> list[str]:
    """Return what does not add up in the books, a sentence each; empty when all is well.

    Debit and credit are equal in each currency; receivables are what is open on invoices; the customers' credit is what
    is not used of payments and credit notes. All lines are summed, and the sums that the books begin with are compared.
    """
    balances = _balances(sum_lines())
    sums: dict[str, int] = {}
    for one in balances:
        sums[one.currency] = sums.get(one.currency, 0) + one.balance
    differences = [
        _("Debit and credit differ in %(currency)s.") % {"currency": currency}
        for currency, balance in sorted(sums.items())
        if balance
    ]
    if balances != trial_balance():
        differences.append(_("The sums that the books begin with differ from the ledger."))
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
