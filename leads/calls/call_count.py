"""The calls behind a number of the report on sources: one queryset for the number, and for the list it links to."""

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.days import DayRange
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.filters import Filter
from crm.web.lists.conditions.viewer import Viewer
from leads.models import TrackedCall, Verdict
from leads.sources.report.period import LONGEST
from leads.sources.setup import campaigns

CALLS = "calls"
COUNTED = "counted"
MISSED = "missed"
OTHERS = "others"
# Our own calls are in none of them.
RESULTS: dict[str, Q] = {
    CALLS: ~Q(verdict=Verdict.OUTGOING),
    COUNTED: Q(verdict=Verdict.COUNTED),
    MISSED: Q(verdict=Verdict.MISSED),
    OTHERS: ~Q(verdict__in=[Verdict.OUTGOING, Verdict.COUNTED, Verdict.MISSED]),
}
WORDS = {
    CALLS: gettext_lazy("calls"),
    COUNTED: gettext_lazy("counted"),
    MISSED: gettext_lazy("missed"),
    OTHERS: gettext_lazy("not counted"),
}


class CallCount(NamedTuple):
    """The calls behind a number. `source`, `campaign`: an id, 0 for no campaign, None for all."""

    period: DayRange
    result: str = CALLS
    source: int | None = None
    campaign: int | None = None

    def __str__(self) -> str:
        ids = ["" if pk is None else str(pk) for pk in (self.source, self.campaign)]
        return ".".join([self.period.first.isoformat(), self.period.last.isoformat(), self.result, *ids])

    @classmethod
    def read(cls, text: str) -> "CallCount":
        """Parse the text that `str` returns. Raises ValueError."""
        first, last, result, *ids = text[:200].split(".")
        source, campaign = (int(pk[:18]) if pk else None for pk in ids)
        period = DayRange.read(first, last, most=LONGEST)
        if period is None or result not in RESULTS:
            raise ValueError("no such number")
        return cls(period, result, source, campaign)

    def condition(self) -> Q:
        """Return the condition on calls, by columns of the row."""
        since, until = self.period.instants(directory().zone)
        wanted = Q(at__gte=since, at__lt=until) & RESULTS[self.result]
        if self.source is not None:
            wanted &= Q(source__in=pipeline_setup().sources.meaning(self.source))
        if self.campaign:
            wanted &= Q(campaign__in=campaigns().meaning(self.campaign))
        elif self.campaign == 0:
            wanted &= Q(campaign__isnull=True)
        return wanted

    def calls(self) -> Any:
        """Return the calls it counts."""
        return TrackedCall.objects.filter(self.condition())


class CountedCallFilter(Filter):
    """Filter of the list that the report's numbers link to; users cannot add it."""

    tests = ("is",)

    def __init__(self) -> None:
        super().__init__(gettext_lazy("Result"))

    def offers(self, member: Member) -> bool:
        return False

    def operand(self, test: str, viewer: Viewer) -> forms.Field:
        return _CallCountField()

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        return CallCount.read(value).condition()

    def value_words(self, test: str, value: str, viewer: Viewer) -> str:
        return describe_calls(CallCount.read(value), viewer)


class _CallCountField(forms.CharField):
    def validate(self, value: str) -> None:
        super().validate(value)
        sentence = _("Open the list from the number in the report.")
        try:
            count = CallCount.read(value)
        except ValueError:
            raise ValidationError(sentence) from None
        is_known = not count.source or count.source in pipeline_setup().sources
        if not is_known or (count.campaign and count.campaign not in campaigns().all):
            raise ValidationError(sentence)


def describe_calls(count: CallCount, viewer: Viewer) -> str:
    """Describe what is counted: "missed, Google Ads, Mar 1 – May 12"."""
    words = [str(WORDS[count.result])]
    if count.source:
        words.append(pipeline_setup().sources[count.source].name)
    if count.campaign is not None:
        words.append(campaigns().name(count.campaign) if count.campaign else _("no campaign"))
    period = count.period
    return ", ".join([*words, " – ".join(viewer.reader.date(day) for day in (period.first, period.last))])
