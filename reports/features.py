"""Register the extensions of reports."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.list.conditions import JobFilters
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from crm.web.timeline.event_words import EventWords
from reports.configuration.report_setup import SECTIONS as FILE_SECTIONS
from reports.figures import upkeep
from reports.figures.condition import CountedFilter
from reports.months import night
from reports.past.export import PAST
from reports.role_navigation import ROLES
from reports.unusual import detection
from reports.work import nightly_counts
from reports.work.left_step_filter import StayedFilter

FEATURES: list[Feature] = [
    *FILE_SECTIONS,
    PermissionGroup("reports", _("Reports")),
    Permission(
        name="reports.view",
        roles=frozenset({Role.REP, Role.MANAGER, Role.ADMIN}),
        group="reports",
        label=_("See the dashboard"),
        note=_("What the leads they see add up to; of their own alone, if they see no others."),
    ),
    Permission(
        name="reports.acknowledge",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="reports",
        label=_("Acknowledge what is unusual"),
        note=_("Say what explains a number that stands out, so that it is off everybody’s dashboard."),
    ),
    NavigationPage(
        name="reports:dashboard",
        permission="reports.view",
        icon="chart-column",
        label=_("Reports"),
        tab_label=_("Overview"),
        section=True,
    ),
    Shortcut(keys="g r", act=going_to("reports:dashboard"), label=_("Go to the reports"), group=ANYWHERE),
    AddedFilter(JobFilters, "counted", CountedFilter()),
    EventWords("unusual_day.acknowledged", "eye", _("acknowledged an unusual number")),
    TenantStart(lambda: None, again=upkeep.begin),
    Permission(
        name="reports.home",
        roles=EVERYBODY,
        group="reports",
        label=_("See their own day"),
        note=_("What needs them now, their appointments and follow-ups, and their own month."),
    ),
    NavigationPage(name="reports:home", permission="reports.home", icon="house", label=_("Home")),
    Shortcut(keys="g h", act=going_to("reports:home"), label=_("Go home"), group=ANYWHERE),
    Permission(
        name="reports.mail",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="reports",
        label=_("Set up reports by email"),
        note=_("What they contain, how often they are sent, and who gets them."),
    ),
    Permission(
        name="reports.receive",
        roles=EVERYBODY,
        group="reports",
        label=_("Stop a report they get by email"),
        note=_("For themselves; and get it again."),
    ),
    NavigationPage(
        name="reports:mailed",
        permission="reports.mail",
        icon="mail",
        label=_("Email reports"),
        section=True,
        tab_of="reports:dashboard",
        words=_("weekly monthly email"),
    ),
    TenantStart(detection.begin, again=detection.begin),
    Permission(
        name="reports.past",
        roles=frozenset({Role.REP, Role.MANAGER, Role.ADMIN}),
        group="reports",
        label=_("See the leads of a past day"),
        note=_("How the leads they see today stood at the close of that day."),
    ),
    NavigationPage(
        name="reports:past",
        permission="reports.past",
        icon="history",
        label=_("Past day"),
        tab_of="reports:dashboard",
        words=_("time travel then yesterday"),
    ),
    PAST,
    Permission(
        name="reports.work",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="reports",
        label=_("See how the work goes"),
        note=_(
            "Data accuracy, manual work saved and the minutes it is counted by, where leads wait, how full weeks are."
        ),
    ),
    NavigationPage(
        name="reports:work",
        permission="reports.work",
        icon="activity",
        label=_("Workload"),
        tab_of="reports:dashboard",
        words=_("bottlenecks capacity saved accuracy hours"),
    ),
    AddedFilter(JobFilters, "stayed", StayedFilter()),
    Permission(
        name="reports.forecast",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="reports",
        label=_("See the forecast"),
        note=_("Sales, new leads and work of the coming months, and how right earlier forecasts were."),
    ),
    NavigationPage(
        name="reports:forecast",
        permission="reports.forecast",
        icon="trending-up",
        label=_("Forecast"),
        section=True,
        tab_of="reports:dashboard",
        words=_("forecast demand sales next month prediction"),
    ),
    TenantStart(night.begin, again=night.begin_again),
    TenantStart(nightly_counts.begin, again=nightly_counts.begin_again),
    *ROLES,
]
