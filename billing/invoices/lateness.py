"""How an invoice stands, in a word and a color: paid, so many days late, so many days left."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import Invoice, InvoiceState
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader


class InvoiceStanding(NamedTuple):
    """The words of an invoice's state, and the class of their mark (static/css/components/age.css)."""

    words: str
    css: str


def standing_of(invoice: Invoice, reader: Reader) -> InvoiceStanding:
    """Return how an invoice or credit note stands now."""
    if invoice.is_draft:
        return InvoiceStanding(_("draft"), "hold")
    if invoice.is_credit:
        return _credit_standing(invoice)
    if invoice.state == InvoiceState.VOID:
        return InvoiceStanding(_("credited"), "hold")
    if invoice.state == InvoiceState.PAID:
        return InvoiceStanding(_("paid"), "won")
    if invoice.disputed_at:
        return InvoiceStanding(_("disputed"), "late")
    days = days_late(invoice, reader)
    if days > 0:
        words = ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
        return InvoiceStanding(words, "crit" if days > 7 else "late")
    if days == 0:
        return InvoiceStanding(_("due today"), "soon")
    words = ngettext("%(days)s day left", "%(days)s days left", -days) % {"days": -days}
    return InvoiceStanding(words, "ok")


def days_late(invoice: Invoice, reader: Reader) -> int:
    """Return by how many days an invoice is late; below zero, how many are left."""
    assert invoice.due_on is not None
    today = reader.now.astimezone(directory().zone).date()
    return (today - invoice.due_on).days


def _credit_standing(invoice: Invoice) -> InvoiceStanding:
    if invoice.open:
        return InvoiceStanding(_("credit"), "soon")
    return InvoiceStanding(_("used"), "won")
