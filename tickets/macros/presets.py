"""The macros of a ticket as its composer offers them."""

from django.urls import reverse

from comms.composer.presets import Preset
from tickets.macros.setup import offered
from tickets.macros.words import does
from tickets.models import Ticket


def presets(ticket: Ticket, slug: str) -> tuple[Preset, ...]:
    """Return the macros in use for a ticket; one without a text is done at once."""
    url = reverse("tickets:macro", args=[slug, ticket.number])
    return tuple(
        Preset(str(one.uid), one.name, does(one), one.text, "" if one.text else url) for one in offered(ticket)
    )
