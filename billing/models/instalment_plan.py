"""InstalmentPlan and Instalment: an open invoice that the customer pays in parts, each by its own day.

Reminders follow the parts (billing/dunning): each is reminded as an invoice is, from its day on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from dateutil.relativedelta import relativedelta
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models.customer_money import CustomerMoney, MoneyQuerySet
from billing.models.invoice import Invoice
from billing.models.payment_promise import PaymentPromise
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.amounts import split
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import directory

MOST_PARTS = 6
LATEST = timedelta(days=366)
# What is proposed: so many parts, the first so soon, the others a month apart.
USUAL_PARTS = 3
FIRST_PART = timedelta(days=3)


@dataclass(frozen=True)
class PartOfInvoice:
    """A part in which an invoice is or could be paid: by which day, how much, and how much of that is missing."""

    due_on: date
    amount: int
    missing: int


class InstalmentPlanState(models.TextChoices):
    OPEN = "open", _("Agreed")
    KEPT = "kept", _("Paid")
    TAKEN_BACK = "back", _("Taken back")


class InstalmentPlan(CustomerMoney):
    """An agreement to pay what is open of an invoice in parts. Amounts are in minor units of its currency."""

    State = InstalmentPlanState

    uid = public_id()
    job = TenantForeignKey(Job, models.PROTECT, related_name="+")
    person = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    invoice = TenantForeignKey(Invoice, models.CASCADE, related_name="instalment_plans")
    # What was open, and what had been paid, when it was agreed.
    amount = models.BigIntegerField()
    paid_before = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=InstalmentPlanState, default=InstalmentPlanState.OPEN)
    agreed_at = models.DateTimeField(default=clock.now)
    agreed_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(MoneyQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="instalment_plan_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "invoice"], condition=Q(state="open"), name="invoice_has_one_open_instalment_plan"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0, paid_before__gte=0), name="instalment_plan_is_of_money"),
        ]

    def __str__(self) -> str:
        return f"instalments of invoice {self.invoice_id}"

    @classmethod
    @transaction.atomic
    def agree(cls, invoice: Invoice, parts: Sequence[tuple[date, int]], *, by: Member | None) -> "InstalmentPlan":
        """Agree on parts, as days with amounts; an earlier agreement, or promise, about the invoice ends.

        The same again returns it. Raises Refused unless the parts add up to what is open, and come one after another.
        """
        invoice.lock()
        _expect_possible(invoice, parts)
        earlier = cls.find_open(invoice)
        if earlier is not None:
            if [(part.due_on, part.amount) for part in earlier.instalments.all()] == list(parts):
                return earlier
            earlier._end(InstalmentPlanState.TAKEN_BACK)
        plan: InstalmentPlan = cls.objects.create(
            job_id=invoice.job_id,
            person_id=invoice.person_id,
            invoice=invoice,
            amount=invoice.open,
            paid_before=invoice.paid,
            agreed_by=by,
        )
        plan.refresh_from_db(fields=["uid"])
        Instalment.objects.bulk_create(
            Instalment(plan=plan, position=position, due_on=due_on, amount=amount)
            for position, (due_on, amount) in enumerate(parts)
        )
        PaymentPromise.replace_open(invoice)
        plan._record("instalment_plan.agreed", by, plan._facts() | {"parts": len(parts)})
        return plan

    @transaction.atomic
    def take_back(self, *, by: Member) -> None:
        """End the agreement: the whole invoice is due again, by its own day. Idempotent."""
        self.lock()
        if self.state == InstalmentPlanState.OPEN:
            self._end(InstalmentPlanState.TAKEN_BACK)
            self._record("instalment_plan.taken_back", by, self._facts())

    @transaction.atomic
    def settle(self) -> None:
        """End it once the invoice is paid. Idempotent."""
        self.lock()
        if self.state != InstalmentPlanState.OPEN:
            return
        self.invoice.refresh_from_db()
        if self.invoice.open == 0:
            self._end(InstalmentPlanState.KEPT)
            self._record("instalment_plan.kept", None, self._facts())

    @classmethod
    def find_open(cls, invoice: Invoice) -> "InstalmentPlan | None":
        """Return the agreement about an invoice that holds."""
        return cls.open_of([invoice]).get(invoice.pk)

    @classmethod
    def open_of(cls, invoices: Sequence[Invoice]) -> "dict[int, InstalmentPlan]":
        """Return the agreements about invoices that hold, by the invoice. Two queries."""
        by_id = {invoice.pk: invoice for invoice in invoices}
        plans = cls.objects.filter(invoice_id__in=by_id, state=InstalmentPlanState.OPEN).order_by()
        by_invoice = {}
        for plan in plans.prefetch_related("instalments"):
            plan.invoice = by_id[plan.invoice_id]
            by_invoice[plan.invoice_id] = plan
        return by_invoice

    def parts(self) -> list[PartOfInvoice]:
        """Return the parts with what is missing of each: what was paid since is counted for the earliest first."""
        paid = self.invoice.paid - self.paid_before
        rows = []
        for row in self.instalments.all():
            covered = min(max(paid, 0), row.amount)
            paid -= covered
            rows.append(PartOfInvoice(row.due_on, row.amount, row.amount - covered))
        return rows

    def unpaid(self) -> "list[Instalment]":
        """Return the parts of which something is missing."""
        return [row for row, part in zip(self.instalments.all(), self.parts(), strict=True) if part.missing]

    def missing_on(self, day: date) -> int:
        """Return what should have been paid by a day, and wasn't."""
        return sum(part.missing for part in self.parts() if part.due_on <= day)

    def _facts(self) -> dict[str, Any]:
        return {"amount": self.amount, "currency": self.invoice.currency}

    def _end(self, state: InstalmentPlanState) -> None:
        self.state = state
        self.ended_at = clock.now()
        self._save("state", "ended_at")


