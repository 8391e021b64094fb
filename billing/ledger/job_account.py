"""A job's account: what was asked and what was paid or credited, line by line with the balance."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from billing.models import EntryKind, LedgerAccount, LedgerEntry, LedgerLine
from crm.jobs.models import Job
from crm.kernel import formats
from crm.web.reader import Reader

# Facts that change what the customer owes or has as credit. Using a payment for an invoice moves money between both.
SHOWN = (EntryKind.INVOICE, EntryKind.CREDIT_NOTE, EntryKind.PAYMENT, EntryKind.REVERSAL, EntryKind.REFUND)


class AccountLine(NamedTuple):
    """A line of a job's account. `balance`: what the customer owes after it; below zero it is credit."""

    words: str
    day: str
    asked: str
    paid: str
    balance: str


class JobAccount(NamedTuple):
    """The lines of a job's account, the oldest first, and their sums up to today."""

    lines: list[AccountLine]
    total: AccountLine


def job_account(job: Job, currency: str, reader: Reader) -> JobAccount:
    """Return a job's account in one currency."""
    entries = LedgerEntry.objects.filter(job=job, kind__in=SHOWN).select_related("invoice", "payment", "refund")
    amounts = _customer_amounts(job, currency)
    lines = []
    charged = 0
    balance = 0
    for entry in entries.order_by("at", "pk"):
        amount = amounts.get(entry.pk, 0)
        if not amount:
            continue
        balance += amount
        charged += max(0, amount)
        charge = _plain(max(0, amount), currency, reader)
        credit = _plain(max(0, -amount), currency, reader)
        total = formats.money(balance, currency, reader.country, reader.language)
        lines.append(AccountLine(entry_words(entry), reader.day(entry.at), charge, credit, total))
    charged_words = formats.money(charged, currency, reader.country, reader.language)
    paid = formats.money(charged - balance, currency, reader.country, reader.language)
    total = formats.money(balance, currency, reader.country, reader.language)
    return JobAccount(lines, AccountLine(_("Today"), reader.long_day(reader.now), charged_words, paid, total))


def _customer_amounts(job: Job, currency: str) -> dict[int, int]:
    """Return by entry how it changes what the customer owes."""
    amounts: dict[int, int] = {}
    rows = LedgerLine.objects.filter(
        entry__in=LedgerEntry.objects.filter(job=job, kind__in=SHOWN).values("pk"),
        account__in=(LedgerAccount.RECEIVABLE, LedgerAccount.CREDIT),
        currency=currency,
    )
    for entry_id, amount in rows.values_list("entry_id", "amount"):
        amounts[entry_id] = amounts.get(entry_id, 0) + amount
    return amounts


def _plain(minor: int, currency: str, reader: Reader) -> str:
    return formats.money(minor, currency, reader.country, reader.language) if minor else ""


def entry_words(entry: LedgerEntry) -> str:
    """Return what an entry is about: "INV-2026-0031, Deposit", "Bank transfer"."""
    if entry.kind in (EntryKind.INVOICE, EntryKind.CREDIT_NOTE) and entry.invoice:
        return f"{entry.invoice.number}, {entry.invoice.title}"
    if entry.kind == EntryKind.REVERSAL and entry.payment:
        return _("Reversed: %(method)s") % {"method": entry.payment.get_method_display()}
    if entry.kind == EntryKind.REFUND:
        return _("Paid back")
    if entry.payment:
        details = entry.payment.details or entry.payment.reference
        method = entry.payment.get_method_display()
        return f"{method}, {details}" if details else str(method)
    return str(entry.get_kind_display())
