"""Mollie: iDEAL and cards (https://docs.mollie.com/reference/payments-api).

A webhook of Mollie has an id and no signature. What is true is what Mollie says when it is asked about that id.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

from babel.numbers import get_currency_precision
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy
from mollie.api import error as mollie_errors
from mollie.api.client import Client

from billing.providers.interface import (
    EXPIRED,
    FAILED,
    PAID,
    PENDING,
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

_METHODS = {"card": "creditcard", "ideal": "ideal"}
_STATES = {"paid": PAID, "failed": FAILED, "canceled": FAILED, "expired": EXPIRED}
_ID = re.compile(r"tr_\w{1,40}")
# Of a page of balance transactions, and pages that are read at once.
_PAGE = 250
_MOST_PAGES = 20


class MollieProvider(PaymentProvider):
    """Cards and iDEAL at Mollie."""

    kind = "mollie"
    methods = ("ideal", "card")
    is_read_again = True
    fields = (
        SecretField("api_key", gettext_lazy("API key"), ("live_", "test_")),
        # Fees stand on the balance, which an API key can't read; the token needs the permission balances.read.
        SecretField(
            "access_token", gettext_lazy("Access token of the organization, for fees"), ("access_",), is_required=False
        ),
    )

    def offers(self, method: str, currency: str) -> bool:
        return method == "card" or (method == "ideal" and currency == "EUR")

    def create_checkout(self, order: CheckoutOrder) -> Checkout:
        data = {
            "amount": mollie_amount(order.amount, order.currency),
            "description": order.title,
            "redirectUrl": order.return_url,
            "webhookUrl": order.hook_url,
            "method": _METHODS[order.method],
            "metadata": {"attempt": order.uid},
        }
        with _failures():
            payment = self._client().payments.create(data, idempotency_key=order.uid)
            return Checkout(payment.id, payment.checkout_url or "")

    def event_key(self, headers: Mapping[str, str], body: bytes) -> str:
        """Return a blank key; a body that is no id of a payment is forged."""
        if not _event_id(body):
            raise ForgedEvent
        return ""

    def read_event(self, body: bytes) -> PaymentReport | None:
        payment_id = _event_id(body)
        if not payment_id:
            raise UnreadableEvent(gettext("It names no payment of Mollie."))
        try:
            return self.fetch_payment(payment_id)
        except ProviderFailure as failure:
            if isinstance(failure.__cause__, mollie_errors.NotFoundError):
                # An id that Mollie doesn't know: somebody else sent it.
                return None
            raise

    def fetch_payment(self, checkout_id: str) -> PaymentReport:
        with _failures():
            payment = self._client().payments.get(checkout_id)
        return _report_of(payment)

    @property
    def reports_fees(self) -> bool:
        return bool(self.secrets.get("access_token"))

    def fetch_fees(self, since: datetime) -> list[ProviderFee]:
        client = self._new_client()
        is_test = self.secrets.get("api_key", "").startswith("test_")
        rows: list[Any] = []
        with _failures():
            client.set_access_token(self.secrets["access_token"])
            client.set_testmode(is_test)
            page = client.balances.get("primary").get_transactions(limit=_PAGE)
            for _number in range(_MOST_PAGES):
                listed = list(page)
                rows += listed
                if not page.has_next() or not listed or _instant(listed[-1]) < since:
                    break
                page = page.get_next()
        return [fee for row in rows if (fee := _fee_of(row))]

    def refund(self, order: RefundOrder) -> str:
        with _failures():
            payment = self._client().payments.get(order.payment_id)
            # Mollie forgets idempotency keys after an hour.
            for refund in payment.refunds.list():
                if (refund.metadata or {}).get("refund") == order.uid:
                    return str(refund.id)
            data = {
                "amount": mollie_amount(order.amount, order.currency),
                "description": order.reason[:140],
                "metadata": {"refund": order.uid},
            }
            return str(payment.refunds.create(data, idempotency_key=order.uid).id)

    def _client(self) -> Client:
        client = self._new_client()
        with _failures():
            client.set_api_key(self.secrets.get("api_key", ""))
        return client

    def _new_client(self) -> Client:
        client = Client(api_endpoint=settings.MOLLIE_API_URL, timeout=20)
        # Before its first call: it would make a session without the address guard.
        client._client = GuardedSession()
        return client


def mollie_amount(minor: int, currency: str) -> dict[str, str]:
    """Return an amount as Mollie writes it."""
    digits = get_currency_precision(currency)
    return {"currency": currency, "value": f"{Decimal(minor).scaleb(-digits):.{digits}f}"}


def _event_id(body: bytes) -> str:
    values = parse_qs(body[:1000].decode("ascii", "replace")).get("id", [""])
    if _ID.fullmatch(values[0]):
        return values[0]
    return ""


def _report_of(payment: Any) -> PaymentReport:
    try:
        amount = payment.amount
        currency = str(amount["currency"])
        minor = int(Decimal(amount["value"]).scaleb(get_currency_precision(currency)))
        method = {name: key for key, name in _METHODS.items()}.get(str(payment.method), "other")
        return PaymentReport(
            attempt=str((payment.metadata or {}).get("attempt") or ""),
            checkout_id=str(payment.id),
            state=_STATES.get(str(payment.status), PENDING),
            payment_id=str(payment.id),
            amount=minor,
            currency=currency,
            method=method,
            charged_back=_charged_back(payment),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise ProviderFailure(gettext("The answer of Mollie could not be read."), is_passing=True) from error


def _charged_back(payment: Any) -> int:
    """Return how much was charged back: https://docs.mollie.com/reference/get-payment (amountChargedBack)."""
    amount = payment.get("amountChargedBack")
    if not amount:
        return 0
    return int(Decimal(amount["value"]).scaleb(get_currency_precision(str(amount["currency"]))))


def _fee_of(row: Any) -> ProviderFee | None:
    """Read a balance transaction: https://docs.mollie.com/reference/list-balance-transactions. None: no payment."""
    try:
        context = row.context or {}
        payment_id = context.get("paymentId") or (context.get("payment") or {}).get("paymentId")
        if row.type != "payment" or not payment_id:
            return None
        # What is deducted is below zero.
        deducted = row.deductions or {**row.initial_amount, "value": "0"}
        currency = str(deducted["currency"])
        minor = int(-Decimal(deducted["value"]).scaleb(get_currency_precision(currency)))
        return ProviderFee(str(payment_id), max(0, minor), currency)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise ProviderFailure(gettext("The answer of Mollie could not be read."), is_passing=True) from error


def _instant(row: Any) -> datetime:
    """Return when a balance transaction was made."""
    return datetime.fromisoformat(str(row.created_at))


@contextmanager
def _failures() -> Iterator[None]:
    """Raise what the library raises as ProviderFailure."""
    try:
        yield
    except mollie_errors.RequestSetupError as error:
        raise ProviderFailure(str(error), is_passing=False) from error
    except (mollie_errors.RequestError, mollie_errors.ResponseHandlingError) as error:
        raise ProviderFailure(str(error), is_passing=True) from error
    except mollie_errors.ResponseError as error:
        status = int(error.status or 500)
        raise ProviderFailure(str(error), is_passing=status >= 500 or status in (409, 429)) from error
