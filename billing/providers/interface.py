"""The interface of payment providers: create a checkout, verify and read a webhook, ask about a payment, refund.

A provider is one file in billing/providers/adapters. It knows the keys of an account and its service's formats; never
the database. What its library raises becomes a ProviderFailure; a webhook that isn't the provider's is a ForgedEvent,
and one that makes no sense an UnreadableEvent.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.functional import Promise

PAID = "paid"
FAILED = "failed"
EXPIRED = "expired"
PENDING = "pending"
# The customer's bank took a payment back; and gave it back once the dispute was won.
CHARGED_BACK = "charged_back"
REINSTATED = "reinstated"


class ProviderFailure(Exception):
    """A call failed. `is_passing`: it may work later; otherwise a person has to change something."""

    def __init__(self, words: str, *, is_passing: bool) -> None:
        super().__init__(words)
        self.is_passing = is_passing


class ForgedEvent(Exception):
    """A webhook without the proof that its provider sent it."""


class UnreadableEvent(Exception):
    """A webhook of the provider that makes no sense; a person looks at it."""


@dataclass(frozen=True)
class CheckoutOrder:
    """A payment to be made. `uid` is the idempotency key; the amount is in minor units."""

    uid: str
    amount: int
    currency: str
    method: str
    title: str
    return_url: str
    hook_url: str


@dataclass(frozen=True)
class Checkout:
    """A checkout at a provider, and where the customer pays."""

    checkout_id: str
    url: str


@dataclass(frozen=True)
class PaymentReport:
    """A provider's report on a checkout. `attempt`: the uid it was created with; `payment_id`: once it is paid.

    `charged_back`: how much of a paid one was charged back. A report that is CHARGED_BACK or REINSTATED names the
    payment, the amount, in `details` the reason, and in `fee` what the provider takes for it.
    """

    attempt: str
    checkout_id: str
    state: str
    payment_id: str = ""
    amount: int = 0
    currency: str = ""
    method: str = ""
    details: str = ""
    charged_back: int = 0
    fee: int = 0


@dataclass(frozen=True)
class ProviderFee:
    """Fee that a provider kept of a payment, in minor units of the currency in which it pays out."""

    payment_id: str
    amount: int
    currency: str


@dataclass(frozen=True)
class RefundOrder:
    """A refund of a payment. `uid` is the idempotency key."""

    uid: str
    payment_id: str
    amount: int
    currency: str
    reason: str


@dataclass(frozen=True)
class SecretField:
    """A key that a provider needs; how it begins tells a pasted wrong one."""

    name: str
    label: str | Promise
    begins: tuple[str, ...]
    is_required: bool = True


class PaymentProvider(ABC):
    """A payment provider with the keys of one account."""

    kind: ClassVar[str]
    # The methods it offers, as `Payment.method` has them.
    methods: ClassVar[tuple[str, ...]]
    fields: ClassVar[tuple[SecretField, ...]] = ()
    # It needs no call to create a checkout.
    is_local: ClassVar[bool] = False
    # The same webhook again may mean something new, as it only says that something changed.
    is_read_again: ClassVar[bool] = False

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self.secrets = secrets

    def offers(self, method: str, currency: str) -> bool:
        """Return whether a method can be used for a currency."""
        return method in self.methods

    @property
    def reports_fees(self) -> bool:
        """True if it says what it kept of each payment."""
        return False

    def fetch_fees(self, since: datetime) -> Sequence[ProviderFee]:
        """Return the fees of payments since an instant, as far as they are known. Raises ProviderFailure."""
        return ()

    @abstractmethod
    def create_checkout(self, order: CheckoutOrder) -> Checkout:
        """Create a checkout; the same uid again returns the same. Raises ProviderFailure."""

    @abstractmethod
    def event_key(self, headers: Mapping[str, str], body: bytes) -> str:
        """Verify a webhook without calling anybody; return its id, blank if it has none. Raises ForgedEvent."""

    @abstractmethod
    def read_event(self, body: bytes) -> PaymentReport | None:
        """Read a webhook; None if it is about something else. Raises UnreadableEvent, ProviderFailure."""

    @abstractmethod
    def fetch_payment(self, checkout_id: str) -> PaymentReport:
        """Ask about a checkout. Raises ProviderFailure."""

    @abstractmethod
    def refund(self, order: RefundOrder) -> str:
        """Pay back; the same uid again pays nothing more. Returns the provider's id. Raises ProviderFailure."""
