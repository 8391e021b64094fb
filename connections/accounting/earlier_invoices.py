"""Link the invoices that were issued before a connection's first day, which it does not send."""

from datetime import date

from django.utils.translation import gettext as _

from billing.models import Invoice, Payment
from billing.models.accounting import accounting_terms_of
from connections.accounting.customers import link_customer
from connections.accounting.documents import build_document
from connections.accounting.interface import BookkeepingClient
from connections.accounting.queueing import first_instant
from connections.models import LinkedRecord
from connections.sync.sync_round import SyncRound
from connections.system_kinds import ItemRefused
from crm.kernel import formats
from crm.platform.organization.configuration import directory

INVOICE = "invoice"


def link_earlier_invoices(one: SyncRound, client: BookkeepingClient, payment: Payment) -> None:
    """Look the earlier invoices of a payment up by their numbers, and link them. Idempotent.

    Raises ItemRefused if one is not there: it is never sent, so the payment can't be sent either.
    """
    with one.tenant():
        linked = LinkedRecord.objects.filter(connection=one.connection, noun=INVOICE).values_list(
            "local_key", flat=True
        )
        used = Invoice.objects.issued().filter(allocations__payment=payment, allocations__ended_at=None)
        earlier = used.filter(issued_at__lt=first_instant(one.connection)).distinct().order_by("pk")
        rows = list(earlier.select_related("job", "person", "brand", "credited").prefetch_related("lines"))
        keys = set(linked.filter(local_key__in=[str(row.pk) for row in rows]))
        terms = accounting_terms_of(payment.brand_id)
        documents = [build_document(row, terms) for row in rows if str(row.pk) not in keys]
    for document in documents:
        record = client.find_document(document, link_customer(one, client, document.customer))
        if record is None:
            raise ItemRefused(_refusal_words(one, client, document.number))
        with one.tenant():
            LinkedRecord.store(one.connection.pk, INVOICE, document.pk, record.remote_id, version=record.version)


def _refusal_words(one: SyncRound, client: BookkeepingClient, number: str) -> str:
    words = _(
        "Its invoice %(number)s is not in %(system)s, and was issued before %(day)s, the first day that is sent. "
        "Enter the payment there, then choose “Leave it”."
    )
    with one.tenant():
        day = formats.full_day(date.fromisoformat(one.connection.options["send_from"]), directory().tenant.country)
        return words % {"number": number, "system": client.label, "day": day}
