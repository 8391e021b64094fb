"""LedgerEntry and LedgerLine: double-entry bookkeeping of what was billed, paid, credited and paid back.

Append-only: the app may insert and select. A deferred trigger refuses an entry whose lines do not sum to zero in each
currency (billing/sql/60_billing.sql). A mistake is corrected by an entry of its own.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.models import Brand, Member, TenantForeignKey, TenantModel


class LedgerAccount(models.TextChoices):
    RECEIVABLE = "receivable", _("Receivables")
    CREDIT = "credit", _("Credit of customers")
    SALES = "sales", _("Sales")
    GOODWILL = "goodwill", _("Goodwill")
    TAX = "tax", _("Tax to pay")
    BANK = "bank", _("Bank")
    CASH = "cash", _("Cash")
    CHECKS = "checks", pgettext_lazy("payment", "Checks")
    CARDS = "cards", _("Cards and online payments")
    FEES = "fees", _("Payment fees")
    COMMISSIONS = "commission", _("Commissions")
    PARTNERS = "partners", _("Commissions to pay")


class EntryKind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit", _("Credit note")
    PAYMENT = "payment", _("Payment")
    ALLOCATION = "use", _("Payment used for an invoice")
    REVERSAL = "reversal", _("Payment reversed")
    REFUND = "refund", _("Paid back")
    FEE = "fee", _("Fee of a payment provider")
    TRANSFER = "transfer", _("Payout of a payment provider")
    COMMISSION = "partner", _("Commission")
    PAYOUT = "payout", _("Commission paid out")


# An account with its amount in minor units: positive is debit, negative is credit.
Posting = tuple[LedgerAccount, int]


class EntryDraft(NamedTuple):
    """An entry that is not written yet. `about`: its columns, such as `invoice_id`."""

    kind: EntryKind
    postings: Sequence[Posting]
    currency: str
    about: dict[str, Any]


class LedgerEntry(TenantModel):
    """One business fact in the books."""

    app_may = "select, insert"

    kind = models.CharField(max_length=8, choices=EntryKind)
    at = models.DateTimeField(default=clock.now)
    brand = TenantForeignKey(Brand, models.PROTECT, related_name="+")
    job = TenantForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="+")
    invoice = TenantForeignKey("billing.Invoice", models.PROTECT, null=True, blank=True, related_name="+")
    payment = TenantForeignKey("billing.Payment", models.PROTECT, null=True, blank=True, related_name="+")
    refund = TenantForeignKey("billing.Refund", models.PROTECT, null=True, blank=True, related_name="+")
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "ledger entries"
        indexes = [
            models.Index(fields=["tenant", "job", "at", "id"], name="ledger_of_job"),
            models.Index(fields=["tenant", "at", "id"], name="ledger_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"

    @classmethod
    def post(cls, kind: EntryKind, postings: Sequence[Posting], currency: str, **about: Any) -> "LedgerEntry":
        """Write an entry with its lines; postings of nothing are left out. Raises ValueError unless they sum to zero.

        Must be inside the transaction of the fact that it records.
        """
        _check_balance(postings)
        entry: LedgerEntry = cls.objects.create(kind=kind, **about)
        LedgerLine.objects.bulk_create(LedgerLine.build_all(entry, postings, currency))
        return entry

    @classmethod
    def post_all(cls, drafts: "Sequence[EntryDraft]", *, by: Member | None) -> None:
        """Write many entries, as `post` writes one."""
        for draft in drafts:
            _check_balance(draft.postings)
        entries = [cls(kind=draft.kind, by=by, **draft.about) for draft in drafts]
        bulk_write.create_all(entries)
        lines = []
        for entry, draft in zip(entries, drafts, strict=True):
            lines += LedgerLine.build_all(entry, draft.postings, draft.currency)
        bulk_write.create_all(lines)


def _check_balance(postings: Sequence[Posting]) -> None:
    if sum(amount for _account, amount in postings):
        raise ValueError("an entry of the ledger sums to zero")


class LedgerLine(TenantModel):
    """An account's part of an entry, in minor units: positive is debit, negative is credit."""

    app_may = "select, insert"

    entry = TenantForeignKey(LedgerEntry, models.PROTECT, related_name="lines")
    account = models.CharField(max_length=10, choices=LedgerAccount)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["tenant", "entry"], name="ledger_line_of_entry"),
            # What was written since the last check is summed from the index itself.
            models.Index(fields=["tenant", "id"], include=["account", "currency", "amount"], name="ledger_line_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount} {self.currency}"

    @classmethod
    def build_all(cls, entry: LedgerEntry, postings: Sequence[Posting], currency: str) -> "list[LedgerLine]":
        """Return the lines of an entry, unsaved; postings of nothing are left out."""
        return [
            cls(entry=entry, account=account, amount=amount, currency=currency)
            for account, amount in postings
            if amount
        ]
