"""Pay approved refunds back through the provider that took the payment."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext

from billing.models import Refund
from billing.models.refund import paying_account
from billing.providers.checkouts import peer_of
from billing.providers.interface import ProviderFailure, RefundOrder
from billing.providers.registry import provider_of
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io

PAY_BACK = "billing.provider_refund"


def follow_approved(events: Sequence[Event]) -> None:
    """Schedule paying back what was paid online (subscriber of refund.approved)."""
    for refund in Refund.objects.filter(pk__in=[event.subject_id for event in events]):
        account = paying_account(refund)
        if account is not None:
            due_io.schedule(PAY_BACK, refund.pk, clock.now(), peer=peer_of(account))


def pay_back(tenant_id: int, refund_id: int) -> None:
    """Pay a refund back (due work that calls the provider).

    Its uid is the idempotency key, and providers are asked for refunds with it first, so it is never paid back twice.
    """
    with use_tenant(tenant_id):
        refund = Refund.objects.select_related("payment", "invoice").filter(pk=refund_id).first()
        account = paying_account(refund) if refund else None
        if refund is None or account is None or refund.payment is None:
            return
        if refund.invoice.is_owed and refund.amount > refund.payment.free:
            _leave_to_people(refund, gettext("Something is open on the invoice. Take it off there instead."))
            return
        provider = provider_of(account)
        order = RefundOrder(
            uid=str(refund.uid),
            payment_id=refund.payment.provider_id,
            amount=refund.amount,
            currency=refund.currency,
            reason=refund.reason,
        )
    try:
        provider.refund(order)
    except ProviderFailure as failure:
        if failure.is_passing:
            raise
        with use_tenant(tenant_id):
            account.note_problem(str(failure))
            _leave_to_people(refund, str(failure))
        return
    with use_tenant(tenant_id):
        account.note_problem("")
        refund.pay_back(by=None)


@transaction.atomic
def _leave_to_people(refund: Refund, problem: str) -> None:
    """Note why the provider doesn't pay a refund back, so that a person does."""
    refund.lock()
    refund.problem = problem[:300]
    refund._save("problem")
