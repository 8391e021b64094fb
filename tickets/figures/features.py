"""Register the figures of tickets: their page."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.shell.navigation import INSIGHT, Page

FEATURES: list[Feature] = [
    Page(26, "tickets:figures", "tickets.view", "gauge", _("Figures"), part=INSIGHT),
]
