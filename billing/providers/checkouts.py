"""How a customer pays online: payment_ways, start_payment, and the call that creates the provider's checkout.

`start_payment` writes a PaymentAttempt and schedules the call, so that no request waits for a provider and no call is
made that nobody knows about. The customer is sent to a page of ours that leads on to the checkout once there is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext

from billing.models import Invoice, PaymentMethod
from billing.models.online import AttemptState, PaymentAttempt, ProviderAccount
from billing.models.online.payment_attempt import UNDECIDED
from billing.providers import links
from billing.providers.interface import CheckoutOrder, PaymentProvider, ProviderFailure
from billing.providers.registry import is_offered, provider_of
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io

CHECKOUT = "billing.checkout"
CHECK = "billing.check_attempt"
# Within so much the same attempt is continued, as after a second tap.
CONTINUED = timedelta(minutes=15)
# A call is repeated for so long: providers keep an idempotency key for an hour at least.
REPEATED = timedelta(minutes=30)
FIRST_CHECK = timedelta(minutes=15)


@dataclass(frozen=True)
class PaymentWay:
    """A way to pay online; `key` goes through a form."""

    key: str
    label: str | Promise
    account: ProviderAccount
    is_demo: bool = False


def payment_ways(invoice: Invoice) -> list[PaymentWay]:
    """Return the ways to pay an invoice online: each method once, at the account that was connected first."""
    if not invoice.is_owed:
        return []
    ways: dict[str, PaymentWay] = {}
    accounts = ProviderAccount.objects.filter(brand_id=invoice.brand_id, disconnected_at=None)
    for account in accounts.order_by("connected_at", "pk"):
        if not is_offered(account.provider):
            continue
        provider = provider_of(account)
        for method in provider.methods:
            if provider.offers(method, invoice.currency):
                ways.setdefault(
                    method, PaymentWay(method, PaymentMethod(method).label, account, is_demo=provider.is_local)
                )
    return list(ways.values())


def payable_amount(invoice: Invoice, others: Iterable[Invoice]) -> int:
    """Return the most that can be paid at once: the invoice, and what else is open of its job, less credit."""
    return invoice.open + max(0, sum(row.signed_open for row in others))


@transaction.atomic
def start_payment(invoice: Invoice, amount: int, way: PaymentWay, return_url: str) -> str:
    """Start to pay online, an invoice or all that is open of its job; return the address to send the customer to.

    The same again within a quarter of an hour continues the same attempt. Raises Refused for more than is open.
    """
    invoice.lock()
    if not invoice.is_owed or not 0 < amount <= payable_amount(invoice, Invoice.objects.beside(invoice)):
        raise Refused(gettext("Enter an amount above zero, at most what is open."))
    details = {"account": way.account, "amount": amount, "method": way.key, "return_url": return_url}
    earlier = PaymentAttempt.objects.filter(
        **details, invoice=invoice, state__in=UNDECIDED, started_at__gt=clock.now() - CONTINUED
    )
    attempt: PaymentAttempt | None = earlier.order_by("-pk").first()
    if attempt is None:
        attempt = PaymentAttempt.objects.create(
            **details,
            invoice=invoice,
            job_id=invoice.job_id,
            currency=invoice.currency,
            is_for_job=amount > invoice.open,
        )
        attempt.refresh_from_db(fields=["uid"])
        _prepare(attempt)
    return links.go_url(attempt)


def _prepare(attempt: PaymentAttempt) -> None:
    """Schedule the call that creates the checkout; a local provider creates it at once."""
    provider = provider_of(attempt.account)
    if provider.is_local:
        checkout = provider.create_checkout(build_order(attempt))
        attempt.open_checkout(checkout.checkout_id, checkout.url)
    else:
        due_io.schedule(CHECKOUT, attempt.pk, clock.now(), peer=peer_of(attempt.account))
    due_io.schedule(CHECK, attempt.pk, clock.now() + FIRST_CHECK, peer=peer_of(attempt.account))


def peer_of(account: ProviderAccount) -> str:
    """Return the peer of calls about an account."""
    return f"payments:{account.pk}"


def build_order(attempt: PaymentAttempt) -> CheckoutOrder:
    """Return what the provider is asked for."""
    invoice = attempt.invoice
    return CheckoutOrder(
        uid=str(attempt.uid),
        amount=attempt.amount,
        currency=attempt.currency,
        method=attempt.method,
        title=f"{invoice.seller.get('name') or invoice.brand.name}: {invoice.number}",
        return_url=attempt.return_url,
        hook_url=links.hook_url(attempt.account),
    )


def create_checkout(tenant_id: int, attempt_id: int) -> None:
    """Create the checkout of an attempt (due work that calls the provider).

    A worker that died between call and commit is followed by one that calls with the same idempotency key.
    """
    with use_tenant(tenant_id):
        attempt = PaymentAttempt.objects.select_related("account", "invoice__brand").filter(pk=attempt_id).first()
        if attempt is None or attempt.state != AttemptState.STARTED:
            return
        if attempt.called_at and clock.now() - attempt.called_at > REPEATED:
            fail_attempt(attempt_id)
            return
        attempt.note_call()
        order = build_order(attempt)
        provider = provider_of(attempt.account)
    _call_provider(tenant_id, attempt, provider, order)


def _call_provider(tenant_id: int, attempt: PaymentAttempt, provider: PaymentProvider, order: CheckoutOrder) -> None:
    try:
        checkout = provider.create_checkout(order)
    except ProviderFailure as failure:
        if failure.is_passing:
            raise
        with use_tenant(tenant_id):
            attempt.account.note_problem(str(failure))
            fail_attempt(attempt.pk, str(failure))
        return
    with use_tenant(tenant_id):
        attempt.account.note_problem("")
        attempt.open_checkout(checkout.checkout_id, checkout.url)


def fail_attempt(attempt_id: int, problem: str = "") -> None:
    """Note that no checkout was created, if none was."""
    attempt = PaymentAttempt.objects.filter(pk=attempt_id).first()
    if attempt is None:
        return
    attempt.lock()
    if attempt.state == AttemptState.STARTED:
        attempt.settle(AttemptState.FAILED, problem=problem)
