"""Filter of leads by their likelihood of being won, in tens of percent."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assistant.models import LeadScore
from assistant.models.lead_score import lead_score_model
from crm.jobs.list.conditions import JobFilters
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.lists.conditions.viewer import Viewer

PARAMETER = "score"
_TENS = range(0, 100, 10)


def bin_query(low: int) -> str:
    """Return the query of the leads in a bin: "score=40"."""
    return f"{PARAMETER}={low}"


def _choices(member: Member) -> list[Choice]:
    if lead_score_model() is None:
        return []
    return [Choice(str(low), f"{low}–{_highest(low)}%") for low in _TENS]


def _highest(low: int) -> int:
    if low == _TENS[-1]:
        return 100
    return low + 9


def _in_bin(value: str, viewer: Viewer) -> Q:
    low = int(value)
    scores = LeadScore.objects.filter(percent__gte=low, percent__lte=_highest(low), job=OuterRef("pk"))
    return Q(Exists(scores))


FILTERS: list[Feature] = [
    AddedFilter(JobFilters, PARAMETER, ChoiceFilter(_("Likelihood"), choices=_choices, q=_in_bin)),
]
