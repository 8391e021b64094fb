"""Synchronize by file while a connection does not work: what could not be sent, and the payments of their export."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import IO

from django.utils.translation import gettext as _

from billing.accounting.exporting import NamedFile, write_invoices
from billing.models import Invoice, Payment, PaymentMethod
from billing.models.accounting import accounting_terms_of
from billing.payments.receiving import receive_payment
from connections.models import OF_FILE, Connection, SyncItem
from crm.jobs.importing.file import FileRows, read_file
from crm.jobs.importing.headings import key_of
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_instant, parse_money
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

INVOICE, PAYMENT = "invoice", "payment"
# How exports name the columns that are needed, in the spelling of `key_of`.
_HEADINGS = {
    "number": (
        *("invoicenumber", "invoiceno", "invoice", "docnumber", "num", "number", "reference"),
        *("factuurnummer", "factuur", "uwref", "uwreferentie", "yourref", "referentie"),
    ),
    "amount": ("amountpaid", "paid", "amount", "total", "bedragbetaald", "betaald", "bedrag", "price", "amountfc"),
    "day": ("paymentdate", "datepaid", "date", "transactiondate", "betaaldatum", "datum", "boekdatum"),
}


def write_waiting(connection: Connection) -> NamedFile:
    """Return the file of the invoices that wait or were refused, in the format that the system imports.

    An invoice that was imported so is found by its number later, and linked. Raises Refused without any.
    """
    terms = accounting_terms_of(connection.brand_id or 0)
    if terms is None:
        raise Refused(_("Enter its accounts and tax codes first."))
    waiting = SyncItem.objects.filter(connection=connection, noun=INVOICE).values("subject_id")
    rows = Invoice.objects.issued().filter(pk__in=waiting).order_by("issued_at", "pk")
    if not rows.exists():
        raise Refused(_("No invoice waits."))
    return write_invoices(rows, terms)


def read_payments(connection: Connection, file: IO[bytes], size: int, *, by: Member) -> int:
    """Receive the payments of an export of the system; return how many are new.

    A row needs the number of an invoice, an amount and a day. What is no payment of one of our invoices is parked, and
    settled once the file is uploaded again and it is one.
    Raises UnreadableFile for a file that can't be read, Refused without these columns.
    """
    table = read_file(file, size)
    places = _find_columns(table)
    count = 0
    for row, cells in table.rows:
        values = {name: cells[place].strip() for name, place in places.items()}
        key = OF_FILE + hashlib.sha256("\n".join(values.values()).encode()).hexdigest()
        try:
            count += _receive_row(connection, values, by)
        except Refused as why:
            words = _("Row %(row)s: %(why)s") % {"row": row, "why": why}
            SyncItem.park(connection.pk, PAYMENT, key, words, label=values["number"][:80])
        else:
            SyncItem.settle(connection.pk, PAYMENT, key)
    return count


def file_payment_id(connection: Connection, invoice: Invoice, received_at: datetime, minor: int) -> str:
    """Return the id of a payment of a file: the same payment of the system's interface is known by it."""
    day = received_at.astimezone(directory().zone).date()
    return f"{connection.uid.hex[:8]}:file:{invoice.pk}:{day}:{minor}"


def _find_columns(table: FileRows) -> dict[str, int]:
    keys = [key_of(heading) for heading in table.headings]
    places: dict[str, int] = {}
    for name, headings in _HEADINGS.items():
        place = next((keys.index(heading) for heading in headings if heading in keys), None)
        if place is None:
            raise Refused(_("The file needs columns with the number of the invoice, the amount and the date."))
        places[name] = place
    return places


def _receive_row(connection: Connection, values: Mapping[str, str], by: Member) -> int:
    rows = Invoice.objects.bills().issued().filter(brand_id=connection.brand_id, number=values["number"])
    invoice = rows.select_related("job", "person", "brand").first()
    if invoice is None:
        raise Refused(_("There is no invoice with this number."))
    organization = directory()
    habits = NotationHabits.of(organization.tenant.country, invoice.currency, organization.zone)
    minor, currency = parse_money(values["amount"], habits)
    received_at = min(parse_instant(values["day"], habits), clock.now())
    if _is_received(connection, invoice, received_at, minor):
        return 0
    receive_payment(
        connection.kind,
        file_payment_id(connection, invoice, received_at, minor),
        amount=minor,
        currency=currency,
        method=PaymentMethod.BANK,
        invoices=[invoice],
        received_at=received_at,
        by=by,
    )
    return 1


def _is_received(connection: Connection, invoice: Invoice, received_at: datetime, minor: int) -> bool:
    """Return True if the same amount of that day was received for this invoice, by a file or the interface."""
    start = received_at.astimezone(directory().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    same = Payment.objects.filter(provider=connection.kind, amount=minor, allocations__invoice=invoice)
    days = [one.astimezone(directory().zone).date() for one in same.values_list("received_at", flat=True)]
    return start.date() in days
