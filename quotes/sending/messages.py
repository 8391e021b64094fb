"""Messages about quotes: the quote itself with its link, and an apology to who declined."""

from collections.abc import Mapping, Sequence
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
from quotes.models import ContractReview, Quote, QuoteState
from quotes.sending.customer_page import customer_page
from quotes.sending.texts import APPROVED, RETURNED, SENT, SORRY

# An answer that comes later, as after an outage, is odder than none.
USEFUL = timedelta(days=3)


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
        "quote.total": _money(quote.total, quote),
        "quote.until": until,
    }


def _money(minor: int, quote: Quote) -> str:
    return formats.money(minor, quote.currency, directory().brands[quote.brand_id].country)


def say_sorry(events: Sequence[Event]) -> None:
    """Thank customers who declined a quote themselves, and apologize. The send gate decides whether it leaves.

    Who declined more than three days ago gets none.
    """
    declined = [event for event in events if event.actor_id is None and event.at >= clock.now() - USEFUL]
    quotes = Quote.objects.select_related("job").in_bulk([event.subject_id for event in declined])
    for quote in quotes.values():
        if quote.state == QuoteState.DECLINED and quote.decided_at:
            _queue_once(quote, SORRY, quote.decided_at, f"quote_declined:{quote.pk}:{quote.sent_version}")


def send_decisions(events: Sequence[Event]) -> None:
    """Tell customers that the contract they signed is agreed, or returned and why. Once each."""
    recent = [event for event in events if event.at >= clock.now() - USEFUL]
    quotes = Quote.objects.select_related("job").in_bulk([event.subject_id for event in recent])
    for event in recent:
        quote = quotes.get(event.subject_id)
        review = ContractReview.objects.filter(pk=event.data["decision"], decided_at__isnull=False).first()
        if quote and review:
            key = APPROVED if review.is_approved else RETURNED
            total = {"quote.total": _money(event.data["total"], quote)}
            _queue_once(quote, key, event.at, f"{key}:{review.pk}", total | {"quote.reason": _sentence(review.answer)})


def _sentence(text: str) -> str:
    """Return a text with a full stop, so that a sentence can follow."""
    if text and text[-1] not in ".!?":
        return f"{text}."
    return text


def _queue_once(quote: Quote, key: str, at: datetime, occasion: str, given: Mapping[str, Any] | None = None) -> None:
    """Queue a message of a template to the best address it reaches, unless it was queued for this occasion."""
    if Message.objects.filter(occasion=occasion).exists():
        return
    brand = directory().brands[quote.brand_id]
    points = ContactPoint.objects.filter(person_id=quote.person_id).verified_first("kind", "pk")
    point = next((one for one in points if way_to(one, key, brand)), None)
    if point is None:
        return
    queue_to(
        point,
        key,
        brand=brand,
        job=quote.job,
        given=_values(quote) | _link_values(quote, point, key) | dict(given or {}),
        useful_until=at + USEFUL,
        occasion=occasion,
    )


def _link_values(quote: Quote, point: ContactPoint, key: str) -> dict[str, str]:
    """Return the link to the customer's page; none for an apology."""
    page = customer_page()
    if page is None or key == SORRY:
        return {}
    return {"quote.link": page.address(quote, point.person, point)}
