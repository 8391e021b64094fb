"""What customers tell about an invoice: they pay on another day, have paid, ask for parts, or something isn't right."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from billing.models import PaymentPromise
from comms.inbound.inbound_processing import read_one
from comms.inbound.messaging.portal_messages import store_portal_message
from crm.kernel.refusal import Refused
from portal.access.viewer import PortalViewer
from portal.invoices.invoice_page import InvoicePage
from portal.models.quotas import spend_message

# A transfer is on the account after so many days.
TRANSFER_TAKES = timedelta(days=3)


def promise_day(viewer: PortalViewer, page: InvoicePage, posted: QueryDict, key: UUID) -> str:
    """Note the day on which they pay; reminders wait until then. Returns the words that thank for it."""
    try:
        until = date.fromisoformat(posted.get("until", ""))
    except ValueError:
        raise Refused(_("Choose the day on which you pay.")) from None
    PaymentPromise.promise(page.invoice, until, by=None)
    return _("Thank you. We send no reminder until %(day)s.") % {"day": page.calendar.say(until)}


def tell_transfer(viewer: PortalViewer, page: InvoicePage, posted: QueryDict, key: UUID) -> str:
    """Note that they have sent the money; reminders wait until it should be there."""
    until = page.calendar.today + TRANSFER_TAKES
    PaymentPromise.promise(page.invoice, until, by=None, words=_("Says it is transferred"))
    return _("Thank you. We see the transfer in one to three days.")


def ask_for_parts(viewer: PortalViewer, page: InvoicePage, posted: QueryDict, key: UUID) -> str:
    """Ask to pay in parts: a message with days and amounts; reminders wait for the first one."""
    if not page.parts:
        raise Refused(_("It is too little to divide."))
    lines = [f"{amount}: {day}" for day, amount in page.part_rows]
    first = page.parts[0]
    text = _("I would like to pay it in %(count)s parts:") % {"count": len(lines)}
    with transaction.atomic():
        words = _("Asks to pay in parts")
        PaymentPromise.promise(page.invoice, first.due_on, by=None, amount=first.amount, words=words, wants_parts=True)
        inbound_id = _store_message(viewer, page, "\n".join([text, *lines]), key)
    read_one(inbound_id)
    return _("Thank you, we’ve received it. Until we answer, nothing else is due.")


def dispute(viewer: PortalViewer, page: InvoicePage, posted: QueryDict, key: UUID) -> str:
    """Note what isn't right: reminders stop, and it is a message on the ticket."""
    text = posted.get("text", "").replace("\0", "").strip()
    if not text:
        raise Refused(_("Write what isn’t right."))
    with transaction.atomic():
        page.invoice.dispute(text, by=None)
        inbound_id = _store_message(viewer, page, text, key)
    read_one(inbound_id)
    return _("Thank you, we’ve received it. We send no reminder until you have an answer.")


Telling = Callable[[PortalViewer, InvoicePage, QueryDict, UUID], str]
TELLINGS: Mapping[str, Telling] = {
    "promise": promise_day,
    "sent": tell_transfer,
    "parts": ask_for_parts,
    "dispute": dispute,
}


def _store_message(viewer: PortalViewer, page: InvoicePage, text: str, key: UUID) -> int:
    spend_message(viewer.access)
    about = _("About invoice %(number)s:") % {"number": page.invoice.number}
    return int(store_portal_message(viewer.person, page.invoice.job, key, f"{about}\n\n{text}").pk)
