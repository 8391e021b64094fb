"""The price that was said, on the lead: what the customer accepted, to compare with what the job comes to."""

from collections.abc import Sequence

from django.db.models import F, Sum

from crm.platform.models import Event
from leads.models import Lead
from quotes.models import Quote, QuoteState

ESTIMATED = "lead.estimated"


def note_said_price(answered: Sequence[Event]) -> None:
    """Record the total of a job's accepted quotes in the job's currency. It replaces a typed number. Idempotent.

    Once the last contract of a job was returned, it is what a person had entered, or what it was before.
    """
    jobs = {event.job_id for event in answered if event.job_id}
    returned = {event.job_id for event in answered if event.kind == "quote.contract_returned"}
    quotes = Quote.objects.filter(job_id__in=jobs, state=QuoteState.ACCEPTED, currency=F("job__currency")).order_by()
    totals = dict(quotes.values_list("job_id").annotate(Sum("total")))
    for lead in Lead.objects.filter(pk__in=totals.keys() | returned).order_by("pk"):
        if lead.pk in totals:
            price: int | None = int(totals[lead.pk])
        else:
            price = _recorded_price(lead)
        lead.estimate(by=None, quoted_value=price)


def _recorded_price(lead: Lead) -> int | None:
    """Return the price that a person entered last; else that of before the first quote was accepted."""
    events = Event.objects.filter(kind=ESTIMATED, job_id=lead.pk, data__to__has_key="quoted_value").order_by("pk")
    price = lead.quoted_value
    for number, event in enumerate(events):
        if event.actor_id is not None:
            price = event.data["to"]["quoted_value"]
        elif number == 0:
            price = event.data["from"]["quoted_value"]
    return price
