"""Quotes and invoices of a job in the lists of its customer, loaded with the job's page (`with_story`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from billing.models import OPEN_STATES, Invoice, InvoiceState
from crm.kernel import formats
from crm.platform.organization.configuration import directory
from portal.access.viewer import Level, PortalViewer
from portal.job.calendar import CustomerCalendar
from quotes.models import Quote, QuoteState

# Of a job so many of each are listed.
MOST = 20


@dataclass(frozen=True)
class MoneyEntry:
    """A quote or an invoice as a line. `page`: its URL name; `waits`: it is the customer's turn."""

    page: str
    uid: str
    title: str
    amount: str
    state: str
    tint: str
    icon: str
    waits: bool


def quotes_of_job(of_job: OuterRef) -> ArraySubquery:
    """Return the quotes that were sent, the newest first."""
    rows = Quote.objects.filter(job=of_job).exclude(state=QuoteState.DRAFT).order_by("-sent_at", "-pk")
    facts = JSONObject(
        uid="uid",
        title="title",
        total="total",
        currency="currency",
        state="state",
        until="valid_until",
        review="review_due_at",
    )
    return ArraySubquery(rows.values(_=facts)[:MOST])


def invoices_of_job(of_job: OuterRef) -> ArraySubquery:
    """Return the invoices that were issued, without credit notes, the newest first."""
    rows = Invoice.objects.issued().bills().filter(job=of_job).order_by("-issued_at", "-pk")
    facts = JSONObject(
        uid="uid", title="title", total="total", open="open", currency="currency", state="state", due="due_at"
    )
    return ArraySubquery(rows.values(_=facts)[:MOST])


def money_entries(viewer: PortalViewer, job: Any, calendar: CustomerCalendar) -> list[MoneyEntry]:
    """Return what the viewer may see of the quotes and invoices of a job, what waits for them first.

    By a link they see the quote that it is about.
    """
    if not viewer.has_section(job, "money"):
        return []
    country = directory().brands[job.brand_id].country
    entries = [*_quote_entries(viewer, job, calendar, country)]
    if viewer.level >= Level.SESSION:
        entries += _invoice_entries(job, calendar, country)
    return sorted(entries, key=lambda entry: not entry.waits)


def _quote_entries(viewer: PortalViewer, job: Any, calendar: CustomerCalendar, country: str) -> Iterator[MoneyEntry]:
    for row in job.told_quotes:
        is_linked = viewer.link is not None and viewer.link.is_about("quote", row["uid"])
        if viewer.level < Level.SESSION and not is_linked:
            continue
        until = date.fromisoformat(row["until"])
        waits = row["state"] == QuoteState.SENT and until >= calendar.today
        state = QuoteState(row["state"])
        if waits:
            words = _("For you to answer, until %(day)s") % {"day": calendar.short(until)}
        elif row["review"]:
            words = _("Signed; we check the contract")
        elif state == QuoteState.SENT:
            words = str(QuoteState.EXPIRED.label)
        else:
            words = str(state.label)
        tint = "is-brand" if waits else ""
        if state == QuoteState.ACCEPTED and not row["review"]:
            tint = "is-good"
        amount = formats.money(row["total"], row["currency"], country, calendar.language)
        yield MoneyEntry("portal:quote", row["uid"], row["title"], amount, words, tint, "file-text", waits)


def _invoice_entries(job: Any, calendar: CustomerCalendar, country: str) -> Iterator[MoneyEntry]:
    for row in job.told_invoices:
        waits = row["state"] in OPEN_STATES
        amount = formats.money(row["total"], row["currency"], country, calendar.language)
        words, tint = str(InvoiceState(row["state"]).label), "is-good"
        if waits:
            due = datetime.fromisoformat(row["due"])
            values = {
                "amount": formats.money(row["open"], row["currency"], country, calendar.language),
                "day": calendar.short(calendar.day_of(due)),
            }
            words = _("%(amount)s to pay, until %(day)s") % values
            tint = "is-warn" if due < calendar.now else "is-brand"
        yield MoneyEntry("portal:invoice", row["uid"], row["title"], amount, words, tint, "receipt", waits)
