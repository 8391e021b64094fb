"""Register what reports adds."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.list.conditions import JobFilters
from crm.platform.access.permissions import Permission, PermissionGroup
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.shell.navigation import Page
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from crm.web.timeline.event_words import EventWords
from reports.figures import upkeep
from reports.figures.condition import CountedFilter
from reports.home.features import FEATURES as HOME
from reports.mailed.features import FEATURES as MAILED
from reports.past.features import FEATURES as PAST
from reports.role_navigation import ROLES
from reports.unusual import detection
from reports.work.features import FEATURES as WORK

FEATURES: list[Feature] = [
    PermissionGroup(28, "reports", _("Reports")),
    Permission(
        "reports.view",
        frozenset({Role.REP, Role.MANAGER, Role.ADMIN}),
        "reports",
        _("See the dashboard"),
        _("What the leads they see add up to; of their own alone, if they see no others."),
    ),
    Permission(
        "reports.acknowledge",
        frozenset({Role.MANAGER, Role.ADMIN}),
        "reports",
        _("Acknowledge what is unusual"),
        _("Say what explains a number that stands out, so that it is off everybody’s dashboard."),
    ),
    Page(70, "reports:dashboard", "reports.view", "chart-column", _("Reports"), tab_label=_("Overview"), section=True),
    Shortcut(26, "g r", going_to("reports:dashboard"), _("Go to the reports"), ANYWHERE),
    AddedFilter(JobFilters, "counted", CountedFilter()),
    EventWords("unusual_day.acknowledged", "eye", _("acknowledged an unusual number")),
    TenantStart(lambda: None, again=upkeep.begin),
    *HOME,
    *MAILED,
    TenantStart(detection.begin, again=detection.begin),
    *PAST,
    *WORK,
    *ROLES,
]
