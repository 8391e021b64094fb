"""Register what reports adds."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.list.conditions import JobFilters
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.shell.navigation import Page
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from crm.web.timeline.event_words import EventWords
from reports.figures import upkeep
from reports.figures.condition import CountedFilter
from reports.past.export import PAST
from reports.role_navigation import ROLES
from reports.unusual import detection
from reports.work import night
from reports.work.stayed import StayedFilter

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
    Permission(
        "reports.home",
        EVERYBODY,
        "reports",
        _("See their own day"),
        _("What wants them now, their appointments and follow-ups, and their own month."),
    ),
    Page(10, "reports:home", "reports.home", "house", _("Home")),
    Shortcut(17, "g h", going_to("reports:home"), _("Go home"), ANYWHERE),
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
    TenantStart(detection.begin, again=detection.begin),
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
    Permission(
        "reports.work",
        frozenset({Role.MANAGER, Role.ADMIN}),
        "reports",
        _("See how the work goes"),
        _("Data accuracy, manual work saved and the minutes it is counted by, where leads wait, how full weeks are."),
    ),
    Page(
        74,
        "reports:work",
        "reports.work",
        "activity",
        _("Workload"),
        tab_of="reports:dashboard",
        words=_("bottlenecks capacity saved accuracy hours"),
    ),
    AddedFilter(JobFilters, "stayed", StayedFilter()),
    TenantStart(night.begin, again=night.begin_again),
    *ROLES,
]
