"""What the life of tickets adds to the product: settings pages and words."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.settings.sections import Section

FEATURES: list[Feature] = [
    Section(
        group="service",
        position=50,
        name="tickets:policy",
        permission="tickets.set_up",
        icon="clock-check",
        label=_("Closing conversations"),
        note=_("When a solved conversation can reopen, closes and is archived."),
        affects=_("Affects whether a late reply reopens a conversation or starts a new one."),
        words=_("reopen archive solved auto-close"),
        tab_of="tickets:sla",
    ),
]
