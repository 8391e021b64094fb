"""Synchronize a connection to an accounting system: send invoices and payments, read the payments that came in there.

Every record is linked by its id there, and looked up before it is created: a call that is repeated books nothing twice.
"""

from typing import Any

from django.utils.translation import gettext as _

from billing.models import Invoice, Payment
from billing.models.accounting import accounting_terms_of
from connections.accounting.customers import link_customer
from connections.accounting.documents import (
    BookDocument,
    BookPayment,
    build_credit_use,
    build_customer,
    build_document,
    build_payment,
)
from connections.accounting.earlier_invoices import link_earlier_invoices
from connections.accounting.incoming import receive_payments
from connections.accounting.interface import BookkeepingClient, RemoteRecord
from connections.accounting.queueing import queue_missing
from connections.models import FieldRule, LinkedRecord, SyncDirection, SyncItem
from connections.sync.sync_round import SyncRound
from connections.system_kinds import ItemRefused

INVOICE, PAYMENT, CUSTOMER = "invoice", "payment", "customer"
# The lines of the mapping: payments in and out are two of them.
PAYMENT_IN, PAYMENT_OUT, CREDIT = "payment_in", "payment_out", "credit"
OUT = (SyncDirection.OUT, SyncDirection.BOTH)


def synchronize(one: SyncRound, client: BookkeepingClient) -> None:
    """Do one round. Raises RemoteError if the system can't be used; what was not sent waits."""
    one.store_account(client.open_company())
    with one.tenant():
        queue_missing(one.connection, one.started_at)
        rules = {rule.ours: rule for rule in FieldRule.objects.filter(connection=one.connection)}
    sent = {name for name, rule in rules.items() if rule.direction in OUT}
    for item in one.waiting_items():
        try:
            _send_item(one, client, item, sent)
        except ItemRefused as why:
            one.refuse_item(item, str(why), label=_label_of(one, item))
        else:
            one.finish_item(item)
    received = rules.get(PAYMENT_IN)
    if received and received.direction != SyncDirection.NEVER and not one.is_over:
        receive_payments(one, client)


def _send_item(one: SyncRound, client: BookkeepingClient, item: SyncItem, sent: set[str]) -> None:
    if item.noun == INVOICE:
        _send_invoice(one, client, item, sent)
    elif item.noun == PAYMENT and PAYMENT_OUT in sent and client.takes_payments:
        _send_payment(one, client, item)
    elif item.noun == CUSTOMER and CUSTOMER in sent:
        _send_customer(one, client, item)


def _send_invoice(one: SyncRound, client: BookkeepingClient, item: SyncItem, sent: set[str]) -> None:
    with one.tenant():
        rows = Invoice.objects.issued().select_related("job", "person", "brand", "credited").prefetch_related("lines")
        invoice = rows.filter(pk=item.subject_id, brand_id=one.connection.brand_id).first()
        if invoice is None or (CREDIT if invoice.is_credit else INVOICE) not in sent:
            return
        document = build_document(invoice, accounting_terms_of(invoice.brand_id))
        is_linked = _links(one, INVOICE).filter(local_key=str(invoice.pk)).exists()
    customer_id = link_customer(one, client, document.customer)
    record = client.find_document(document, customer_id)
    if record is None and is_linked:
        words = _("%(number)s was deleted in %(system)s. Correct it there, or leave it out here.")
        raise ItemRefused(words % {"number": document.number, "system": client.label})
    if record is None:
        record = client.create_document(document, customer_id)
    with one.tenant():
        LinkedRecord.store(one.connection.pk, INVOICE, document.pk, record.remote_id, version=record.version)
        if _retry_payments(one, invoice):
            one.is_done = False
    _compare_totals(client, document, record)
    if client.applies_credit and CREDIT in sent:
        _apply_credit(one, client, invoice, customer_id)


def _retry_payments(one: SyncRound, invoice: Invoice) -> int:
    """Have the payments of an invoice sent that were refused because it was not there; return how many."""
    used = invoice.allocations.filter(ended_at=None, payment__isnull=False).values("payment_id")
    refused = SyncItem.objects.dead().filter(connection=one.connection, noun=PAYMENT, subject_id__in=used)
    return int(refused.update(dead_at=None, reason="", attempts=0))


def _apply_credit(one: SyncRound, client: BookkeepingClient, invoice: Invoice, customer_id: str) -> None:
    """Apply a credit note to its invoices there, or to an invoice the credit notes that it uses."""
    with one.tenant():
        notes = [invoice]
        if not invoice.is_credit:
            notes = list(Invoice.objects.filter(uses__invoice=invoice).order_by("pk").distinct())
        uses = [build_credit_use(note, _remote_ids_of(one, note)) for note in notes]
    for use in uses:
        if use is None:
            continue
        with one.tenant():
            link = _links(one, PAYMENT).filter(local_key=use.key).first()
        if use.uses:
            _write_payment(one, client, use, customer_id)
        elif link:
            _cancel_payment(one, client, [link])


