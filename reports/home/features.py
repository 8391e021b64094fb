"""Register a member's own page."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.web.shell.navigation import Page
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to

FEATURES: list[Feature] = [
    Permission(
        "reports.home",
        EVERYBODY,
        "reports",
        _("See their own day"),
        _("What wants them now, their appointments and follow-ups, and their own month."),
    ),
    Page(10, "reports:home", "reports.home", "house", _("Home")),
    Shortcut(17, "g h", going_to("reports:home"), _("Go home"), ANYWHERE),
]
