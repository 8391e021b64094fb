"""Register the figures of tickets: their page."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.shell.navigation import Page

FEATURES: list[Feature] = [
    Page(72, "tickets:figures", "tickets.view", "gauge", _("Response times"), tab_of="reports:dashboard"),
]
