"""The price that was said, on the lead: what the customer accepted, to compare with what the job comes to."""

from collections.abc import Sequence

from django.db.models import F, Sum

from crm.platform.models import Event
from leads.models import Lead
from quotes.models import Quote, QuoteState


def note_said_price(accepted: Sequence[Event]) -> None:
    """Record the total of a job's accepted quotes in the job's currency. It replaces a typed number. Idempotent."""
    jobs = {event.job_id for event in accepted if event.job_id}
    quotes = Quote.objects.filter(job_id__in=jobs, state=QuoteState.ACCEPTED, currency=F("job__currency")).order_by()
    totals = dict(quotes.values_list("job_id").annotate(Sum("total")))
    for lead in Lead.objects.filter(pk__in=totals).order_by("pk"):
        lead.estimate(by=None, quoted_value=int(totals[lead.pk]))
