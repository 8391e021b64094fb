"""Messages about quotes: the quote itself with its link, and an apology to who declined."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comms.models import Message
from comms.outbox.by_template import queue_to, way_to
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from quotes.models import Quote, QuoteState
from quotes.sending.customer_page import customer_page
from quotes.sending.texts import SENT, SORRY

# An apology that comes later, as after an outage, is odder than none.
SORRY_WITHIN = timedelta(days=3)


def reachable_points(quote: Quote) -> list[ContactPoint]:
    """Return the addresses and numbers of the customer by which the quote can be sent, the best first."""
    brand = directory().brands[quote.brand_id]
    points = ContactPoint.objects.filter(person_id=quote.person_id).verified_first("kind", "pk")
    return [point for point in points if way_to(point, SENT, brand)]


@transaction.atomic
def send_quote(quote: Quote, point: ContactPoint, *, by: Member) -> Message:
    """Send the draft: freeze it, queue the message with its link, and it is the customer's move.

    Raises Refused as `Quote.send` does, without a page for the customer, or if the address can't be reached.
    """
    page = customer_page()
    if page is None:
        raise Refused(_("Customers can’t open quotes yet."))
    quote.send(by=by)
    link = page.address(quote, point.person, point)
    if not link:
        raise Refused(_("The customer has no access to their pages. Give it back before you send the quote."))
    message = queue_to(
        point,
        SENT,
        brand=directory().brands[quote.brand_id],
        job=quote.job,
        by=by,
        given=_values(quote) | {"quote.link": link},
        occasion=f"quote:{quote.pk}:{quote.sent_version}",
    )
    quote.job.answer(message.medium, by=by, turn=True)
    return message


def _values(quote: Quote) -> dict[str, Any]:
    """Return the variables of a quote."""
    country = directory().brands[quote.brand_id].country
    until = formats.full_day(quote.valid_until, country) if quote.valid_until else ""
    return {
        "quote.number": quote.code,
        "quote.title": quote.title,
        "quote.total": formats.money(quote.total, quote.currency, country),
        "quote.until": until,
    }


def say_sorry(events: Sequence[Event]) -> None:
    """Thank customers who declined a quote themselves, and apologize. The send gate decides whether it leaves.

    Who declined more than three days ago gets none.
    """
    oldest = clock.now() - SORRY_WITHIN
    declined = [event for event in events if event.actor_id is None and event.at >= oldest]
    quotes = Quote.objects.select_related("job").in_bulk([event.subject_id for event in declined])
    for quote in quotes.values():
        if quote.state == QuoteState.DECLINED and quote.decided_at and not _was_thanked(quote):
            _queue_apology(quote, quote.decided_at + SORRY_WITHIN)


def _was_thanked(quote: Quote) -> bool:
    return bool(Message.objects.filter(occasion=_sorry_occasion(quote)).exists())


def _sorry_occasion(quote: Quote) -> str:
    return f"quote_declined:{quote.pk}:{quote.sent_version}"


def _queue_apology(quote: Quote, useful_until: datetime) -> None:
    brand = directory().brands[quote.brand_id]
    points = ContactPoint.objects.filter(person_id=quote.person_id).verified_first("kind", "pk")
    point = next((one for one in points if way_to(one, SORRY, brand)), None)
    if point is not None:
        queue_to(
            point,
            SORRY,
            brand=brand,
            job=quote.job,
            given=_values(quote),
            useful_until=useful_until,
            occasion=_sorry_occasion(quote),
        )
