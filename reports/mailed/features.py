"""Register the mailed reports: who sets them up, who gets them, and where."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.shell.navigation import Page

FEATURES: list[Feature] = [
    Permission(
        "reports.mail",
        frozenset({Role.MANAGER, Role.ADMIN}),
        "reports",
        _("Set up reports by mail"),
        _("What they contain, how often they are sent, and who gets them."),
    ),
    Permission(
        "reports.receive",
        EVERYBODY,
        "reports",
        _("Stop a report they get by mail"),
        _("For themselves; and get it again."),
    ),
    Page(
        78,
        "reports:mailed",
        "reports.mail",
        "mail",
        _("Email reports"),
        section=True,
        tab_of="reports:dashboard",
        words=_("weekly monthly email"),
    ),
]
