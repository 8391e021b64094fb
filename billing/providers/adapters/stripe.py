"""Stripe: Checkout sessions, signed webhooks and refunds (https://docs.stripe.com/payments/checkout)."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

import stripe
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from billing.providers.interface import (
    CHARGED_BACK,
    EXPIRED,
    FAILED,
    PAID,
    PENDING,
    REINSTATED,
    Checkout,
    CheckoutOrder,
    ForgedEvent,
    PaymentProvider,
    PaymentReport,
    ProviderFailure,
    ProviderFee,
    RefundOrder,
    SecretField,
    UnreadableEvent,
)
from crm.platform.http.guarded_session import GuardedSession

# Stripe counts these in hundredths although they have none (https://docs.stripe.com/currencies#special-cases).
_IN_HUNDREDTHS = frozenset({"ISK", "UGX"})
# The last digit of currencies with three is always zero there.
_OF_THREE = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
_SESSION_EVENTS = frozenset(
    f"checkout.session.{name}" for name in ("completed", "async_payment_succeeded", "async_payment_failed", "expired")
)
_DISPUTE_STATES = {
    "charge.dispute.funds_withdrawn": CHARGED_BACK,
    "charge.dispute.funds_reinstated": REINSTATED,
}
# Balance transactions of payments: of cards, and of other methods; and how many of them are read at once.
_PAYMENT_TYPES = frozenset({"charge", "payment"})
_MOST_FEES = 5_000


class StripeProvider(PaymentProvider):
    """Cards and iDEAL at Stripe."""

    kind = "stripe"
    methods = ("card", "ideal")
    fields = (
        SecretField("secret_key", gettext_lazy("Secret key"), ("sk_", "rk_")),
        SecretField("signing_secret", gettext_lazy("Signing secret of the webhook"), ("whsec_",), is_required=False),
    )

    def offers(self, method: str, currency: str) -> bool:
        return method == "card" or (method == "ideal" and currency == "EUR")

    def create_checkout(self, order: CheckoutOrder) -> Checkout:
        price = {
            "currency": order.currency.lower(),
            "unit_amount": stripe_amount(order.amount, order.currency),
            "product_data": {"name": order.title},
        }
        metadata = {"attempt": order.uid}
        params: dict[str, Any] = {
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": 1}],
            "payment_method_types": [order.method],
            "client_reference_id": order.uid,
            "metadata": metadata,
            "payment_intent_data": {"metadata": metadata, "description": order.title},
            "success_url": order.return_url,
            "cancel_url": order.return_url,
        }
        with _failures():
            session = self._client().v1.checkout.sessions.create(
                params=params,  # type: ignore[arg-type]  # its types are dictionaries of its own
                options={"idempotency_key": order.uid},
            )
        return Checkout(session.id, session.url or "")

    def event_key(self, headers: Mapping[str, str], body: bytes) -> str:
        try:
            text = body.decode()
            signature = headers.get("stripe-signature")
            secret = self.secrets.get("signing_secret")
            stripe.WebhookSignature.verify_header(text, signature, secret, stripe.Webhook.DEFAULT_TOLERANCE)
            return str(json.loads(text)["id"])[:120]
        except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
            raise ForgedEvent from error
        except (ValueError, TypeError, KeyError):
            # It is signed, so it is stored and parked.
            return ""

    def read_event(self, body: bytes) -> PaymentReport | None:
        try:
            event = json.loads(body)
            if state := _DISPUTE_STATES.get(event["type"]):
                return _dispute_report(event["data"]["object"], state)
            if event["type"] not in _SESSION_EVENTS:
                return None
            return _report_of(event["data"]["object"], has_failed=event["type"].endswith("_failed"))
        except (ValueError, TypeError, KeyError) as error:
            raise UnreadableEvent(gettext("It is no event of Stripe.")) from error

    def fetch_payment(self, checkout_id: str) -> PaymentReport:
        with _failures():
            session = self._client().v1.checkout.sessions.retrieve(checkout_id)
        try:
            return _report_of(session.to_dict())
        except (TypeError, KeyError) as error:
            raise ProviderFailure(str(error), is_passing=True) from error

    @property
    def reports_fees(self) -> bool:
        return True

    def fetch_fees(self, since: datetime) -> list[ProviderFee]:
        params: dict[str, Any] = {
            "created": {"gte": int(since.timestamp())},
            "limit": 100,
            "expand": ["data.source"],
        }
        with _failures():
            listed = self._client().v1.balance_transactions.list(params=params)  # type: ignore[arg-type]  # as above
            rows = [row.to_dict() for row in islice(listed.auto_paging_iter(), _MOST_FEES)]
        try:
            return [fee for row in rows if (fee := _fee_of(row))]
        except (TypeError, KeyError, ValueError) as error:
            raise ProviderFailure(str(error), is_passing=True) from error

    def refund(self, order: RefundOrder) -> str:
        with _failures():
            refunds = self._client().v1.refunds
            # Stripe forgets idempotency keys after a day.
            earlier = refunds.list(params={"payment_intent": order.payment_id, "limit": 100})
            for refund in earlier.data:
                if (refund.to_dict().get("metadata") or {}).get("refund") == order.uid:
                    return refund.id
            created = refunds.create(
                params={
                    "payment_intent": order.payment_id,
                    "amount": stripe_amount(order.amount, order.currency),
                    "metadata": {"refund": order.uid},
                },
                options={"idempotency_key": order.uid},
            )
        return created.id

    def _client(self) -> stripe.StripeClient:
        return stripe.StripeClient(
            self.secrets.get("secret_key", ""),
            base_addresses={"api": settings.STRIPE_API_URL},
            http_client=stripe.RequestsClient(timeout=20, session=GuardedSession()),
            max_network_retries=0,
        )


def stripe_amount(minor: int, currency: str) -> int:
    """Return an amount as Stripe counts it. Raises ProviderFailure for one that it can't take."""
    if currency in _IN_HUNDREDTHS:
        return minor * 100
    if currency in _OF_THREE and minor % 10:
        raise ProviderFailure(gettext("Stripe takes this currency without the third digit."), is_passing=False)
    return minor


