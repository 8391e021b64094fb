"""What the life of tickets adds to the product: settings pages and words."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.settings.sections import Section

FEATURES: list[Feature] = [
    Section(
        "comms",
        60,
        "tickets:policy",
        "tickets.set_up",
        "clock-check",
        _("End of a conversation"),
        _("When it opens again, closes for good, and is archived."),
    ),
]
