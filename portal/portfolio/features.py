"""Register what the places add: the panel on a customer's page."""

from crm.people.models import Person
from crm.platform.features import Feature
from crm.web.shell.record_pages import RecordLink

FEATURES: list[Feature] = [
    RecordLink(Person, "places", "portal_places:places", "portal.manage"),
]
