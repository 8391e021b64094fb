"""Invoice: an invoice or credit note of a job, and its verbs. Once issued, it is corrected by a credit note only."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from billing.models.billing_terms import terms_of
from billing.models.invoice_line import InvoiceLine, LineDraft, sums_of
from billing.models.invoice_row import InvoiceRow
from billing.models.invoice_state import InvoiceKind, InvoiceState
from billing.models.issuing import issue_drafts
from billing.models.payment_plan import PaymentPart
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.amounts import line_total
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import MAX_MINOR
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member
from crm.platform.work import due
from quotes.sums import LineSums, TaxMode, TaxRounding

# The reminders of an invoice (billing/dunning/ladder.py).
DUNNING = "billing.dunning"


class Invoice(InvoiceRow):
    """An invoice or credit note."""

    class Meta(InvoiceRow.Meta):
        pass

    @classmethod
    @transaction.atomic
    def draft(
        cls,
        job: Job,
        kind: str,
        title: str,
        lines: Sequence[LineDraft],
        *,
        by: Member | None,
        part: PaymentPart | None = None,
        origin: str = "",
        currency: str = "",
        tax_mode: str = TaxMode.ADDED,
        rounding: str = TaxRounding.TOTAL,
        due_days: int | None = None,
        **columns: Any,
    ) -> "Invoice":
        """Create a draft. `origin`: what it is made of; again it returns the invoice made first.

        Raises Refused without a line, a title, or an amount above zero, or for too large an amount.
        """
        if origin and (row := cls.objects.filter(origin=origin).first()) is not None:
            return row
        if due_days is None:
            due_days = terms_of(job.brand_id).due_days
        row = cls(
            job=job,
            person_id=job.person_id,
            brand_id=job.brand_id,
            kind=InvoiceKind(kind),
            title=title,
            part=part,
            origin=origin,
            currency=currency or job.currency,
            tax_mode=tax_mode,
            rounding=rounding,
            due_days=due_days,
            created_by=by,
            **columns,
        )
        cls.add_drafts([(row, lines)], by=by)
        row.refresh_from_db(fields=["uid"])
        return row

    @classmethod
    @transaction.atomic
    def add_drafts(cls, drafts: "Sequence[tuple[Invoice, Sequence[LineDraft]]]", *, by: Member | None) -> None:
        """Create drafts, given unsaved with their lines. Raises Refused as `draft` does."""
        for row, lines in drafts:
            row.title = _check_title(row.title)
            row._set_sums(_check_lines(lines, row.tax_mode, row.rounding))
        rows = [row for row, _lines in drafts]
        bulk_write.create_all(rows)
        bulk_write.create_all([line for row, lines in drafts for line in InvoiceLine.build_all(row, lines)])
        events.record_all([row._drafted_event() for row in rows], by=by)

    @transaction.atomic
    def edit(
        self, title: str, lines: Sequence[LineDraft], *, by: Member | None, note: str = "", due_days: int = 14
    ) -> None:
        """Change a draft. Raises Refused once it is issued, or as `draft` does."""
        self.lock()
        self._expect_draft()
        self._set_sums(_check_lines(lines, self.tax_mode, self.rounding))
        self.title = _check_title(title)
        self.note = note.strip()[:1000]
        self.due_days = due_days
        InvoiceLine.write_all(self, list(lines))
        self._save("title", "note", "due_days", *self._SUMS)
        self._record("invoice.edited", by, {"total": self.total})

    @transaction.atomic
    def discard(self, *, by: Member | None) -> None:
        """Delete a draft. Raises Refused once it is issued."""
        self.lock()
        self._expect_draft()
        self._record("invoice.discarded", by, {"total": self.total})
        self.delete()

    @transaction.atomic
    def issue(self, *, by: Member | None) -> None:
        """Issue it: it gets its number, is due, and is entered in the ledger. Idempotent."""
        self.lock()
        if not self.is_draft:
            return
        issue_drafts([self], by=by)

    def add_paid(self, amount: int, *, is_void: bool, by: Member | None) -> None:
        """Count an amount as paid, or below zero as not paid after all. Its row is locked.

        Called by what uses payments and credit notes for it, which enter the ledger themselves.
        """
        self.paid += amount
        self.open = self.total - self.paid
        was_settled = self.state in (InvoiceState.PAID, InvoiceState.VOID)
        if self.open == 0:
            self.state = InvoiceState.VOID if is_void else InvoiceState.PAID
            self.paid_at = clock.now()
        elif self.paid:
            self.state = InvoiceState.PARTLY
        else:
            self.state = InvoiceState.ISSUED
        if self.open:
            self.paid_at = None
        self._save("paid", "open", "state", "paid_at")
        if self.is_credit or was_settled == (self.open == 0):
            return
        if was_settled:
            self._record("invoice.reopened", by, {"open": self.open, "currency": self.currency})
        else:
            facts = {"kind": self.kind, "total": self.total, "currency": self.currency, "void": is_void}
            self._record("invoice.paid", by, facts | {"all": self._is_last_of_job()})

    @transaction.atomic
    def dispute(self, words: str, *, by: Member | None) -> None:
        """Note that the customer disputes it; reminders stop. Idempotent. Raises Refused unless it is owed."""
        self.lock()
        if self.disputed_at is not None:
            return
        if not self.is_owed:
            raise Refused(gettext("Nothing is open on it."))
        if not words.strip():
            raise Refused(gettext("Enter what the customer disputes."))
        self.disputed_at = clock.now()
        self.dispute_words = " ".join(words.split())[:500]
        self._save("disputed_at", "dispute_words")
        self._record("invoice.disputed", by, {})

    @transaction.atomic
    def settle_dispute(self, *, by: Member | None) -> None:
        """Note that the dispute is settled; reminders go on tomorrow if something is open. Idempotent."""
        self.lock()
        if self.disputed_at is None:
            return
        self.disputed_at = None
        self._save("disputed_at")
        if self.is_owed:
            due.schedule(DUNNING, self.pk, clock.now() + timedelta(days=1))
        self._record("invoice.dispute_settled", by, {})

    # How it is done

    def _drafted_event(self) -> EventDraft:
        data = {"kind": self.kind, "total": self.total, "currency": self.currency}
        return EventDraft("invoice.drafted", self, data, self.job_id)

    _SUMS = ("net", "tax", "total", "taxes", "open")

    def _set_sums(self, sums: LineSums) -> None:
        self.net = sums.net
        self.tax = sums.tax
        self.total = sums.total
        self.open = sums.total
        self.taxes = [{"rate": one.rate, "net": one.net, "tax": one.tax} for one in sums.taxes]

    def _is_last_of_job(self) -> bool:
        """True if nothing else of the job is owed, and its plan has no part left to bill."""
        of_job = type(self).objects.filter(job_id=self.job_id).exclude(pk=self.pk)
        unbilled = PaymentPart.objects.filter(plan_id=self.job_id, billed_at=None)
        return not of_job.unpaid().exists() and not unbilled.exists()

    def _expect_draft(self) -> None:
        if not self.is_draft:
            raise Refused(gettext("It is issued. Correct it with a credit note."))


def _check_lines(lines: Sequence[LineDraft], tax_mode: str, rounding: str) -> LineSums:
    if not lines:
        raise Refused(gettext("Add at least one line."))
    if any(not line.name.strip() for line in lines):
        raise Refused(gettext("Enter what each line is for."))
    for line in lines:
        if abs(line_total(line.quantity, line.unit_price)) > MAX_MINOR:
            words = gettext("“%(name)s” comes to too large an amount. Check quantity and price.")
            raise Refused(words % {"name": line.name})
    sums = sums_of(list(lines), tax_mode, rounding)
    if sums.total <= 0:
        raise Refused(gettext("The total must be more than nothing."))
    if sums.total > MAX_MINOR:
        raise Refused(gettext("The invoice comes to too large an amount. Check quantities and prices."))
    return sums


def _check_title(title: str) -> str:
    title = " ".join(title.split())[:120]
    if not title:
        raise Refused(gettext("Enter what it is for."))
    return title
