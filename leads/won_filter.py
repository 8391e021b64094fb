"""The filter of leads by when they were won."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.jobs.list.conditions import JobFilters
from crm.web.lists.conditions.field_types import DateFilter
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.lists.conditions.viewer import Viewer
from leads.models import Lead


class WonFilter(DateFilter):
    """Filter by the instant a lead was won, which is stored in the related Lead."""

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        won: Any = Lead.objects.filter(super().condition(test, value, viewer))
        return Q(Exists(won.filter(pk=OuterRef("pk"))))


WON = AddedFilter(JobFilters, "won", WonFilter(_("Won on"), "won_at"))
