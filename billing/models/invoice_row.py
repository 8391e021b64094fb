"""InvoiceRow: the columns of an invoice or credit note, and values derived from them. Its verbs are in invoice.py."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from billing.models.customer_money import CustomerMoney, MoneyQuerySet
from billing.models.invoice_state import OPEN_STATES, InvoiceKind, InvoiceState
from billing.models.payment_plan import PaymentPart
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.typed_values import MAX_MINOR
from crm.people.models import Person
from crm.platform.models import Brand, Member, TenantForeignKey, TenantManager
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import directory
from quotes.sums import TaxMode, TaxRounding


class InvoiceQuerySet(MoneyQuerySet):
    def bills(self) -> Self:
        """Exclude credit notes."""
        return self.exclude(kind=InvoiceKind.CREDIT)

    def unpaid(self) -> Self:
        """Filter issued invoices that are not paid in full."""
        return self.bills().filter(state__in=OPEN_STATES)

    def late_at(self, now: datetime) -> Self:
        """Filter invoices that are owed and past their day."""
        return self.unpaid().filter(due_at__lt=now)

    def issued(self) -> Self:
        """Exclude drafts."""
        return self.exclude(state=InvoiceState.DRAFT)

    def beside(self, invoice: "InvoiceRow") -> Self:
        """Filter what else is open of an invoice's job: bills and credit notes of the same payer and currency."""
        of_job = self.of_payer(invoice.person_id, invoice.job_id).filter(job_id=invoice.job_id)
        return of_job.filter(currency=invoice.currency, state__in=OPEN_STATES).exclude(pk=invoice.pk)

    def oldest_due_first(self) -> Self:
        return self.order_by("due_at", "pk")


class InvoiceRow(CustomerMoney):
    """An invoice, or a credit note, whose amounts are above zero too. Amounts are in minor units of its currency."""

    Kind = InvoiceKind
    State = InvoiceState

    muted_with = ("job", "person")

    uid = public_id()
    job = TenantForeignKey(Job, models.PROTECT, related_name="invoices")
    person = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    brand = TenantForeignKey(Brand, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=InvoiceKind)
    state = models.CharField(max_length=8, choices=InvoiceState, default=InvoiceState.DRAFT)
    # Given when it is issued: "INV-2026-0031", of the brand's series of that year.
    number = models.CharField(max_length=32, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=1000, blank=True)
    part = TenantForeignKey(PaymentPart, models.PROTECT, null=True, blank=True, related_name="invoices")
    # What it was made of, once: "quote:2318:deposit".
    origin = models.CharField(max_length=64, blank=True)
    currency = models.CharField(max_length=3)
    tax_mode = models.CharField(max_length=8, choices=TaxMode, default=TaxMode.ADDED)
    rounding = models.CharField(max_length=8, choices=TaxRounding, default=TaxRounding.TOTAL)
    net = models.BigIntegerField(default=0)
    tax = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    # By rate, as it was computed: [{"rate": 210000, "net": 10000, "tax": 2100}].
    taxes = models.JSONField(default=list)
    # Of an invoice what has paid it; of a credit note what was used of it.
    paid = models.BigIntegerField(default=0)
    open = models.BigIntegerField(default=0)
    # Of a credit note the invoice it is about, and whether it is goodwill.
    credited = TenantForeignKey("self", models.PROTECT, null=True, blank=True, related_name="credit_notes")
    is_goodwill = models.BooleanField(default=False)
    # Who bills and who is billed, as they were called when it was issued.
    seller = models.JSONField(default=dict)
    buyer = models.JSONField(default=dict)
    due_days = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # The list's order: its due day, or when a draft was made.
    sort_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    dispute_words = models.CharField(max_length=500, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(InvoiceQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="invoice_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "brand", "number"], condition=~Q(number=""), name="invoice_number_is_unique"
            ),
            models.UniqueConstraint(
                fields=["tenant", "origin"], condition=~Q(origin=""), name="invoice_is_made_once_of_its_origin"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number="", issued_at__isnull=True)
                | ~Q(state="draft") & ~Q(number="") & Q(issued_at__isnull=False),
                name="invoice_has_a_number_once_issued",
            ),
            models.CheckConstraint(condition=Q(total=F("net") + F("tax")), name="invoice_total_is_net_and_tax"),
            models.CheckConstraint(condition=Q(total__lte=MAX_MINOR), name="invoice_comes_to_an_amount"),
            models.CheckConstraint(condition=Q(open=F("total") - F("paid")), name="invoice_open_is_what_is_not_paid"),
            models.CheckConstraint(condition=Q(paid__gte=0, open__gte=0), name="invoice_is_never_overpaid"),
        ]
        indexes = [
            models.Index(fields=["tenant", "sort_at", "id"], name="invoice_order"),
            models.Index(fields=["tenant", "job", "created_at"], name="invoice_of_job"),
            models.Index(fields=["tenant", "person", "due_at"], name="invoice_of_person"),
            models.Index(
                fields=["tenant", "sort_at", "id"], condition=Q(state__in=("issued", "partly")), name="invoice_owed"
            ),
            # What the list begins with (billing/invoices/invoice_list.py), and what its tabs show.
            models.Index(
                fields=["tenant", "sort_at", "id"],
                condition=Q(state__in=("draft", "issued", "partly")),
                name="invoice_unsettled",
            ),
            models.Index(fields=["tenant", "state", "sort_at", "id"], name="invoice_by_state"),
            models.Index(fields=["tenant", "sort_at", "id"], condition=Q(kind="credit"), name="invoice_credits"),
            models.Index(fields=["tenant", "sequence"], name="invoice_by_sequence"),
            # The sums of receivables stand in the index itself.
            models.Index(
                fields=["tenant", "brand", "currency"],
                include=["id", "kind", "state", "sort_at", "open", "job"],
                condition=~Q(kind="credit") & Q(state__in=("issued", "partly")),
                name="invoice_receivable",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.uid}"

    @property
    def is_credit(self) -> bool:
        return self.kind == InvoiceKind.CREDIT

    @property
    def signed_open(self) -> int:
        """The open amount; below zero for a credit note."""
        if self.is_credit:
            return -self.open
        return self.open

    @property
    def is_draft(self) -> bool:
        return self.state == InvoiceState.DRAFT

    @property
    def is_owed(self) -> bool:
        return not self.is_credit and self.state in OPEN_STATES

    @property
    def due_on(self) -> date | None:
        """The last day to pay it, by the tenant's calendar."""
        return self.due_at.astimezone(directory().zone).date() if self.due_at else None

    def is_late_at(self, now: datetime) -> bool:
        return self.is_owed and self.due_at is not None and self.due_at < now
