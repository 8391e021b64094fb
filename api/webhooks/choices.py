"""Check which events a webhook is to be called for, and on which conditions."""

from collections.abc import Iterable
from urllib.parse import parse_qsl

from django.http import QueryDict
from django.utils.translation import gettext as _

from api.events.event_types import EVENT_TYPES
from api.models.event_subscription import LONGEST_FILTERS
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.web.lists.conditions.query import ANY
from leads.lead_list import LEADS


def check_types(names: Iterable[str]) -> list[str]:
    """Return types of events in their order. Raises Refused for none, or one that there is not."""
    wanted = set(names)
    if unknown := sorted(wanted - EVENT_TYPES.keys()):
        raise Refused(_("There is no event “%(name)s”.") % {"name": ", ".join(unknown)})
    if not wanted:
        raise Refused(_("Choose at least one event."))
    return [name for name in EVENT_TYPES if name in wanted]


def tidy_filters(text: str, member: Member) -> str:
    """Return filters as an address of the list of leads has them. Raises Refused for what the list does not know."""
    query = text.strip().rpartition("?")[2]
    if not query:
        return ""
    names = {*LEADS.filterset.parameters(), "where", *ANY} - {"q"}
    unknown = [name for name, _value in parse_qsl(query, keep_blank_values=True) if name not in names]
    filters = LEADS.read(QueryDict(query), member)
    dropped = [*unknown, *filters.dropped]
    if dropped:
        raise Refused(_("This filter names nothing here: %(dropped)s") % {"dropped": ", ".join(dropped)})
    tidy = filters.query().removeprefix("?")
    if len(tidy) > LONGEST_FILTERS:
        raise Refused(_("These are too many filters."))
    return tidy
