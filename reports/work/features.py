"""Register the page of work, and the night that counts for it."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.list.conditions import JobFilters
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.shell.navigation import Page
from reports.work import night
from reports.work.stayed import StayedFilter

FEATURES: list[Feature] = [
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
]
