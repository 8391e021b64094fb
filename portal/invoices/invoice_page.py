"""InvoicePage: what the customer's page of an invoice shows: what is open, where it comes from, and how to pay it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from billing.models import Allocation, InstalmentPlan, Invoice, InvoiceLine, Payment, PaymentPromise
from billing.models.instalment_plan import FIRST_PART, PartOfInvoice, propose_parts
from billing.models.payment_promise import LATEST
from billing.paper.letterhead import payment_reference
from billing.providers.checkouts import payable_amount
from crm.kernel import clock, formats
from crm.platform.organization.configuration import directory
from libs.bank_statements import UnpayableTransfer, transfer_qr
from portal.job.calendar import CustomerCalendar

PAYMENT_ICONS = {"bank": "landmark", "cash": "banknote", "card": "credit-card"}


@dataclass(frozen=True)
class MoneyRow:
    """A row of sums: what it is, more about it, and its amount. `invoice`: id of another invoice that it is about."""

    words: str
    note: str
    amount: str
    invoice: UUID | None = None


@dataclass(frozen=True)
class PaidRow:
    """A payment that came in. `uid`: of its receipt."""

    uid: UUID
    day: str
    words: str
    amount: str
    icon: str


@dataclass(frozen=True)
class BankDetails:
    """Bank details for a transfer as label and value, the reference first, with a QR code for euros."""

    reference: str
    rows: list[tuple[str, str]]
    qr: SafeString


class InvoicePage:
    """An invoice as its customer sees it."""

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = invoice
        self.calendar = CustomerCalendar.of(invoice.job, clock.now())
        self.country = directory().brands[invoice.brand_id].country

    def money(self, minor: int) -> str:
        """Format an amount of this invoice; a minus for what is taken off."""
        amount = formats.money(abs(minor), self.invoice.currency, self.country, self.calendar.language)
        return f"−{amount}" if minor < 0 else amount

    @property
    def open(self) -> str:
        return self.money(self.invoice.open)

    @property
    def due_amount(self) -> int:
        """The amount to pay next, in minor units: the next part that was agreed on, else all that is open."""
        return self.next_part_amount or self.invoice.open

    @property
    def due_money(self) -> str:
        return self.money(self.due_amount)

    @property
    def is_open(self) -> bool:
        return self.invoice.is_owed

    @property
    def settled_words(self) -> str:
        """Return why nothing is to be paid: it is paid, or credited as a whole."""
        if self.invoice.state == Invoice.State.VOID:
            return _("This invoice is credited. You don’t have to pay it.")
        return _("This invoice is paid. Thank you.")

    @property
    def due_words(self) -> str:
        """Until when it is to be paid, or since when it should have been."""
        if self.next_part and self.is_open:
            values = {"amount": self.next_part_money, "day": self.calendar.say(self.next_part.due_on)}
            if self.next_part.due_on < self.calendar.today:
                return _("Of your parts, %(amount)s was due %(day)s.") % values
            return _("Of your parts, please pay %(amount)s by %(day)s.") % values
        due = self.invoice.due_on
        if due is None or not self.is_open:
            return ""
        day = {"day": self.calendar.say(due)}
        if due == self.calendar.today:
            return _("Please pay it today.")
        if due < self.calendar.today:
            return _("It was due %(day)s.") % day
        return _("Please pay it by %(day)s.") % day

    @cached_property
    def promise(self) -> PaymentPromise | None:
        """The promise to pay it that is open."""
        row: PaymentPromise | None = self.invoice.promises.filter(state=PaymentPromise.State.OPEN).first()
        return row

    @property
    def promised_words(self) -> str:
        if self.promise is None:
            return ""
        return self.calendar.say(self.promise.until)

    @cached_property
    def sources(self) -> list[MoneyRow]:
        """Return the amount billed and the payments and credits set against it."""
        invoice = self.invoice
        issued = self.calendar.short(self.calendar.day_of(invoice.issued_at)) if invoice.issued_at else ""
        note = _("%(number)s of %(day)s") % {"number": invoice.number, "day": issued}
        uses = Allocation.objects.filter(invoice=invoice, ended_at=None).select_related("payment", "credit_note")
        return [
            MoneyRow(invoice.title, note, self.money(invoice.total)),
            *(self._use_row(use) for use in uses.order_by("at", "pk")),
        ]

    def _use_row(self, use: Allocation) -> MoneyRow:
        if use.payment:
            day = self.calendar.short(self.calendar.day_of(use.payment.received_at))
            return MoneyRow(use.payment.get_method_display(), day, self.money(-use.amount))
        assert use.credit_note is not None, "an allocation is of a payment or of a credit note"
        return MoneyRow(use.credit_note.title, use.credit_note.number, self.money(-use.amount))

    @cached_property
    def lines(self) -> list[MoneyRow]:
        """The lines of the invoice."""
        return [self._line_row(line) for line in self.invoice.lines.all()]

    def _line_row(self, line: InvoiceLine) -> MoneyRow:
        return MoneyRow(line.name, line.description, self.money(line.amount))

    @cached_property
    def _others(self) -> list[Invoice]:
        """Return the other open invoices of the job, then the credit notes that will be taken off."""
        rows = Invoice.objects.beside(self.invoice).oldest_due_first()
        return sorted(rows, key=lambda row: row.is_credit)

    @cached_property
    def others(self) -> list[MoneyRow]:
        """Other invoices of the job that are open, and credit that will be taken off."""
        return [self._other_row(row) for row in self._others]

    @property
    def others_come_next(self) -> bool:
        """True if the other invoices are due after this one, which is still to be paid."""
        due = self.invoice.due_on
        days = [row.due_on for row in self._others if row.due_on]
        return self.is_open and due is not None and all(day >= due for day in days)

    @property
    def others_total(self) -> str:
        """Return what the other invoices of the job come to; blank for one."""
        if len(self._others) < 2:
            return ""
        return self.money(sum(row.signed_open for row in self._others))

    @property
    def payable_amount(self) -> int:
        """Return the most that can be paid at once, in minor units: this and what else is open of the job."""
        return payable_amount(self.invoice, self._others)

    @property
    def payable(self) -> str:
        """Return all that is open of the job; blank where it isn't more than this invoice."""
        if self.payable_amount == self.invoice.open:
            return ""
        return self.money(self.payable_amount)

    @property
    def other_numbers(self) -> str:
        """Return the numbers of the other open invoices."""
        return ", ".join(row.number for row in self._others if not row.is_credit)

    def _other_row(self, row: Invoice) -> MoneyRow:
        note = row.number
        if row.is_credit:
            return MoneyRow(row.title, note, self.money(row.signed_open))
        if row.due_on:
            values = {"number": row.number, "day": self.calendar.short(row.due_on)}
            note = _("%(number)s, until %(day)s") % values
            if row.due_on < self.calendar.today:
                note = _("%(number)s, was due %(day)s") % values
        return MoneyRow(row.title, note, self.money(row.open), row.uid)

    @cached_property
    def _payments(self) -> list[Payment]:
        rows = Payment.objects.filter(job_id=self.invoice.job_id, reversed_at=None, currency=self.invoice.currency)
        return list(rows.order_by("-received_at", "-pk"))

    @property
    def paid_total(self) -> str:
        """Return what was paid for the job."""
        return self.money(sum(row.amount for row in self._payments))

    @cached_property
    def payments(self) -> list[PaidRow]:
        """Return the payments of the job, newest first."""
        return [
            PaidRow(
                uid=row.uid,
                day=self.calendar.short(self.calendar.day_of(row.received_at)),
                words=row.get_method_display(),
                amount=self.money(row.amount),
                icon=PAYMENT_ICONS.get(row.method, "circle-check"),
            )
            for row in self._payments
        ]

    @cached_property
    def bank(self) -> BankDetails | None:
        """How to transfer it; None where the brand has no bank account."""
        seller = self.invoice.seller
        iban, account = seller.get("iban", ""), seller.get("account", "")
        if not self.is_open or not (iban or account):
            return None
        to = ", ".join(filter(None, [seller.get("name", ""), seller.get("bank_name", "")]))
        rows = [
            (_("Amount"), self.due_money),
            (_("To"), to),
            ("IBAN", iban),
            ("BIC", seller.get("bic", "") if iban else ""),
            (_("Account"), "" if iban else account),
        ]
        return BankDetails(payment_reference(self.invoice), [row for row in rows if row[1]], self._transfer_code())

    def _transfer_code(self) -> SafeString:
        """Return the QR code that banking apps read; blank where there is none."""
        seller = self.invoice.seller
        try:
            code = transfer_qr(
                name=seller.get("name", ""),
                iban=seller.get("iban", ""),
                bic=seller.get("bic", ""),
                cents=self.due_amount,
                currency=self.invoice.currency,
                reference=payment_reference(self.invoice),
            )
        except UnpayableTransfer:
            return mark_safe("")
        # Drawn by segno of numbers alone.
        return mark_safe(code)  # noqa: S308

    @cached_property
    def parts(self) -> list[PartOfInvoice]:
        """The parts in which it could be paid; none of an amount that is too small to divide."""
        return propose_parts(self.invoice, self.calendar.today + FIRST_PART)

    @property
    def part_rows(self) -> list[tuple[str, str]]:
        return [(self.calendar.say(part.due_on), self.money(part.amount)) for part in self.parts]

    @cached_property
    def agreed_parts(self) -> list[PartOfInvoice]:
        """The parts that were agreed on; none if there is no agreement."""
        plan = InstalmentPlan.find_open(self.invoice)
        return plan.parts() if plan else []

    @property
    def agreed_rows(self) -> list[tuple[str, str, str]]:
        """Day, amount and state of each part that was agreed on."""
        return [
            (self.calendar.say(part.due_on), self.money(part.amount), self._part_state(part))
            for part in self.agreed_parts
        ]

    def _part_state(self, part: PartOfInvoice) -> str:
        if not part.missing:
            return _("Paid")
        if part.missing < part.amount:
            return _("%(amount)s open") % {"amount": self.money(part.missing)}
        if part.due_on < self.calendar.today:
            return _("Overdue")
        return ""

    @property
    def next_part(self) -> PartOfInvoice | None:
        """The first part of which something is missing."""
        return next((part for part in self.agreed_parts if part.missing), None)

    @property
    def next_part_amount(self) -> int:
        """The open amount of the next part, in minor units; 0 without one."""
        return self.next_part.missing if self.next_part else 0

    @property
    def next_part_money(self) -> str:
        return self.money(self.next_part_amount) if self.next_part else ""

    @property
    def offers_part(self) -> bool:
        """True if the next part is less than what is open; the last part is all that is open."""
        return 0 < self.next_part_amount < self.invoice.open

    @property
    def usual_choice(self) -> str:
        """How much is chosen to pay online at first."""
        return "part" if self.offers_part else "open"

    @property
    def first_day(self) -> date:
        """The first day that can be promised."""
        return self.calendar.today

    @property
    def last_day(self) -> date:
        """The last day that can be promised."""
        return self.calendar.today + LATEST
