"""Issue drafts of invoices, one or many: numbers without gaps, entries in the ledger, events. See Invoice.issue."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.models.billing_terms import BillingTerms, terms_of
from billing.models.invoice_counter import InvoiceCounter
from billing.models.invoice_row import InvoiceRow
from billing.models.invoice_state import InvoiceState
from billing.models.ledger import EntryDraft, EntryKind, LedgerAccount, LedgerEntry, Posting
from billing.models.payment_plan import PaymentPart
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

_COLUMNS = (
    *("state", "issued_at", "issued_by_id", "seller", "buyer", "due_at", "sort_at", "number", "year", "sequence"),
    "version",
)


def issue_drafts(drafts: Sequence[InvoiceRow], *, by: Member | None) -> None:
    """Issue locked drafts: each gets its number, is due, and is entered in the ledger.

    The statements that may wait last are the counters', so that their locks are held as briefly as possible.
    """
    now = clock.now()
    zone = directory().zone
    for row in drafts:
        terms = terms_of(row.brand_id)
        row.state = InvoiceState.ISSUED
        row.issued_at = now
        row.issued_by = by
        row.seller = seller_facts(terms, row.brand.name, row.brand.country)
        row.buyer = buyer_facts(row.job)
        if not row.is_credit:
            row.due_at = end_of_day(now, row.due_days, zone)
        row.sort_at = row.due_at or now
        row.version += 1
    _give_numbers(drafts, now.astimezone(zone).year)
    bulk_write.save_all(drafts, _COLUMNS)
    LedgerEntry.post_all([_build_entry(row) for row in drafts], by=by)
    parts = [row.part_id for row in drafts if row.part_id]
    if parts:
        PaymentPart.objects.filter(pk__in=parts).update(billed_at=now)
    events.record_all([_issued_event(row) for row in drafts], by=by)


def _give_numbers(drafts: Sequence[InvoiceRow], year: int) -> None:
    by_series: dict[tuple[int, str], list[InvoiceRow]] = defaultdict(list)
    for row in drafts:
        series = "credit" if row.is_credit else "invoice"
        by_series[row.brand_id, series].append(row)
    # In one order, so that two who issue many never wait for each other.
    for (brand_id, series), rows in sorted(by_series.items(), key=lambda item: item[0]):
        prefix = terms_of(brand_id).prefix_of(series)
        first = InvoiceCounter.take_next(brand_id, series, year, count=len(rows))
        for sequence, row in enumerate(rows, first):
            row.year = year
            row.sequence = sequence
            row.number = f"{prefix}-{year}-{sequence:04}"


def _build_entry(row: InvoiceRow) -> EntryDraft:
    kind = EntryKind.INVOICE
    postings: list[Posting] = [
        (LedgerAccount.RECEIVABLE, row.total),
        (LedgerAccount.SALES, -row.net),
        (LedgerAccount.TAX, -row.tax),
    ]
    if row.is_credit:
        kind = EntryKind.CREDIT_NOTE
        less = LedgerAccount.GOODWILL if row.is_goodwill else LedgerAccount.SALES
        postings = [(less, row.net), (LedgerAccount.TAX, row.tax), (LedgerAccount.CREDIT, -row.total)]
    about = {"brand_id": row.brand_id, "job_id": row.job_id, "invoice_id": row.pk}
    return EntryDraft(kind, postings, row.currency, about)


def _issued_event(row: InvoiceRow) -> EventDraft:
    kind = "invoice.issued"
    if row.is_credit:
        kind = "invoice.credit_issued"
    return EventDraft(kind, row, {"kind": row.kind, "total": row.total, "currency": row.currency}, row.job_id)


def end_of_day(now: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the last second of the day so many days from now, in a zone."""
    day = now.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(23, 59, 59), zone)


def seller_facts(terms: BillingTerms, name: str, country: str) -> dict[str, str]:
    """Return who bills, for the invoice to keep."""
    facts = {"name": terms.legal_name or name, "country": country}
    for column in (
        "street",
        "postcode",
        "city",
        "vat_number",
        "register_number",
        "iban",
        "bic",
        "account",
        "bank_name",
    ):
        facts[column] = getattr(terms, column)
    return {key: value for key, value in facts.items() if value}


def buyer_facts(job: Job) -> dict[str, str]:
    """Return who is billed, for the invoice to keep."""
    facts = {"name": job.title}
    if job.person:
        facts["name"] = job.person.name
    if job.company:
        facts["company"] = job.company.name
    if job.site:
        for column in ("street", "postcode", "city", "region", "country"):
            facts[column] = getattr(job.site, column)
    return {key: value for key, value in facts.items() if value}
