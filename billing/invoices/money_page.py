"""The money of a job: what was agreed, billed, paid and is open, as its page shows it."""

from collections import defaultdict
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.invoices.lateness import InvoiceStanding, days_late, standing_of
from billing.models import Allocation, Invoice, Payment, PaymentMethod, PaymentPart, PaymentPlan
from crm.jobs.models import Job
from crm.kernel import formats
from crm.kernel.amounts import round_half_up
from crm.web.reader import Reader

METHOD_ICONS = {PaymentMethod.BANK: "landmark", PaymentMethod.CASH: "banknote", PaymentMethod.CHECK: "file-text"}


class MoneyFigure(NamedTuple):
    """A figure at the top of the page, with what explains it."""

    label: str
    value: str
    note: str
    css: str = ""


class BarPiece(NamedTuple):
    """A piece of a bill's bar: the class of its kind, and the classes of its width."""

    css: str
    width: str


class BarBill(NamedTuple):
    """A bill in the bar."""

    title: str
    total: str
    standing: InvoiceStanding
    note: str
    pieces: list[BarPiece]
    width: str


class BillRow(NamedTuple):
    """A bill or credit note of the table."""

    invoice: Invoice
    issued: str
    due: str
    total: str
    paid: str
    open: str
    standing: InvoiceStanding


class PaymentRow(NamedTuple):
    """A payment of the table, with the invoices it is for."""

    payment: Payment
    icon: str
    received: str
    uses: list[tuple[Invoice, str]]
    found_by: str
    amount: str
    credit: str


