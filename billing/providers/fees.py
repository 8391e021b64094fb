"""Fees of online payments: ask the provider what it kept of them until that is known, and book each fee once.

One due row an account. Stripe knows a fee with the payment, Mollie once the money is on the balance.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext

from billing.models import Payment
from billing.models.online import ProviderAccount
from billing.providers.checkouts import peer_of
from billing.providers.interface import ProviderFailure, ProviderFee
from billing.providers.registry import is_offered, provider_of
from crm.kernel import clock
from crm.platform.models import Due
from crm.platform.tenancy.context import required_tenant_id, use_tenant
from crm.platform.work import due_io

FEES = "billing.provider_fees"
# The first question after a payment, and the next ones.
SOON = timedelta(hours=1)
AGAIN = timedelta(days=1)
# The fee of a payment is asked for so long.
LONGEST = timedelta(days=90)


def ask_for_fees(account: ProviderAccount) -> None:
    """Schedule the question for the fees of an account; one that is scheduled keeps its time."""
    if not provider_of(account).reports_fees:
        return
    scheduled = Due.objects.filter(tenant_id=required_tenant_id(), key=f"{FEES}:{account.pk}", run_at__isnull=False)
    if not scheduled.exists():
        due_io.schedule(FEES, account.pk, clock.now() + SOON, peer=peer_of(account))


def fetch_fees(tenant_id: int, account_id: int) -> None:
    """Ask for the fees that are not known yet, and book them (due work that calls the provider)."""
    with use_tenant(tenant_id):
        account = ProviderAccount.objects.filter(pk=account_id, disconnected_at=None).first()
        if account is None or not is_offered(account.provider):
            return
        since = _oldest_without_fee(account)
        provider = provider_of(account)
        if since is None or not provider.reports_fees:
            return
    fees: Iterable[ProviderFee] = ()
    problem = ""
    try:
        fees = provider.fetch_fees(since - AGAIN)
    except ProviderFailure as failure:
        if failure.is_passing:
            raise
        problem = gettext("The fees of payments could not be read: %(why)s") % {"why": failure}
    with use_tenant(tenant_id):
        if problem:
            account.note_problem(problem)
        book_fees(account, fees)
        if _oldest_without_fee(account) is not None:
            due_io.schedule(FEES, account.pk, clock.now() + AGAIN, peer=peer_of(account))


def book_fees(account: ProviderAccount, fees: Iterable[ProviderFee]) -> None:
    """Book the fees of payments of an account that have none yet. Idempotent."""
    by_payment = {fee.payment_id: fee for fee in fees}
    rows = Payment.objects.without_fee(account).filter(provider_id__in=by_payment)
    for payment in rows.order_by("pk"):
        fee = by_payment[payment.provider_id]
        payment.book_fee(fee.amount, fee.currency)


def _oldest_without_fee(account: ProviderAccount) -> datetime | None:
    """Return when the oldest payment came in whose fee is still asked for."""
    rows = Payment.objects.without_fee(account).filter(received_at__gt=clock.now() - LONGEST)
    oldest: datetime | None = rows.order_by("received_at").values_list("received_at", flat=True).first()
    return oldest
