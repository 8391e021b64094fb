"""Register the figures of follow-ups: their tab of the reports, and the filter of leads behind their comparisons."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.list.conditions import JobFilters
from crm.platform.features import Feature
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.shell.navigation import NavigationPage
from followups.figures.effect_filter import EffectFilter
from followups.filters import SEE_ALL

FEATURES: list[Feature] = [
    NavigationPage(
        name="followup_figures:figures",
        permission=SEE_ALL,
        icon="clock-check",
        label=_("Follow-up figures"),
        tab_of="reports:dashboard",
    ),
    AddedFilter(JobFilters, "compared", EffectFilter()),
]
