"""Register the past list: its permission, its page in the palette, and its file."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.shell.navigation import Page
from reports.past.export import PAST

FEATURES: list[Feature] = [
    Permission(
        "reports.past",
        frozenset({Role.REP, Role.MANAGER, Role.ADMIN}),
        "reports",
        _("See the leads of a past day"),
        _("How the leads they see today stood at the close of that day."),
    ),
    Page(
        77,
        "reports:past",
        "reports.past",
        "history",
        _("Past day"),
        tab_of="reports:dashboard",
        words=_("time travel then yesterday"),
    ),
    PAST,
]
