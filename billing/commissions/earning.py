"""Compute the commissions of a job from its payments, and enter the difference to the entries there are.

Whatever comes in which order, payments, refunds, credit notes, or a partner who is added later, the sum of the entries
is right afterwards, and computing it again enters nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Sum

from billing.models import Allocation, Commission, CommissionAgreement, CommissionBasis, Invoice, PaymentPart
from billing.models.commissions.agreement import agreement_on
from crm.jobs.models import Job, JobParty
from crm.kernel import clock
from crm.kernel.amounts import round_half_up, share
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from leads.models import Partner

SETTLE = "billing.commission"


class PaidWork(NamedTuple):
    """The invoices of a job by one brand in one currency, and how much of them is paid."""

    invoices: list[Invoice]
    # In minor units, without tax, less what was credited.
    net: int

    @property
    def is_all_paid(self) -> bool:
        return self.net > 0 and not any(invoice.open for invoice in self.invoices)


def settle_jobs(job_ids: Sequence[int]) -> None:
    """Enter what changed in the commissions of jobs (due work)."""
    for job in Job.objects.filter(pk__in=job_ids).order_by("pk"):
        settle_job(job)


def settle_job(job: Job) -> None:
    """Enter what changed in the commissions of a job. Idempotent."""
    if not _partner_ids(job) and not Commission.objects.filter(job=job).exists():
        return
    job.lock()
    partner_ids = _partner_ids(job)
    work = _paid_work(job)
    earlier: dict[tuple[int, int, str], list[Commission]] = defaultdict(list)
    for row in Commission.objects.filter(job=job).select_related("agreement").order_by("position"):
        earlier[row.partner_id, row.brand_id, row.currency].append(row)
    of_partners = {(partner, *key) for partner in partner_ids for key in work}
    for partner_id, brand_id, currency in sorted(earlier.keys() | of_partners):
        rows = earlier[partner_id, brand_id, currency]
        paid = work[brand_id, currency]
        if rows:
            agreement: CommissionAgreement | None = rows[0].agreement
        else:
            agreement = agreement_on(partner_id, brand_id, currency, _first_day(paid))
        if agreement is None:
            continue
        target = _commission_amount(job, agreement, paid) if partner_id in partner_ids else 0
        change = target - sum(row.amount for row in rows)
        if change:
            Commission.enter(agreement, job, change, paid_net=paid.net, position=len(rows))


def _partner_ids(job: Job) -> set[int]:
    """Return the partners who brought a job, or deliver it: those with the role of a partner in it."""
    people = JobParty.objects.filter(job=job, role=JobParty.PartyRole.PARTNER).values("person_id")
    return set(Partner.objects.filter(person_id__in=people).values_list("pk", flat=True))


def _paid_work(job: Job) -> dict[tuple[int, str], PaidWork]:
    """Return what was paid of a job's invoices, by brand and currency."""
    groups: dict[tuple[int, str], list[Invoice]] = defaultdict(list)
    for invoice in Invoice.objects.filter(job=job).issued().bills().order_by("issued_at", "pk"):
        groups[invoice.brand_id, invoice.currency].append(invoice)
    return {key: PaidWork(rows, sum(_paid_net(row) for row in rows)) for key, rows in groups.items()}


def _paid_net(invoice: Invoice) -> int:
    """Return what was paid of an invoice, without tax.

    What was credited on it doesn't count, whether the credit paid it, was paid back, or is still the customer's. Credit
    from another invoice does: it was paid there and doesn't count there any more.
    """
    uses = Allocation.objects.filter(invoice=invoice, ended_at=None).exclude(credit_note__credited=invoice)
    paid = uses.aggregate(sum=Sum("amount"))["sum"] or 0
    credited = Invoice.objects.filter(credited=invoice).issued().aggregate(sum=Sum("total"))["sum"] or 0
    return round_half_up(min(paid, invoice.total - credited) * invoice.net, invoice.total)


def _first_day(paid: PaidWork) -> date:
    issued_at = paid.invoices[0].issued_at
    assert issued_at is not None, "drafts are excluded"
    return issued_at.astimezone(directory().zone).date()


def _commission_amount(job: Job, agreement: CommissionAgreement, paid: PaidWork) -> int:
    if agreement.basis == CommissionBasis.PERCENT:
        return share(paid.net, agreement.rate)
    has_more_to_bill = PaymentPart.objects.filter(plan_id=job.pk, billed_at=None).exists()
    if paid.is_all_paid and not has_more_to_bill:
        return agreement.amount
    return 0


def follow_money(changed: Sequence[Event]) -> None:
    """Settle the jobs whose money, or whose partners, changed (subscriber)."""
    payment_ids = [event.subject_id for event in changed if event.kind.startswith("payment.")]
    uses = Allocation.objects.filter(payment_id__in=payment_ids).order_by()
    job_ids = {event.job_id for event in changed if event.job_id}
    settle_jobs(sorted(job_ids | set(uses.values_list("invoice__job_id", flat=True))))


def follow_agreements(made: Sequence[Event]) -> None:
    """Settle the jobs that a partner with a new agreement brought before (subscriber)."""
    for agreement in CommissionAgreement.objects.filter(pk__in=[event.subject_id for event in made]):
        person_id = Partner.objects.values_list("person_id", flat=True).get(pk=agreement.partner_id)
        parties = JobParty.objects.filter(person_id=person_id, role=JobParty.PartyRole.PARTNER)
        now = clock.now()
        due.schedule_all(SETTLE, [(job_id, now) for job_id in parties.order_by().values_list("job_id", flat=True)])
