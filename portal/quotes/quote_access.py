"""Which quotes a viewer sees, by a code or by the link of a quote, and who of them may answer."""

from uuid import UUID

from django.http import Http404

from portal.access.viewer import Level, PortalViewer
from quotes.models import Quote, QuoteState


def about_quote(quote: Quote) -> str:
    """Return what a link to a quote is about."""
    return f"quote:{quote.uid}"


def find_quote(viewer: PortalViewer, uid: UUID) -> Quote:
    """Return a quote by its id. Raises Http404 unless the viewer may see it.

    A colleague who looks as the customer also finds a draft: that is what will be sent.
    """
    rows = Quote.objects.filter(uid=uid, job__in=viewer.jobs().order_by())
    quote: Quote | None = rows.select_related("job__site", "job__member", "job__brand", "person").first()
    if quote is None or not may_see(viewer, quote):
        raise Http404("not their quote")
    if quote.state == QuoteState.DRAFT and not viewer.is_preview:
        raise Http404("not sent")
    return quote


def may_see(viewer: PortalViewer, quote: Quote) -> bool:
    """True if they see the prices of the job; without a code only by the link to this quote."""
    is_linked = viewer.link is not None and viewer.link.is_about("quote", quote.uid)
    return (viewer.level >= Level.SESSION or is_linked) and viewer.has_section(quote.job, "money")


def may_answer(viewer: PortalViewer, quote: Quote) -> bool:
    """Return True if the viewer may accept or decline: the customer, or a member of the household."""
    return viewer.may_answer(quote.job, quote.person_id)


def customer_name(quote: Quote) -> str:
    """Return the customer's name, or the title of the lead if the customer was erased."""
    if quote.person:
        return quote.person.name
    return quote.job.title


def is_open(quote: Quote) -> bool:
    """True if the customer can still answer: it waits for them, and its last day isn't over."""
    return quote.is_waiting and not quote.is_past_validity
