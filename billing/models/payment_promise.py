"""PaymentPromise: a customer's word to pay until a day. Reminders pause until then; a broken one asks a person."""

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models.customer_money import CustomerMoney, MoneyQuerySet
from billing.models.invoice import Invoice
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Member, TenantForeignKey, TenantManager
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import directory
from crm.platform.work import due

PROMISE = "billing.promise"
# Later is no promise, but a plan of payments.
LATEST = timedelta(days=92)


class PaymentPromiseState(models.TextChoices):
    OPEN = "open", _("Promised")
    KEPT = "kept", _("Kept")
    BROKEN = "broken", _("Not kept")
    REPLACED = "replaced", _("Moved to another day")


class PaymentPromise(CustomerMoney):
    """A promise about an invoice."""

    State = PaymentPromiseState

    uid = public_id()
    job = TenantForeignKey(Job, models.PROTECT, related_name="+")
    person = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    invoice = TenantForeignKey(Invoice, models.CASCADE, related_name="promises")
    amount = models.BigIntegerField()
    # The promised day, and what was paid on the invoice when it was given.
    until = models.DateField()
    paid_before = models.BigIntegerField()
    words = models.CharField(max_length=300, blank=True)
    # The customer asks to pay in parts, the first of which it is.
    wants_parts = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=PaymentPromiseState, default=PaymentPromiseState.OPEN)
    made_at = models.DateTimeField(default=clock.now)
    # Who took it; nobody where the customer gave it on their page.
    taken_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    # When a person was asked to call because it was not kept.
    asked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(MoneyQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="payment_promise_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "invoice"], condition=Q(state="open"), name="invoice_has_one_open_promise"
            ),
        ]

    def __str__(self) -> str:
        return f"promise until {self.until}"

    @classmethod
    @transaction.atomic
    def promise(
        cls,
        invoice: Invoice,
        until: date,
        *,
        by: Member | None,
        amount: int | None = None,
        words: str = "",
        wants_parts: bool = False,
    ) -> "PaymentPromise":
        """Note a promise; an earlier one is replaced. The same again returns it.

        Raises Refused for a day that has passed or is too far away, or for more than is open.
        """
        invoice.lock()
        amount = amount or invoice.open
        _expect_possible(invoice, until, amount)
        earlier: PaymentPromise | None = cls.objects.filter(invoice=invoice, state=PaymentPromiseState.OPEN).first()
        if earlier is not None:
            if (earlier.until, earlier.amount, earlier.wants_parts) == (until, amount, wants_parts):
                return earlier
            earlier._end(PaymentPromiseState.REPLACED)
        row: PaymentPromise = cls.objects.create(
            job_id=invoice.job_id,
            person_id=invoice.person_id,
            invoice=invoice,
            amount=amount,
            until=until,
            paid_before=invoice.paid,
            words=" ".join(words.split())[:300],
            wants_parts=wants_parts,
            taken_by=by,
        )
        row.refresh_from_db(fields=["uid"])
        due.schedule(PROMISE, row.pk, row.ends_at)
        row._record("payment_promise.made", by, {"amount": amount, "until": until.isoformat()})
        return row

    @property
    def ends_at(self) -> datetime:
        """The morning after the promised day."""
        return datetime.combine(self.until + timedelta(days=1), time(9), directory().zone)

    @transaction.atomic
    def settle(self) -> None:
        """End it if it was kept, or if its day is over. Idempotent."""
        self.lock()
        if self.state != PaymentPromiseState.OPEN:
            return
        self.invoice.refresh_from_db()
        if self.invoice.open == 0 or self.invoice.paid - self.paid_before >= self.amount:
            self._end(PaymentPromiseState.KEPT)
            self._record("payment_promise.kept", None, {"amount": self.amount})
        elif clock.now() >= self.ends_at:
            self._end(PaymentPromiseState.BROKEN)
            missing = self.amount - (self.invoice.paid - self.paid_before)
            self._record("payment_promise.broken", None, {"amount": self.amount, "missing": missing})

    @classmethod
    def replace_open(cls, invoice: Invoice) -> None:
        """End the open promise about an invoice, as something else was agreed. Its money is locked."""
        for row in cls.objects.filter(invoice=invoice, state=PaymentPromiseState.OPEN):
            row._end(PaymentPromiseState.REPLACED)

    def _end(self, state: PaymentPromiseState) -> None:
        self.state = state
        self.ended_at = clock.now()
        self._save("state", "ended_at")
        due.cancel(PROMISE, [self.pk])


def _expect_possible(invoice: Invoice, until: date, amount: int) -> None:
    today = clock.now().astimezone(directory().zone).date()
    if not invoice.is_owed:
        raise Refused(gettext("Nothing is open on it."))
    if until < today:
        raise Refused(gettext("The day has passed."))
    if until > today + LATEST:
        raise Refused(gettext("Choose a day within three months."))
    if not 0 < amount <= invoice.open:
        raise Refused(gettext("Enter an amount above zero, at most what is open."))
