"""Register the figures of quotes: their tab of the reports, and the filter of leads behind quote accuracy."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.list.conditions import JobFilters
from crm.platform.features import Feature
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.shell.navigation import NavigationPage
from quotes.figures.accuracy import ACCURACY
from quotes.permissions import FIGURES

FEATURES: list[Feature] = [
    NavigationPage(
        name="quote_figures:figures",
        permission=FIGURES,
        icon="file-text",
        label=_("Quote figures"),
        tab_of="reports:dashboard",
        words=_("win rate accuracy competitor price gap margin estimate"),
    ),
    AddedFilter(JobFilters, "accuracy", ACCURACY),
]
