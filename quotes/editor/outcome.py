"""Quoted price and duration next to the actual or expected ones, for the page of an accepted quote."""

from crm.web.reader import Reader
from leads.models import Lead
from leads.sources.estimate import Drift, drifts
from quotes.models import Quote, QuoteState
from service.models import Project


def outcome_lines(quote: Quote, reader: Reader) -> list[Drift]:
    """Return price and duration of the quote's job; none before the quote is accepted. Two queries."""
    if quote.state != QuoteState.ACCEPTED:
        return []
    lead = Lead.objects.filter(job_id=quote.job_id).first()
    return drifts(quote.job, lead, reader, planned_days=_planned_days(quote.job_id))


def _planned_days(job_id: int) -> int | None:
    project = Project.objects.filter(job_id=job_id).only("starts_on", "ends_on").first()
    if project is None or project.starts_on is None or project.ends_on is None:
        return None
    return int((project.ends_on - project.starts_on).days) + 1
