"""BankEntry: a line of a bank statement, and which payment it is."""

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models.bank.bank_file import BankFile
from billing.models.ledger import EntryKind, LedgerAccount, LedgerEntry
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import directory


class EntryState(models.TextChoices):
    WAITING = "waiting", _("To be matched")
    MATCHED = "matched", _("Matched")
    LEFT = "left", _("Not a customer’s payment")
    PAYOUT = "payout", _("Payout of a payment provider")
    OUT = "out", _("Paid by us")


class BankEntry(TenantModel):
    """A booked line; `amount` is in minor units, below zero what went out."""

    State = EntryState

    uid = public_id()
    file = TenantForeignKey(BankFile, models.PROTECT, related_name="entries")
    # The same whenever the bank sends the line again.
    key = models.CharField(max_length=60)
    account = models.CharField(max_length=40)
    booked_on = models.DateField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    counterparty = models.CharField(max_length=140, blank=True)
    counterparty_account = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=500, blank=True)
    reference = models.CharField(max_length=140, blank=True)
    state = models.CharField(max_length=8, choices=EntryState, default=EntryState.WAITING)
    payment = TenantForeignKey("billing.Payment", models.PROTECT, null=True, blank=True, related_name="bank_entries")
    # How often it came back to be matched, as its payment was reversed.
    returns = models.PositiveSmallIntegerField(default=0)
    # Who decided; nobody where a reference named the invoice.
    decided_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="bank_entry_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "key"], name="bank_entry_is_stored_once"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "booked_on", "id"], condition=Q(state="waiting"), name="bank_entry_to_match"
            ),
        ]

    def __str__(self) -> str:
        return f"bank entry {self.key}"

    @property
    def payment_key(self) -> str:
        """The id of its payment: another one once that was reversed."""
        if self.returns:
            return f"{self.key}~{self.returns}"
        return self.key

    def match(self, payment: Any, *, by: Member | None) -> None:
        """Note the payment that it is. Its row is locked."""
        self.state = EntryState.MATCHED
        self.payment = payment
        self._decide(by)
        events.record("bank_entry.matched", subject=self, by=by, data={"amount": self.amount}, job_id=payment.job_id)

    @transaction.atomic
    def return_to_match(self, *, by: Member | None) -> None:
        """Have it matched again, as its payment was reversed. Idempotent."""
        self.lock()
        if self.state != EntryState.MATCHED:
            return
        self.state = EntryState.WAITING
        self.payment = None
        self.returns += 1
        self.save(update_fields=["returns"])
        self._decide(by)
        events.record("bank_entry.returned", subject=self, by=by, data={"amount": self.amount})

    @transaction.atomic
    def leave(self, *, by: Member) -> None:
        """Note that it is no customer's payment. Idempotent. Raises Refused once it is matched."""
        self.lock()
        if self.state == EntryState.LEFT:
            return
        if self.state != EntryState.WAITING:
            raise Refused(gettext("It is matched already."))
        self.state = EntryState.LEFT
        self._decide(by)
        events.record("bank_entry.left", subject=self, by=by)

    @transaction.atomic
    def note_payout(self, *, by: Member) -> None:
        """Note that a payment provider paid out what customers had paid online, and enter it in the ledger. Idempotent.

        Raises Refused once it is matched or left out.
        """
        self.lock()
        if self.state == EntryState.PAYOUT:
            return
        if self.state != EntryState.WAITING:
            raise Refused(gettext("It is decided already."))
        self._post_payout(self.amount, by)
        self.state = EntryState.PAYOUT
        self._decide(by)
        events.record("bank_entry.paid_out", subject=self, by=by, data={"amount": self.amount})

    def _post_payout(self, amount: int, by: Member) -> None:
        """Move an amount from the account of online payments to the bank's; below zero, back."""
        postings = [(LedgerAccount.BANK, amount), (LedgerAccount.CARDS, -amount)]
        brand = directory().default_brand
        LedgerEntry.post(EntryKind.TRANSFER, postings, self.currency, brand_id=brand.pk, by=by)

    @transaction.atomic
    def put_back(self, *, by: Member) -> None:
        """Have it matched after all. Idempotent."""
        self.lock()
        if self.state not in (EntryState.LEFT, EntryState.PAYOUT):
            return
        if self.state == EntryState.PAYOUT:
            self._post_payout(-self.amount, by)
        self.state = EntryState.WAITING
        self._decide(by)
        events.record("bank_entry.put_back", subject=self, by=by)

    def _decide(self, by: Member | None) -> None:
        self.decided_by = by
        self.decided_at = clock.now()
        self.save(update_fields=["state", "payment", "decided_by", "decided_at"])
