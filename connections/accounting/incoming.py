"""Take over payments that came in at the accounting system: received once, by billing's own verb."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.models import Invoice, Payment, PaymentMethod
from billing.payments.receiving import receive_payment
from connections.accounting.backup import file_payment_id
from connections.accounting.documents import minor_amount
from connections.accounting.interface import BookkeepingClient, PaymentsPage, RemotePayment
from connections.models import LinkedRecord, SyncItem
from connections.sync.sync_round import SyncRound
from connections.system_kinds import ItemRefused
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory

INVOICE, PAYMENT = "invoice", "payment"


def receive_payments(one: SyncRound, client: BookkeepingClient) -> None:
    """Read what is new there and take it over; the cursor moves once all of it was."""
    with one.tenant():
        open_ids = Invoice.objects.unpaid().filter(brand_id=one.connection.brand_id).values_list("pk", flat=True)
        links = LinkedRecord.objects.filter(connection=one.connection, noun=INVOICE)
        open_links = links.filter(local_key__in=[str(pk) for pk in open_ids])
        versions = dict(open_links.values_list("remote_id", "version"))
        replayed = SyncItem.objects.waiting().filter(connection=one.connection, noun=PAYMENT, subject_id=None)
        replayed_ids = list(replayed.values_list("remote_id", flat=True))
    cursor = dict(one.connection.cursor)
    if replayed_ids:
        cursor.pop("since", None)
    page = client.read_payments(cursor, versions)
    for payment in page.payments:
        _take_over(one, client, payment)
    _refuse_unlisted(one, client, set(replayed_ids) - {payment.remote_id[:120] for payment in page.payments})
    _store_versions(one, page)
    one.store_cursor(one.connection.cursor | dict(page.cursor))


def _take_over(one: SyncRound, client: BookkeepingClient, payment: RemotePayment) -> None:
    """Take one payment over. What can't be is parked; the others go on."""
    try:
        with one.tenant():
            is_ours = LinkedRecord.objects.filter(
                connection=one.connection, noun=PAYMENT, remote_id=payment.remote_id
            ).exists()
            if not is_ours:
                one.received += _receive(one, client, payment)
    except (Refused, ItemRefused) as why:
        one.park(PAYMENT, payment.remote_id, str(why), label=payment.reference)
    else:
        _forget_parked(one, payment)


def _receive(one: SyncRound, client: BookkeepingClient, payment: RemotePayment) -> int:
    """Receive a payment for each of our invoices that it is used for; return how many are new."""
    if payment.is_deleted:
        _refuse_deleted(one, client, payment)
        return 0
    count = 0
    for invoice, amount in _own_uses(one, payment):
        currency = payment.currency or invoice.currency
        minor = minor_amount(amount, currency)
        provider_id = _provider_id(one, payment, invoice)
        received_at = _instant(payment.paid_on)
        before = Payment.objects.filter(provider=one.connection.kind, provider_id=provider_id).first()
        by_file = file_payment_id(one.connection, invoice, received_at, minor)
        if before is None and Payment.objects.filter(provider=one.connection.kind, provider_id=by_file).exists():
            # It was taken over from a file while the connection did not work.
            continue
        if before and before.amount != minor and before.reversed_at is None:
            words = _("A payment for %(number)s was changed in %(system)s to %(amount)s. Correct it here.")
            raise ItemRefused(words % {"number": invoice.number, "system": client.label, "amount": amount})
        receive_payment(
            one.connection.kind,
            provider_id,
            amount=minor,
            currency=currency,
            method=PaymentMethod.BANK,
            invoices=[invoice],
            reference=payment.reference,
            details=client.label,
            received_at=received_at,
        )
        count += before is None
    return count


def _own_uses(one: SyncRound, payment: RemotePayment) -> Sequence[tuple[Invoice, Decimal]]:
    """Return which of our invoices it pays, and how much of each. What it pays beside them is not ours."""
    links = LinkedRecord.objects.filter(connection=one.connection, noun=INVOICE, remote_id__in=list(payment.uses))
    keys = {int(link.local_key): link.remote_id for link in links}
    rows = Invoice.objects.bills().filter(pk__in=keys).select_related("job", "person", "brand").order_by("pk")
    uses = [(invoice, payment.uses[keys[invoice.pk]]) for invoice in rows]
    return [(invoice, amount) for invoice, amount in uses if amount > 0]


def _refuse_deleted(one: SyncRound, client: BookkeepingClient, payment: RemotePayment) -> None:
    prefix = f"{one.connection.uid.hex[:8]}:{payment.remote_id}:"
    rows = Payment.objects.filter(provider=one.connection.kind, provider_id__startswith=prefix, reversed_at=None)
    if rows.exists():
        words = _("The payment was deleted in %(system)s. Take it back here, or enter it there again.")
        raise ItemRefused(words % {"system": client.label})


def _provider_id(one: SyncRound, payment: RemotePayment, invoice: Invoice) -> str:
    return f"{one.connection.uid.hex[:8]}:{payment.remote_id}:{invoice.pk}"[:120]


def _instant(day: date) -> datetime:
    """Return noon of a day, or now if that is still to come."""
    return min(datetime.combine(day, time(12), directory().zone), clock.now())


def _refuse_unlisted(one: SyncRound, client: BookkeepingClient, remote_ids: set[str]) -> None:
    """Make those dead letters again that a person had read again, and that the system no longer lists."""
    words = _("%(system)s no longer lists this payment. Record it on its invoice, then choose “Leave it”.")
    for remote_id in sorted(remote_ids):
        one.park(PAYMENT, remote_id, words % {"system": client.label})


def _forget_parked(one: SyncRound, payment: RemotePayment) -> None:
    with one.tenant():
        parked = SyncItem.objects.filter(connection=one.connection, noun=PAYMENT, subject_id=None)
        parked.filter(remote_id=payment.remote_id[:120], dead_at=None).delete()


def _store_versions(one: SyncRound, page: PaymentsPage) -> None:
    with one.tenant():
        for remote_id, version in page.versions.items():
            links = LinkedRecord.objects.filter(connection=one.connection, noun=INVOICE, remote_id=remote_id)
            links.update(version=version)
