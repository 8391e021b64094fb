"""The built-in payment page as a provider: it plays a bank's and a card's page, and no money moves.

Its webhooks are signed with a key of the account, so that a forged one is refused as any other.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping

from billing.providers import links
from billing.providers.interface import (
    PENDING,
    Checkout,
    CheckoutOrder,
    ForgedEvent,
    PaymentProvider,
    PaymentReport,
    RefundOrder,
    UnreadableEvent,
)
from billing.providers.played import played_report

SIGNATURE = "x-demo-signature"


class DemoProvider(PaymentProvider):
    """Plays a provider."""

    kind = "demo"
    methods = ("card", "ideal")
    is_local = True

    def offers(self, method: str, currency: str) -> bool:
        return method == "card" or currency == "EUR"

    def create_checkout(self, order: CheckoutOrder) -> Checkout:
        """Return the built-in payment page; its id is the uid of the attempt."""
        return Checkout(f"demo_{order.uid}", links.demo_url(order.uid))

    def event_key(self, headers: Mapping[str, str], body: bytes) -> str:
        if not hmac.compare_digest(headers.get(SIGNATURE, ""), self.sign(body)):
            raise ForgedEvent
        return hashlib.sha256(body).hexdigest()

    def sign(self, body: bytes) -> str:
        """Return the signature of a webhook."""
        return hmac.digest(self.secrets.get("key", "").encode(), body, "sha256").hex()

    def read_event(self, body: bytes) -> PaymentReport | None:
        try:
            values = json.loads(body)
            return PaymentReport(**values)
        except (ValueError, TypeError) as error:
            raise UnreadableEvent("The body is no report of the built-in payment page.") from error

    def fetch_payment(self, checkout_id: str) -> PaymentReport:
        """Return the outcome that was chosen on the payment page."""
        uid = checkout_id.removeprefix("demo_")
        return played_report(uid) or PaymentReport(uid, checkout_id, PENDING)

    def refund(self, order: RefundOrder) -> str:
        """Pay nothing back, as nothing was paid."""
        return f"demo_refund_{order.uid}"
