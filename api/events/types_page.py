"""The page of all types of events in the settings, from the registry."""

from api.events.event_types import GROUPS
from api.tokens.features import MANAGE
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page


@settings_page("api_tokens:events", MANAGE, "api/events.html")
def event_types(request: TenantRequest) -> Context:
    """Show each type with its record and the fields of its data."""
    return {"groups": GROUPS}
