"""Ask a customer for what is open on an invoice: a text or an email with the link to its page, where it can be paid."""

from django.db import transaction
from django.utils.translation import gettext as _

from billing.messages import EMAIL, PHONE, send_about
from billing.models import Invoice
from comms.models import Message
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

TEMPLATE = "payment_request"


@transaction.atomic
def ask_for_money(invoice: Invoice, kind: str, *, by: Member) -> Message:
    """Send the pay link to the customer's phone or email address, through the outbox and the gate; once a day each.

    Raises Refused if nothing is open, if it is disputed, or if nothing reaches the customer that way.
    """
    invoice.lock()
    if not invoice.is_owed:
        raise Refused(_("Nothing is open on it."))
    if invoice.disputed_at is not None:
        raise Refused(_("The customer disputes it. Settle that first."))
    if kind not in (EMAIL, PHONE):
        raise Refused(_("Choose a text or an email."))
    today = clock.now().astimezone(directory().zone).date()
    occasion = f"asked:{invoice.pk}:{today}:{kind}"
    if Message.objects.filter(occasion=occasion).exists():
        raise Refused(_("The customer was asked this way today."))
    message = send_about(invoice, TEMPLATE, occasion, kind=kind)
    if message is None:
        raise Refused(_("The customer can’t be reached this way."))
    invoice._record("invoice.asked", by, {"amount": invoice.open, "currency": invoice.currency})
    return message
