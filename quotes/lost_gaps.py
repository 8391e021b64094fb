"""The other price of a quote whose lead was lost, from how far off the price was."""

from collections.abc import Sequence

from crm.jobs.models.losses import LostCase
from crm.platform.models import Event
from quotes.models import Quote
from quotes.models.quote_state import WAS_SENT


def note_lost_gaps(lost: Sequence[Event]) -> None:
    """Note on the last sent quote of each lost lead what the customer could pay elsewhere. Idempotent.

    A price that a member noted on the quote is kept.
    """
    ids = [event.job_id for event in lost if event.job_id]
    cases = LostCase.objects.filter(job_id__in=ids, gap__isnull=False).select_related("job")
    for case in cases.order_by("pk"):
        quotes = Quote.objects.filter(job_id=case.job_id, state__in=WAS_SENT, currency=case.job.currency)
        quote = quotes.order_by("-sent_at", "-pk").first()
        if quote is None or quote.other_price is not None or case.gap is None or quote.total <= case.gap:
            continue
        quote.note_other_price(quote.total - case.gap, case.rival, by=None)
