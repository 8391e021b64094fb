"""Invoices of a payment plan: the deposit when the quote is accepted, the other parts when what starts them happens."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Invoice, InvoiceKind, LineDraft, PartDraft, PartStart, PaymentPart, PaymentPlan
from billing.models.payment_plan import parse_tax_key
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.amounts import MILLION, round_half_up
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from quotes.sums import TaxMode
from quotes.typed_numbers import short_percent

# What is left after the deposit, in the usual plan of three parts.
_BEGUN_OF_REST = (4, 7)


@transaction.atomic
def issue_deposit(
    job: Job,
    amount: int,
    *,
    origin: str,
    total: int,
    currency: str = "",
    rates: Mapping[str, int] | None = None,
    by: Member | None = None,
    due_days: int = 0,
) -> Invoice | None:
    """Agree on a job's plan of payments and issue its deposit invoice. Idempotent by `origin`.

    `amount` and `total` are with tax; `rates`: how much of the total is at which `tax_key`. A deposit of nothing issues
    no invoice, and the plan has two parts. A deposit that was paid before is used for it by a subscriber.
    """
    made: Invoice | None = Invoice.objects.filter(origin=origin).first()
    if made is not None:
        return made
    plan = PaymentPlan.objects.filter(job=job).first()
    if plan is None:
        plan = PaymentPlan.agree(
            job, total, usual_parts(amount, total, due_days), by=by, rates=rates, currency=currency
        )
    part = plan.parts.filter(starts=PartStart.ACCEPTED).first()
    if not amount or part is None:
        return None
    return bill_part(part, by=by, origin=origin)


def usual_parts(deposit: int, total: int, due_days: int = 0) -> list[PartDraft]:
    """Return the usual parts: the deposit, then most of the rest when work begins, and the last when it is done."""
    first = round_half_up(deposit * MILLION, total)
    begun = (MILLION - first) * _BEGUN_OF_REST[0] // _BEGUN_OF_REST[1]
    rest = [
        PartDraft(_("Work has begun"), begun, PartStart.BEGUN),
        PartDraft(_("Done"), MILLION - first - begun, PartStart.DONE),
    ]
    if first:
        return [PartDraft(_("Deposit"), first, PartStart.ACCEPTED, due_days), *rest]
    return rest


@transaction.atomic
def bill_part(part: PaymentPart, *, by: Member | None, origin: str = "") -> Invoice:
    """Issue the invoice of a part of a plan. Idempotent."""
    job = part.plan.job
    job.lock()
    draft = draft_part(part, by=by, origin=origin)
    draft.issue(by=by)
    return draft


def draft_part(part: PaymentPart, *, by: Member | None, origin: str = "") -> Invoice:
    """Return the draft of a part's invoice, or the invoice that was made of it."""
    made: Invoice | None = Invoice.objects.filter(part=part).exclude(state=Invoice.State.VOID).first()
    if made is not None:
        return made
    draft, lines = build_part_draft(part, part.plan.job, by=by, origin=origin)
    if (voided := Invoice.objects.filter(origin=draft.origin).first()) is not None:
        return voided
    Invoice.add_drafts([(draft, lines)], by=by)
    draft.refresh_from_db(fields=["uid"])
    return draft


def build_part_draft(
    part: PaymentPart, job: Job, *, by: Member | None, origin: str = ""
) -> tuple[Invoice, list[LineDraft]]:
    """Return the draft of a part's invoice and its lines, for `Invoice.add_drafts`."""
    percent = short_percent(part.ppm, directory().brands[job.brand_id].country)
    title = f"{part.name}, {percent}"
    lines = []
    for key, gross in part.plan.rates_of(part.amount).items():
        if gross:
            rate, code = parse_tax_key(key)
            lines.append(LineDraft(name=title, unit_price=gross, tax_rate=rate, tax_code=code))
    draft = Invoice(
        job=job,
        person_id=job.person_id,
        brand_id=job.brand_id,
        kind=_kind_of(part),
        title=title,
        part=part,
        origin=origin or f"part:{part.pk}",
        currency=part.plan.currency,
        tax_mode=TaxMode.INCLUDED,
        due_days=part.due_days,
        created_by=by,
    )
    return draft, lines


def _kind_of(part: PaymentPart) -> InvoiceKind:
    if part.starts == PartStart.ACCEPTED:
        return InvoiceKind.DEPOSIT
    if part.starts == PartStart.DONE:
        return InvoiceKind.FINAL
    return InvoiceKind.PROGRESS


@transaction.atomic
def start_parts(job_id: int, starts: str) -> list[PaymentPart]:
    """Mark the parts of a job as started, whose invoices can be issued now; return those that were not before."""
    parts = PaymentPart.objects.filter(plan_id=job_id, starts=starts, started_at=None, billed_at=None)
    rows = list(parts.select_for_update(no_key=True).order_by("position"))
    parts.filter(pk__in=[row.pk for row in rows]).update(started_at=clock.now())
    return rows
