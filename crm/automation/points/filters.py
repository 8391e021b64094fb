"""Filters of leads by points and by outcome, for links from the calibration page."""

from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.models import PriorityScore
from crm.jobs.list.conditions import JobFilters
from crm.jobs.models import JobState
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.lists.conditions.viewer import Viewer

WON = "won"
LOST = "lost"


class PointBand(NamedTuple):
    """A range of points, both ends included; None for an open end."""

    key: str
    least: int | None
    most: int | None

    @property
    def words(self) -> str:
        """Describe the band: "3 to 4"."""
        if self.least is None:
            return _("below 0")
        if self.most is None:
            return _("%(points)s or more") % {"points": self.least}
        if self.least == self.most:
            return str(self.least)
        return _("%(least)s to %(most)s") % {"least": self.least, "most": self.most}

    def of(self, column: str) -> Q:
        """Return the condition on a column of points."""
        query = Q()
        if self.least is not None:
            query &= Q(**{f"{column}__gte": self.least})
        if self.most is not None:
            return query & Q(**{f"{column}__lte": self.most})
        return query


BANDS = (
    PointBand("minus", None, -1),
    PointBand("0", 0, 0),
    PointBand("1-2", 1, 2),
    PointBand("3-4", 3, 4),
    PointBand("5-9", 5, 9),
    PointBand("10", 10, None),
)


def outcome_query(outcome: str, of: str = "") -> Q:
    """Return the condition for jobs won (including work in progress) or lost; `of`: lookup path to the job."""
    if outcome == LOST:
        return Q(**{f"{of}state": JobState.LOST})
    sold = [pk for pk in pipeline_setup().stages if pipeline_setup().is_sold(pk)]
    return Q(**{f"{of}state": JobState.DONE}) | Q(**{f"{of}state": JobState.OPEN, f"{of}stage_id__in": sold})


def _band_choices(member: Member) -> list[Choice]:
    return [Choice(band.key, band.words) for band in BANDS]


def _in_band(value: str, viewer: Viewer) -> Q:
    band = next(band for band in BANDS if band.key == value)
    scores: Any = PriorityScore.objects.filter(band.of("points"), job=OuterRef("pk"))
    return Q(Exists(scores))


def _outcome_choices(member: Member) -> list[Choice]:
    return [Choice(WON, _("won")), Choice(LOST, _("lost"))]


def _in_outcome(value: str, viewer: Viewer) -> Q:
    return outcome_query(value)


FILTERS = (
    AddedFilter(JobFilters, "points", ChoiceFilter(gettext_lazy("Points"), choices=_band_choices, q=_in_band)),
    AddedFilter(JobFilters, "outcome", ChoiceFilter(gettext_lazy("Outcome"), choices=_outcome_choices, q=_in_outcome)),
)
