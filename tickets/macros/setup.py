"""Read the tenant's macros, cached per process."""

from crm.platform.organization.configuration import cached_per_tenant
from tickets.models import Macro, Ticket


@cached_per_tenant
def macros() -> list[Macro]:
    """Return all macros by name, archived ones too. Treat them as read-only."""
    return sorted(Macro.objects.all(), key=lambda one: one.name.casefold())


def macros_for(ticket: Ticket) -> list[Macro]:
    """Return the macros in use for a ticket's brand."""
    return [one for one in macros() if one.archived_at is None and one.brand_id in (None, ticket.brand_id)]


def find_macro(uid: str, ticket: Ticket) -> Macro | None:
    """Return the macro chosen in a form, if it is available for the ticket."""
    return next((one for one in macros_for(ticket) if str(one.uid) == uid), None)