def minor_amount(amount: int, currency: str) -> int:
    """Return an amount of Stripe in minor units."""
    if currency in _IN_HUNDREDTHS:
        return amount // 100
    return amount


def _report_of(session: Mapping[str, Any], *, has_failed: bool = False) -> PaymentReport:
    currency = str(session["currency"] or "").upper()
    state = PENDING
    if session["payment_status"] == "paid":
        state = PAID
    elif has_failed:
        state = FAILED
    elif session["status"] == "expired":
        state = EXPIRED
    return PaymentReport(
        attempt=str((session.get("metadata") or {}).get("attempt") or ""),
        checkout_id=str(session["id"]),
        state=state,
        payment_id=str(session.get("payment_intent") or ""),
        amount=minor_amount(int(session["amount_total"] or 0), currency),
        currency=currency,
        method=next(iter(session.get("payment_method_types") or ()), ""),
    )


def _dispute_report(dispute: Mapping[str, Any], state: str) -> PaymentReport:
    """Read a dispute whose money was taken, or given back: https://docs.stripe.com/api/disputes/object."""
    currency = str(dispute["currency"]).upper()
    fees = sum(int(one.get("fee") or 0) for one in dispute.get("balance_transactions") or ())
    return PaymentReport(
        attempt="",
        checkout_id=str(dispute["id"]),
        state=state,
        payment_id=str(dispute["payment_intent"] or ""),
        amount=minor_amount(int(dispute["amount"]), currency),
        currency=currency,
        details=str(dispute.get("reason") or "").replace("_", " ")[:100],
        fee=minor_amount(max(0, fees), currency),
    )


def _fee_of(row: Mapping[str, Any]) -> ProviderFee | None:
    """Read a balance transaction: https://docs.stripe.com/api/balance_transactions/object. None: it is no payment."""
    source = row.get("source")
    if row["type"] not in _PAYMENT_TYPES or not isinstance(source, Mapping) or not source.get("payment_intent"):
        return None
    currency = str(row["currency"]).upper()
    return ProviderFee(str(source["payment_intent"]), minor_amount(int(row["fee"]), currency), currency)


@contextmanager
def _failures() -> Iterator[None]:
    """Raise what the library raises as ProviderFailure."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise ProviderFailure(_words(error), is_passing=True) from error
    except stripe.StripeError as error:
        is_passing = (error.http_status or 500) >= 500 or error.http_status == 409
        raise ProviderFailure(_words(error), is_passing=is_passing) from error


def _words(error: stripe.StripeError) -> str:
    message: Callable[[], str] | str | None = error.user_message
    return str(message or error)
