"""Register a member's own page."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.web.shell.navigation import INSIGHT, Page

FEATURES: list[Feature] = [
    Permission(
        "reports.home",
        EVERYBODY,
        "reports",
        _("See their own day"),
        _("What wants them now, their appointments and follow-ups, and their own month."),
    ),
    # Not the first of anybody's: who wants to start here says so in the preferences.
    Page(36, "reports:home", "reports.home", "house", _("Home"), part=INSIGHT),
]
