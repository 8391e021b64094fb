"""CustomerQuotePage: the customer's page of a quote, registered by the app that has it. Without it nothing is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from crm.people.models import ContactPoint, Person
from crm.platform import features
from crm.platform.features import Feature
from quotes.models import Quote

# Returns the link for a person at one of their addresses; blank if they may not open it.
QuoteAddress = Callable[[Quote, Person, ContactPoint], str]


@dataclass(frozen=True)
class CustomerQuotePage(Feature):
    """A function that makes the link to the customer's page of a quote."""

    unique: ClassVar[tuple[str, ...]] = ()

    address: QuoteAddress


def customer_page() -> CustomerQuotePage | None:
    """Return the customer's page; None while no app has one."""
    return next(iter(features.of(CustomerQuotePage)), None)
