"""Expected price of a job: billed less credited, with the parts its plan still bills. Recorded on the lead."""

from collections.abc import Collection, Sequence

from django.db.models import F, Q, Sum

from billing.models import Invoice, InvoiceKind, PaymentPart
from crm.platform.models import Event
from leads.models import Lead


def note_expected_price(events: Sequence[Event]) -> None:
    """Record it beside what was said, in the job's currency. It replaces a typed number. Idempotent."""
    prices = expected_prices({event.job_id for event in events if event.job_id})
    for lead in Lead.objects.filter(pk__in=prices).order_by("pk"):
        lead.estimate(by=None, actual_value=prices[lead.pk])


def expected_prices(jobs: Collection[int]) -> dict[int, int]:
    """Return the expected price of each job in its currency; jobs with neither plan nor invoice are left out."""
    billed = Invoice.objects.filter(job_id__in=jobs, currency=F("job__currency")).issued().order_by()
    credited = Q(kind=InvoiceKind.CREDIT)
    sums = {"billed": Sum("total", filter=~credited, default=0), "less": Sum("total", filter=credited, default=0)}
    prices = {row["job_id"]: int(row["billed"] - row["less"]) for row in billed.values("job_id").annotate(**sums)}
    parts = PaymentPart.objects.filter(plan_id__in=jobs, billed_at=None, plan__currency=F("plan__job__currency"))
    for job, total in parts.order_by().values_list("plan_id").annotate(Sum("amount")):
        prices[job] = prices.get(job, 0) + int(total)
    return prices
