"""Register the extensions of sources: report, spend, campaigns, unmatched UTM words, the report's filter."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.list.conditions import JobFilters
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage
from crm.web.timeline.event_words import EventWords
from leads.sources import funnel
from leads.sources.kept import upkeep
from leads.sources.report.lead_count import BroughtFilter

MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})

FEATURES: list[Feature] = [
    Permission(
        name="sources.view",
        roles=MANAGERS,
        group="leads",
        label=_("See source reports"),
        note=_("Spend, won leads and lost reasons by source and campaign."),
    ),
    Permission(
        name="sources.manage",
        roles=MANAGERS,
        group="leads",
        label=_("Enter spend"),
        note=_("Spend by month or per lead, campaigns, and tracking words for each source."),
    ),
    NavigationPage(
        name="leads:sources",
        permission="sources.view",
        icon="megaphone",
        label=_("Sources"),
        tab_of="reports:dashboard",
    ),
    Section(
        group="sales",
        name="leads:campaigns",
        permission="sources.manage",
        icon="flag",
        label=_("Campaigns"),
        note=_("Rename, merge and archive the campaigns of each source."),
        affects=_("Affects the campaigns to choose from on a lead, and the reports by source."),
        words=_("utm ads google facebook advertising"),
        tab_of="jobs:sources",
    ),
    Section(
        group="sales",
        name="leads:spend",
        permission="sources.manage",
        icon="banknote",
        label=_("Spend"),
        note=_("What each source and campaign costs, by month or per lead."),
        affects=_("Affects the cost per lead and per won job in reports."),
        words=_("budget costs ad spend advertising marketing roi"),
        tab_of="jobs:sources",
    ),
    Section(
        group="sales",
        name="leads:unmatched",
        permission="sources.manage",
        icon="list-checks",
        label=_("Unknown sources"),
        note=_("Tracking words in web addresses that match no source yet."),
        affects=_("Affects the source of leads that came by such an address."),
        words=_("utm tracking parameters mapping unmatched visits attribution"),
        tab_of="jobs:sources",
    ),
    Section(
        group="sales",
        name="leads:links",
        permission="sources.manage",
        icon="link",
        label=_("Link checker"),
        note=_("Whether the links of your advertisements name a known source and campaign."),
        affects=_("Affects nothing until you use the corrected links."),
        words=_("utm builder url campaign link parameters landing page"),
        tab_of="jobs:sources",
    ),
    EventWords("lead.estimated", "gauge", _("recorded quoted and actual price")),
    AddedFilter(JobFilters, "brought", BroughtFilter()),
    # All days before those of some leads alone.
    TenantStart(lambda: None, again=upkeep.begin),
    TenantStart(lambda: None, again=funnel.catch_up),
]