class JobMoney:
    """A job's invoices and payments, read once, with the words of its page. Amounts are in one currency."""

    def __init__(self, job: Job, reader: Reader) -> None:
        self.job = job
        self.reader = reader
        rows = Invoice.objects.filter(job=job).select_related("credited", "part").order_by("created_at", "pk")
        self.invoices: list[Invoice] = list(rows)
        self.currency: str = next((one.currency for one in self.invoices), job.currency)
        self.bills = [one for one in self.invoices if not one.is_credit and not one.is_draft]
        self.credits = [one for one in self.invoices if one.is_credit and not one.is_draft]
        self.drafts = [one for one in self.invoices if one.is_draft]
        self.payments = list(Payment.objects.filter(job=job).order_by("received_at", "pk"))
        self.plan = PaymentPlan.objects.filter(job=job).first()
        self.unbilled = list(PaymentPart.objects.filter(plan_id=job.pk, billed_at=None))
        uses = Allocation.objects.filter(invoice__in=self.bills, ended_at=None).select_related("payment", "invoice")
        self.uses: dict[int, list[Allocation]] = defaultdict(list)
        for use in uses.order_by("pk"):
            self.uses[use.invoice_id].append(use)

    def money(self, minor: int, currency: str = "") -> str:
        return formats.money(minor, currency or self.currency, self.reader.country, self.reader.language)

    @property
    def open(self) -> int:
        return sum(one.open for one in self.bills)

    @property
    def late_bills(self) -> list[Invoice]:
        return [one for one in self.bills if one.is_late_at(self.reader.now)]

    @property
    def came_in(self) -> int:
        return sum(one.amount - one.returned for one in self.payments if one.reversed_at is None)

    def figures(self) -> list[MoneyFigure]:
        """Return agreed, came in, open and late."""
        return [self._agreed_figure(), self._came_in(), self._open(), self._late()]

    @property
    def credit_sum(self) -> int:
        return sum(one.total for one in self.credits)

    @property
    def extra(self) -> int:
        """The amount that was billed beside the plan."""
        return sum(one.total - one.part.amount if one.part else one.total for one in self.bills)

    @property
    def agreed_sum(self) -> int:
        """The price of the job: the plan and what was billed beside it, less what was credited."""
        planned = self.plan.agreed if self.plan else 0
        return planned + self.extra - self.credit_sum

    def _agreed_figure(self) -> MoneyFigure:
        if self.plan is None:
            return MoneyFigure(_("Billed"), self.money(self.agreed_sum), self._less(self.credit_sum))
        if not self.extra and not self.credit_sum:
            return MoneyFigure(_("Agreed"), self.money(self.agreed_sum), "")
        note = self.money(self.plan.agreed)
        if self.extra:
            note += f" + {self.money(self.extra)}"
        if self.credit_sum:
            note += f" − {self.money(self.credit_sum)}"
        return MoneyFigure(_("Agreed"), self.money(self.agreed_sum), note)

    def _less(self, credited: int) -> str:
        if credited:
            return _("%(amount)s of it credited") % {"amount": self.money(credited)}
        return ""

    def _came_in(self) -> MoneyFigure:
        received = [one.received_at for one in self.payments if one.reversed_at is None]
        note = ""
        if received and self.agreed_sum > 0:
            percent = round_half_up(self.came_in * 100, self.agreed_sum)
            # Only what is paid whole is 100 %.
            if self.came_in < self.agreed_sum:
                percent = min(percent, 99)
            note = _("%(percent)s%%, last %(day)s") % {"percent": percent, "day": self.reader.day(received[-1])}
        return MoneyFigure(_("Came in"), self.money(self.came_in), note)

    def _open(self) -> MoneyFigure:
        due = [one for one in self.bills if one.is_owed and not one.is_late_at(self.reader.now)]
        note = ""
        if due:
            last = max(due, key=lambda one: one.sort_at)
            values = {"amount": self.money(sum(one.open for one in due)), "day": self.reader.day(last.sort_at)}
            note = _("%(amount)s of it until %(day)s") % values
        return MoneyFigure(_("Open"), self.money(self.open), note)

    def _late(self) -> MoneyFigure:
        late = self.late_bills
        if not late:
            return MoneyFigure(_("Late"), self.money(0), "")
        oldest = max(late, key=lambda one: days_late(one, self.reader))
        standing = standing_of(oldest, self.reader)
        return MoneyFigure(_("Late"), self.money(sum(one.open for one in late)), standing.words, standing.css)

    def billed_words(self) -> str:
        """Return how many invoices and credit notes there are: "3 invoices, 1 credit note"."""
        count = len(self.bills) + len(self.drafts)
        words = ngettext("%(count)s invoice", "%(count)s invoices", count) % {"count": count}
        if self.credits:
            count = len(self.credits)
            words += ", " + ngettext("%(count)s credit note", "%(count)s credit notes", count) % {"count": count}
        return words

    def unbilled_words(self) -> str:
        """Return what of the plan is still to be billed; blank without a plan."""
        if self.plan is None:
            return ""
        amount = sum(one.amount for one in self.unbilled)
        if not amount:
            return _("nothing left to bill")
        return _("%(amount)s left to bill") % {"amount": self.money(amount)}

    def bar(self) -> list[BarBill]:
        """Return the bills, then what of the plan is not billed, as a bar: each as wide as its amount.

        The pieces of a bill are what is paid, credited and open.
        """
        whole = sum(one.total for one in self.bills) + sum(one.amount for one in self.unbilled) or 1
        planned = [self._bar_part(one, whole) for one in self.unbilled]
        return [self._bar_bill(one, whole) for one in self.bills] + planned

    def _bar_part(self, part: PaymentPart, whole: int) -> BarBill:
        standing = InvoiceStanding(_("not billed yet"), "hold")
        pieces = [BarPiece("is-planned", _width(1, 1))]
        return BarBill(part.name, self.money(part.amount), standing, "", pieces, _width(part.amount, whole))

    def _bar_bill(self, invoice: Invoice, whole: int) -> BarBill:
        pieces = [BarPiece(_piece_css(use), _width(use.amount, invoice.total)) for use in self.uses[invoice.pk]]
        standing = standing_of(invoice, self.reader)
        note = ""
        if invoice.open:
            css = {"crit": "is-crit", "late": "is-late"}.get(standing.css, "is-open")
            pieces.append(BarPiece(css, _width(invoice.open, invoice.total)))
            if invoice.paid:
                note = _("%(amount)s open") % {"amount": self.money(invoice.open)}
        title = invoice.part.name if invoice.part else invoice.title
        return BarBill(title, self.money(invoice.total), standing, note, pieces, _width(invoice.total, whole))

    def bill_rows(self) -> list[BillRow]:
        """Return the bills and credit notes in the order they were made."""
        return [self._bill_row(one) for one in self.invoices]

    def _bill_row(self, one: Invoice) -> BillRow:
        reader = self.reader
        sign = "−" if one.is_credit else ""
        due = reader.day(one.due_at) if one.due_at else "–"
        if one.due_at and one.due_days == 0:
            due = _("at once")
        return BillRow(
            invoice=one,
            issued=reader.day(one.issued_at) if one.issued_at else "–",
            due=due,
            total=sign + self.money(one.total, one.currency),
            paid=self.money(one.paid, one.currency) if one.paid else "–",
            open=self.money(one.open, one.currency) if one.open and not one.is_draft else "–",
            standing=standing_of(one, reader),
        )

    def payment_rows(self) -> list[PaymentRow]:
        """Return the payments, the oldest first."""
        by_payment: dict[int, list[Allocation]] = defaultdict(list)
        for use in Allocation.objects.filter(payment__in=self.payments, ended_at=None).select_related("invoice"):
            by_payment[use.payment_id].append(use)
        return [self._payment_row(one, by_payment[one.pk]) for one in self.payments]

    def _payment_row(self, one: Payment, uses: list[Allocation]) -> PaymentRow:
        return PaymentRow(
            payment=one,
            icon=METHOD_ICONS.get(PaymentMethod(one.method), "credit-card"),
            received=self.reader.near(one.received_at),
            uses=[(use.invoice, self.money(use.amount, one.currency)) for use in uses],
            found_by=uses[0].get_found_by_display() if uses else "",
            amount=self.money(one.amount, one.currency),
            credit=self.money(one.free, one.currency) if one.free else "",
        )


def _piece_css(use: Allocation) -> str:
    if use.payment is None:
        return "is-less"
    if use.payment.method == PaymentMethod.CASH:
        return "is-cash"
    return "is-paid"


def _width(part: int, whole: int) -> str:
    """Return the classes of a share in percent, at least one: tens and ones (static/css/components/invoice.css)."""
    percent = max(1, (part * 100 + whole // 2) // whole)
    return f"t{percent // 10} u{percent % 10}"
