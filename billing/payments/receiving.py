"""receive_payment: record a payment once and use it for the invoices it is for, whatever comes in which order."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from billing.models import FoundBy, Invoice, Payment, use_payment
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Brand, Member
from crm.platform.organization.configuration import directory
from libs.bank_statements import find_references

# A number as people copy it: "INV 2026 0031", "inv-2026-0031", "INV2026-31", or in an RF reference "INV20260031".
# A prefix may end in digits, so both the shortest and the longest is tried.
_REST = r"[ ./-]{0,2}(20\d\d)[ ./-]{0,2}(\d{1,6})"
_NUMBERS = [re.compile(rf"(?<!RF\d\d)([A-Z]{{1,8}}{digits}){_REST}") for digits in (r"\d{0,6}?", r"\d{0,6}")]
# What stands before the number in an RF reference: RF and two check digits.
_RF_HEAD = 4


@transaction.atomic
def receive_payment(
    provider: str,
    provider_id: str,
    *,
    amount: int,
    currency: str,
    method: str,
    brand: Brand | None = None,
    job: Job | None = None,
    person: Person | None = None,
    invoices: Sequence[Invoice] = (),
    found_by: str = FoundBy.ITSELF,
    reference: str = "",
    details: str = "",
    fee: int = 0,
    received_at: datetime | None = None,
    by: Member | None = None,
) -> Payment:
    """Record a payment and use it for invoices. Idempotent for a provider and its id.

    It pays the given invoices, else those that its reference names, else, if it names none, the customer's oldest due
    first. `found_by` says how the given ones are known, if not from a member. What is left is credit of the customer;
    an invoice of the same job that is issued later uses it. Raises Refused for an amount of nothing, or invoices of
    several customers or of another currency.
    """
    named, reason = _named_invoices(invoices, reference, currency, person, by)
    if named:
        job = job or named[0].job
        person = person or named[0].person
        brand = brand or named[0].brand
    payment, is_new = Payment.receive(
        provider,
        provider_id,
        amount=amount,
        currency=currency,
        method=method,
        brand=brand or (job.brand if job else directory().default_brand),
        person=person,
        job=job,
        by=by,
        received_at=received_at,
        fee=fee,
        reference=reference,
        details=details,
    )
    if not is_new:
        return payment
    if invoices and by is None:
        reason = found_by
    elif not named:
        reason = FoundBy.OLDEST
        named = _oldest_due(payment)
    for invoice in named:
        if payment.free:
            use_payment(payment, invoice, by=by, found_by=reason)
    return payment


def _named_invoices(
    invoices: Sequence[Invoice], reference: str, currency: str, person: Person | None, by: Member | None
) -> tuple[list[Invoice], str]:
    """Return the invoices a payment is for, and how that is known. Paid ones are named too: it is then credit."""
    if invoices:
        if len({invoice.payer for invoice in invoices}) > 1:
            raise Refused(gettext("They are of different customers."))
        if any(invoice.currency != currency for invoice in invoices):
            raise Refused(gettext("They are in different currencies."))
        return list(invoices), FoundBy.PERSON if by else FoundBy.ITSELF
    matches = [one for one in find_by_reference(reference) if one.currency == currency]
    if person is not None:
        matches = [one for one in matches if one.person_id == person.pk]
    if len({invoice.payer for invoice in matches}) == 1:
        return matches, FoundBy.REFERENCE
    return [], FoundBy.OLDEST


def find_by_reference(reference: str) -> list[Invoice]:
    """Return the issued invoices that a text names by number or RF reference, in its order."""
    numbers = _numbers_in(reference[:700].upper())
    rows = Invoice.objects.bills().issued().filter(number__in=numbers).select_related("job", "person", "brand")
    by_number = {row.number.upper(): row for row in rows}
    return [by_number[number] for number in dict.fromkeys(numbers) if number in by_number]


def _numbers_in(text: str) -> list[str]:
    """Return the invoice numbers that a text in capitals may name."""
    texts = [text, *(one[_RF_HEAD:] for one in find_references(text) if one.startswith("RF"))]
    named = [match for one in texts for pattern in _NUMBERS for match in pattern.findall(one)]
    return [f"{prefix}-{year}-{int(last):04}" for prefix, year, last in named]


def _oldest_due(payment: Payment) -> list[Invoice]:
    """Return the open invoices of the payment's customer, those of its job first."""
    if payment.person_id is None and payment.job_id is None:
        return []
    owed = Invoice.objects.of_payer(payment.person_id, payment.job_id).unpaid().filter(currency=payment.currency)
    return sorted(owed, key=lambda one: (one.job_id != payment.job_id, one.due_at, one.pk))