class Instalment(TenantModel):
    """A part of an agreement: how much by which day."""

    plan = TenantForeignKey(InstalmentPlan, models.CASCADE, related_name="instalments")
    position = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount = models.BigIntegerField()

    class Meta:
        base_manager_name = "objects"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "plan", "position"], name="instalment_position_is_unique"),
            models.UniqueConstraint(fields=["tenant", "plan", "due_on"], name="instalments_have_days_of_their_own"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_is_of_some_money"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} by {self.due_on}"


def propose_parts(invoice: Invoice, first: date, count: int = USUAL_PARTS) -> list[PartOfInvoice]:
    """Return equal parts of what is open, a month apart; none of an amount that is too small to divide."""
    if invoice.open < count:
        return []
    amounts = split(invoice.open, [1] * count)
    return [
        PartOfInvoice(first + relativedelta(months=number), amount, amount) for number, amount in enumerate(amounts)
    ]


def _expect_possible(invoice: Invoice, parts: Sequence[tuple[date, int]]) -> None:
    today = clock.now().astimezone(directory().zone).date()
    if not invoice.is_owed:
        raise Refused(gettext("Nothing is open on it."))
    if not 2 <= len(parts) <= MOST_PARTS:
        raise Refused(gettext("Enter two to %(most)s parts.") % {"most": MOST_PARTS})
    days = [due_on for due_on, _amount in parts]
    if days != sorted(set(days)):
        raise Refused(gettext("Each part is due after the one before."))
    if days[0] < today:
        raise Refused(gettext("The day has passed."))
    if days[-1] > today + LATEST:
        raise Refused(gettext("Choose days within a year."))
    if any(amount <= 0 for _day, amount in parts):
        raise Refused(gettext("Enter an amount above zero."))
    if sum(amount for _day, amount in parts) != invoice.open:
        raise Refused(gettext("The parts must add up to what is open."))
