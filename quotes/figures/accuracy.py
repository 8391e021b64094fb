"""Quote accuracy: price and duration that were said, next to what the finished jobs of a period came to.

The numbers are those of the lead, so that jobs count whose amounts were typed by a member. Two statements; they read
job_by_end, limited to the days of the period.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, ExpressionWrapper, F, FloatField, OuterRef, Q
from django.db.models.functions import NullIf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import JobState
from crm.platform.database.percentile import Percentile
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter
from crm.web.lists.conditions.viewer import Viewer
from leads.models import Lead
from quotes.figures.answers import percent

# A price or duration within so many percent of what was said was said well.
NEAR = 10
BY = {"pipeline": "pipeline_id", "member": "member_id", "brand": "brand_id"}
PAIRS = {"price": ("quoted_value", "actual_value"), "days": ("quoted_days", "actual_days")}
WORDS: dict[str, Promise] = {
    "price-known": _("price: both known"),
    "price-near": _("price: within 10%"),
    "price-over": _("price: over by more than 10%"),
    "price-under": _("price: under by more than 10%"),
    "days-known": _("duration: both known"),
    "days-near": _("duration: within 10%"),
    "days-over": _("duration: longer by more than 10%"),
    "days-under": _("duration: shorter by more than 10%"),
}


@dataclass
class AccuracyLine:
    """Finished jobs of one value. Drifts are medians, as shares of what was said; None: unknown."""

    value: Any = None
    done: int = 0
    price_known: int = 0
    price_near: int = 0
    price_over: int = 0
    price_under: int = 0
    price_drift: float | None = None
    days_known: int = 0
    days_near: int = 0
    days_over: int = 0
    days_under: int = 0
    days_drift: float | None = None

    @property
    def price_percent(self) -> int | None:
        return percent(self.price_near, self.price_known)

    @property
    def days_percent(self) -> int | None:
        return percent(self.days_near, self.days_known)


def drift_condition(name: str, prefix: str = "") -> Q:
    """Return the condition of a name of WORDS on a lead; `prefix`: of the columns, seen from the job."""
    pair, _dash, drift = name.partition("-")
    quoted, actual = (f"{prefix}{column}" for column in PAIRS[pair])
    condition = Q(**{f"{quoted}__gt": 0, f"{actual}__isnull": False})
    least, most = (F(quoted) * (100 + sign * NEAR) / 100 for sign in (-1, 1))
    if drift == "over":
        return condition & Q(**{f"{actual}__gt": most})
    if drift == "under":
        return condition & Q(**{f"{actual}__lt": least})
    if drift == "near":
        return condition & Q(**{f"{actual}__gte": least, f"{actual}__lte": most})
    return condition


def _leads_with(value: str, viewer: Viewer) -> Q:
    return Q(Exists(Lead.objects.filter(drift_condition(value), job_id=OuterRef("pk")).order_by()))


def _drift_choices(member: Member) -> list[Choice]:
    return [Choice(name, str(words)) for name, words in WORDS.items()]


ACCURACY = ChoiceFilter(_("Quoted and actual"), choices=_drift_choices, q=_leads_with)


def accuracy_lines(jobs: Any, since: datetime, until: datetime, by: str) -> tuple[AccuracyLine, list[AccuracyLine]]:
    """Return the line of all jobs finished in a period, and those of each kind of work, member or brand."""
    done = jobs.filter(state=JobState.DONE, ended_at__gte=since, ended_at__lt=until).order_by()
    figures: dict[str, Any] = {"done": Count("pk")}
    for name in WORDS:
        figures[name.replace("-", "_")] = Count("pk", filter=drift_condition(name, "lead__"))
    for pair, (quoted, actual) in PAIRS.items():
        figures[f"{pair}_drift"] = Percentile(_drift_share(f"lead__{quoted}", f"lead__{actual}"), at=0.5)
    everything = AccuracyLine(**done.aggregate(**figures))
    rows = done.values(group=F(BY[by])).annotate(**figures)
    lines = [AccuracyLine(value=row.pop("group"), **row) for row in rows]
    return everything, sorted(lines, key=lambda line: (-line.done, str(line.value)))


def _drift_share(quoted: str, actual: str) -> Any:
    return ExpressionWrapper((F(actual) - F(quoted)) * 1.0 / NullIf(F(quoted), 0), output_field=FloatField())
