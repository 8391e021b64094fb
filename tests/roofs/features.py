"""What roofs add to the product."""

from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.lists.exports import exportable_list
from crm.web.settings.sections import Section
from crm.web.shell.navigation import Page
from crm.web.shell.record_pages import RecordPage
from crm.web.timeline.event_words import EventWords
from tests.roofs.models import Roof
from tests.roofs.roof_list import ROOFS

FEATURES: list[Feature] = [
    Permission("roofs.view", EVERYBODY, "daily", "See roofs", "All of them."),
    Permission("roofs.set_up", frozenset({Role.ADMIN}), "settings", "Set up roofs", "What they are made of."),
    Page(40, "roofs:list", "roofs.view", "house", "Roofs", tab_of="service:list"),
    RecordPage(Roof, "roofs:inspect", list="roofs:list"),
    Section(
        "data", 15, "roofs:materials", "roofs.set_up", "house", "Materials", "What roofs are made of.", "Roof pages."
    ),
    EventWords("roof.inspected", "eye", lambda data: f"inspected the roof: {data['result']}"),
    exportable_list(ROOFS, {"Roof": lambda roof: roof.name}),
]
