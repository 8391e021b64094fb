"""What roofs add to the product."""

from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.lists.exports import exportable_list
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.record_pages import RecordPage
from crm.web.timeline.event_words import EventWords
from tests.roofs.models import Roof
from tests.roofs.roof_list import ROOFS

MATERIALS = Section(
    group="data", name="roofs:materials", permission="roofs.set_up", icon="house", label="Materials",
    note="What roofs are made of.", affects="Roof pages.",
)  # fmt: skip
FEATURES: list[Feature] = [
    Permission(name="roofs.view", roles=EVERYBODY, group="daily", label="See roofs", note="All of them."),
    Permission(name="roofs.set_up", roles=frozenset({Role.ADMIN}), group="settings", label="Set up", note="Types."),
    NavigationPage(name="roofs:list", permission="roofs.view", icon="house", label="Roofs", tab_of="service:list"),
    RecordPage(model=Roof, name="roofs:inspect", list="roofs:list"),
    MATERIALS,
    EventWords("roof.inspected", "eye", lambda data: f"inspected the roof: {data['result']}"),
    exportable_list(ROOFS, {"Roof": lambda roof: roof.name}),
]