def _remote_ids_of(one: SyncRound, note: Invoice) -> dict[int, str]:
    """Return the remote ids of a credit note and of the invoices that it was used for."""
    ids = [note.pk, *note.uses.values_list("invoice_id", flat=True)]
    links = _links(one, INVOICE).filter(local_key__in=[str(pk) for pk in ids])
    return {int(link.local_key): link.remote_id for link in links}


def _compare_totals(client: BookkeepingClient, document: BookDocument, record: RemoteRecord) -> None:
    """Refuse an invoice that has another total there: somebody has to correct its tax."""
    if record.total is None or abs(record.total) == abs(document.total):
        return
    words = _("%(number)s is %(ours)s here and %(theirs)s in %(system)s. Check its tax code there.")
    facts = {"number": document.number, "ours": abs(document.total), "theirs": abs(record.total)}
    raise ItemRefused(words % (facts | {"system": client.label}))


def _send_payment(one: SyncRound, client: BookkeepingClient, item: SyncItem) -> None:
    with one.tenant():
        payment = Payment.objects.filter(pk=item.subject_id, brand_id=one.connection.brand_id).first()
        # What was read from there is not sent back.
        if payment is None or payment.provider == one.connection.kind:
            return
        links = _payment_links(one, payment)
    if payment.reversed_at is not None:
        _cancel_payment(one, client, links)
        return
    link_earlier_invoices(one, client, payment)
    with one.tenant():
        invoices = payment.allocations.filter(ended_at=None).select_related("invoice__job", "invoice__person")
        first = invoices.order_by("pk").first()
        if first is None:
            # It is sent once an invoice uses it.
            return
        keys = _links(one, INVOICE).filter(local_key__in=[str(use.invoice_id) for use in invoices])
        remote_ids = {int(link.local_key): link.remote_id for link in keys}
        book_payment = build_payment(payment, remote_ids)
        customer = build_customer(first.invoice)
    customer_id = link_customer(one, client, customer)
    for part in _parts(client, book_payment):
        _write_payment(one, client, part, customer_id)


def _parts(client: BookkeepingClient, payment: BookPayment) -> list[BookPayment]:
    """Return a payment as the system keeps it: whole, or one for each invoice."""
    if not client.pays_by_invoice:
        return [payment]
    return [
        BookPayment(
            key=f"{payment.key}:{remote_id}",
            uid=f"{payment.uid}:{remote_id}",
            amount=amount,
            currency=payment.currency,
            paid_on=payment.paid_on,
            reference=payment.reference,
            uses={remote_id: amount},
        )
        for remote_id, amount in payment.uses.items()
    ]


def _write_payment(one: SyncRound, client: BookkeepingClient, payment: BookPayment, customer_id: str) -> None:
    with one.tenant():
        link = _links(one, PAYMENT).filter(local_key=payment.key).first()
    if link and link.fingerprint == payment.fingerprint:
        return
    current = None
    if link:
        current = RemoteRecord(link.remote_id, link.version)
    record = None
    if current is None:
        record = client.find_payment(payment, customer_id)
    if record is None:
        record = client.write_payment(payment, customer_id, current)
    values = {"version": record.version, "fingerprint": payment.fingerprint}
    with one.tenant():
        LinkedRecord.store(one.connection.pk, PAYMENT, payment.key, record.remote_id, **values)


def _cancel_payment(one: SyncRound, client: BookkeepingClient, links: list[LinkedRecord]) -> None:
    for link in links:
        client.cancel_payment(RemoteRecord(link.remote_id, link.version), link.local_key.partition(":")[2])
        with one.tenant():
            link.delete()


def _payment_links(one: SyncRound, payment: Payment) -> list[LinkedRecord]:
    links = _links(one, PAYMENT)
    whole = list(links.filter(local_key=str(payment.pk)))
    return whole + list(links.filter(local_key__startswith=f"{payment.pk}:"))


def _send_customer(one: SyncRound, client: BookkeepingClient, item: SyncItem) -> None:
    """Send a changed customer who was sent before; a person decided this, or the customer was edited."""
    with one.tenant():
        if not _links(one, CUSTOMER).filter(local_key=str(item.subject_id)).exists():
            return
        rows = Invoice.objects.issued().select_related("job", "person", "brand")
        of_customer = rows.filter(person_id=item.subject_id, brand_id=one.connection.brand_id)
        invoice = of_customer.order_by("-issued_at", "-pk").first()
        if invoice is None:
            return
        customer = build_customer(invoice)
    link_customer(one, client, customer)


def _links(one: SyncRound, noun: str) -> Any:
    return LinkedRecord.objects.filter(connection=one.connection, noun=noun)


def _label_of(one: SyncRound, item: SyncItem) -> str:
    """Return how a person recognizes a record: its number, never a customer's name."""
    with one.tenant():
        if item.noun == INVOICE:
            return str(Invoice.objects.filter(pk=item.subject_id).values_list("number", flat=True).first() or "")
        if item.noun == PAYMENT:
            used = Invoice.objects.filter(allocations__payment_id=item.subject_id).values_list("number", flat=True)
            return ", ".join(sorted(set(used)))[:80]
    return ""
