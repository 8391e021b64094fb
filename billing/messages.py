"""Messages to customers about their invoices and payments, through the outbox and the send gate."""

import logging
from datetime import timedelta

from billing.message_values import given_for
from billing.models import Invoice
from billing.models.instalment_plan import PartOfInvoice
from comms.models import Message
from comms.outbox.by_template import queue_to
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint

logger = logging.getLogger(__name__)

# A reminder that could not leave for so long is not sent any more.
USEFUL = timedelta(days=2)
EMAIL = ContactPoint.PointKind.EMAIL
PHONE = ContactPoint.PointKind.PHONE


def send_about(
    invoice: Invoice,
    key: str,
    occasion: str,
    *,
    kind: str = EMAIL,
    amount: int | None = None,
    part: PartOfInvoice | None = None,
) -> Message | None:
    """Queue a message to an invoice's customer by a kind of address; None if nothing reaches them that way.

    `amount`: what was paid; `part`: the part of the invoice that is due.

    The same key and occasion again queue nothing new.
    """
    person = invoice.person
    if person is None or person.erased_at:
        return None
    for point in ContactPoint.objects.filter(person=person, kind=kind).verified_first("kind", "pk")[:3]:
        try:
            return queue_to(
                point,
                key,
                brand=invoice.brand,
                job=invoice.job,
                given=given_for(invoice, amount, part),
                useful_until=clock.now() + USEFUL,
                occasion=occasion,
            )
        except Refused as why:
            logger.info("a customer was not written to", extra={"invoice": invoice.pk, "why": str(why)})
    return None
