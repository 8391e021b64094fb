"""The leads behind a number of the report: one queryset for the number, and for the list it links to."""

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.losses.setup import lost_reasons
from crm.jobs.models import Job, JobState
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.days import DayRange
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.filters import Filter
from crm.web.lists.conditions.viewer import Viewer
from leads.models import Touch, TouchKind
from leads.sources.report.period import LONGEST
from leads.sources.setup import campaigns

WON = Q(lead__won_at__isnull=False)
QUOTED = WON | Q(lead__quoted_at__isnull=False)
QUALIFIED = QUOTED | Q(lead__qualified_at__isnull=False)
LOST = Q(state=JobState.LOST)
STEPS: dict[str, Q] = {"leads": Q(), "qualified": QUALIFIED, "quoted": QUOTED, "won": WON, "lost": LOST}
WORDS = {
    "leads": gettext_lazy("came in"),
    "qualified": gettext_lazy("qualified"),
    "quoted": gettext_lazy("quoted"),
    "won": gettext_lazy("won"),
    "lost": gettext_lazy("lost"),
}
# The reason of the present end; a case of an end that was taken back says nothing.
CASE = Q(lost_case__ended_at=F("ended_at"))
NEW = "new"
RETURNING = "returning"
NONE = 0


class ReportScope(NamedTuple):
    """The leads of a report: the days they came in, which touch counts, and new or returning customers."""

    period: DayRange
    touch: str = str(TouchKind.FIRST)
    who: str = ""


class LeadCount(NamedTuple):
    """The leads behind a number. `source`, `campaign`, `reason`: an id, 0 for those without one, None for all."""

    asked: ReportScope
    step: str = "leads"
    currency: str = ""
    source: int | None = None
    campaign: int | None = None
    reason: int | None = None

    def __str__(self) -> str:
        period = self.asked.period
        parts = [period.first.isoformat(), period.last.isoformat(), self.asked.touch, self.asked.who, self.step]
        ids = ["" if pk is None else str(pk) for pk in (self.source, self.campaign, self.reason)]
        return ".".join([*parts, self.currency, *ids])

    @classmethod
    def read(cls, text: str) -> "LeadCount":
        """Parse the text that `str` returns. Raises ValueError."""
        first, last, touch, who, step, currency, *ids = text[:200].split(".")
        period = DayRange.read(first, last, most=LONGEST)
        source, campaign, reason = (int(pk[:18]) if pk else None for pk in ids)
        is_valid = touch in TouchKind.values and who in ("", NEW, RETURNING) and step in STEPS
        if not is_valid or period is None:
            raise ValueError("no such number")
        return cls(ReportScope(period, touch, who), step, currency[:3], source, campaign, reason)

    def jobs(self, base: Any = None) -> Any:
        """Return the leads it counts, of those in `base` or of all."""
        leads = of_period(Job.objects.all() if base is None else base, self.asked).filter(STEPS[self.step])
        if self.currency:
            leads = leads.filter(currency=self.currency)
        if self.source is not None:
            leads = leads.filter(_one_of("from_source", self.source, pipeline_setup().sources.meaning))
        if self.campaign is not None:
            leads = leads.filter(_one_of("from_campaign", self.campaign, campaigns().meaning))
        if self.reason is None:
            return leads
        if self.reason:
            return leads.filter(CASE, lost_case__reason=self.reason)
        return leads.exclude(CASE)


def _one_of(column: str, pk: int, meaning: Any) -> Q:
    if pk:
        return Q(**{f"{column}__in": meaning(pk)})
    return Q(**{f"{column}__isnull": True})


def of_period(jobs: Any, asked: ReportScope) -> Any:
    """Return the leads that came in during a period, annotated with `from_source` and `from_campaign`."""
    since, until = asked.period.instants(directory().zone)
    leads = jobs.filter(came_in_at__gte=since, came_in_at__lt=until).order_by()
    if asked.who:
        earlier = Job.objects.filter(person_id=OuterRef("person_id"), came_in_at__lt=OuterRef("came_in_at"))
        came_before = Exists(earlier.order_by())
        if asked.who == RETURNING:
            leads = leads.filter(came_before, person__in=_who_came_again())
        else:
            leads = leads.filter(~came_before)
    if asked.touch != TouchKind.CONVERSION:
        return leads.annotate(from_source=F("source_id"), from_campaign=F("lead__campaign_id"))
    last = Touch.objects.filter(lead=OuterRef("pk"), kind=TouchKind.CONVERSION, source__isnull=False)
    leads = leads.annotate(last_source=Subquery(last.values("source_id")[:1]))
    return leads.annotate(
        from_source=Coalesce("last_source", "source_id", output_field=BigIntegerField()),
        from_campaign=Case(
            When(last_source__isnull=False, then=Subquery(last.values("campaign_id")[:1])),
            default=F("lead__campaign_id"),
            output_field=BigIntegerField(),
        ),
    )


def _who_came_again() -> Any:
    """Return the people with more than one lead: earlier leads are looked up only for them.

    They are few, and counted along the index by person alone: all leads compared with all others cost more.
    """
    people = Job.objects.filter(person__isnull=False).order_by().values("person")
    return people.annotate(leads=Count("*")).filter(leads__gt=1).values("person")


class BroughtFilter(Filter):
    """Filter of the lists that the report's numbers link to; users cannot add it."""

    tests = ("is",)

    def __init__(self) -> None:
        super().__init__(gettext_lazy("Result"))

    def offers(self, member: Member) -> bool:
        return False

    def operand(self, test: str, viewer: Viewer) -> forms.Field:
        return _CountedField()

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        return Q(pk__in=LeadCount.read(value).jobs().values("pk"))

    def value_words(self, test: str, value: str, viewer: Viewer) -> str:
        return describe_count(LeadCount.read(value), viewer)


class _CountedField(forms.CharField):
    def validate(self, value: str) -> None:
        super().validate(value)
        try:
            counted = LeadCount.read(value)
        except ValueError:
            raise ValidationError(_("Open the list from the number in the report.")) from None
        sources = pipeline_setup().sources
        all_campaigns = campaigns().all
        if (counted.source and counted.source not in sources) or (
            counted.campaign and counted.campaign not in all_campaigns
        ):
            raise ValidationError(_("Open the list from the number in the report."))


def describe_count(counted: LeadCount, viewer: Viewer) -> str:
    """Describe what is counted: "won, Google Ads, Mar 1 – May 12"."""
    sources = pipeline_setup().sources
    period = counted.asked.period
    words = [str(WORDS[counted.step])]
    if counted.source is not None:
        words.append(sources[counted.source].name if counted.source else _("no source"))
    if counted.campaign is not None:
        words.append(campaigns().name(counted.campaign) if counted.campaign else _("no campaign"))
    if counted.reason is not None:
        words.append(lost_reasons().name(counted.reason) if counted.reason else _("other reasons"))
    if counted.asked.who:
        words.append(_("new customers") if counted.asked.who == NEW else _("returning customers"))
    if counted.asked.touch == TouchKind.CONVERSION:
        words.append(_("at conversion"))
    days = " – ".join(viewer.reader.date(day) for day in (period.first, period.last))
    return ", ".join([*words, *filter(None, [counted.currency]), days])
