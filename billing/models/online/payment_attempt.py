"""PaymentAttempt: a customer's attempt to pay online. It is written before the provider is called.

Its uid is the idempotency key of every call about it, and goes with the checkout as metadata. So a call that is made
again makes no second checkout, and a webhook finds the attempt even if the answer to the call was lost.
"""

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.online.provider_account import ProviderAccount
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class AttemptState(models.TextChoices):
    STARTED = "started", _("Being prepared")
    OPEN = "open", _("Waits for the customer")
    PAID = "paid", _("Paid")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Not paid in time")


# The provider may still report something.
UNDECIDED = (AttemptState.STARTED, AttemptState.OPEN)


class PaymentAttempt(TenantModel):
    """An attempt to pay an amount of an invoice. The amount is in minor units of its currency."""

    State = AttemptState

    uid = public_id()
    account = TenantForeignKey(ProviderAccount, models.PROTECT, related_name="attempts")
    invoice = TenantForeignKey("billing.Invoice", models.PROTECT, related_name="attempts")
    job = TenantForeignKey(Job, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    # More than was open on the invoice: the rest is for what else was open of its job.
    is_for_job = models.BooleanField(default=False)
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=8)
    return_url = models.CharField(max_length=1000)
    state = models.CharField(max_length=8, choices=AttemptState, default=AttemptState.STARTED)
    # The provider's checkout, and the address to which the customer goes.
    checkout_id = models.CharField(max_length=120, blank=True)
    checkout_url = models.CharField(max_length=2000, blank=True)
    payment = TenantForeignKey("billing.Payment", models.PROTECT, null=True, blank=True, related_name="attempts")
    started_at = models.DateTimeField(default=clock.now)
    # When the provider was first called, and last asked.
    called_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    # What the built-in payment page did as the provider: "paid", "failed", or nothing yet.
    played = models.CharField(max_length=8, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="payment_attempt_uid_is_unique"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_attempt_is_of_some_money"),
        ]
        indexes = [
            models.Index(fields=["tenant", "invoice", "started_at"], name="payment_attempt_of_invoice"),
            models.Index(
                fields=["tenant", "account", "checkout_id"],
                condition=~Q(checkout_id=""),
                name="payment_attempt_of_checkout",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.uid}"

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED

    @transaction.atomic
    def note_call(self) -> None:
        """Note that its provider is about to be called."""
        self.called_at = self.called_at or clock.now()
        self.save(update_fields=["called_at"])

    @transaction.atomic
    def open_checkout(self, checkout_id: str, url: str) -> None:
        """Store the provider's checkout. Idempotent; what was settled meanwhile stays settled."""
        self.lock()
        self.checkout_id = checkout_id[:120]
        self.checkout_url = url[:2000]
        if self.state == AttemptState.STARTED:
            self.state = AttemptState.OPEN
        self.save(update_fields=["checkout_id", "checkout_url", "state"])

    def settle(self, state: str, *, payment: Any = None, problem: str = "") -> None:
        """Store how it ended. Its row is locked. What is paid stays paid, whatever is reported later."""
        if self.state == AttemptState.PAID:
            return
        self.state = AttemptState(state)
        self.payment = payment
        self.problem = problem[:300]
        self.settled_at = clock.now()
        self.save(update_fields=["state", "payment", "problem", "settled_at"])
