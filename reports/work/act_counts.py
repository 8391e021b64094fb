"""Manual work saved: acts by hand, by template and automatic, and the hours that the latter saved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.utils.translation import gettext as _

from crm.web.charts.bars import bar_chart
from crm.web.charts.drawing import ChartDrawing
from crm.web.charts.values import ChartValue, Series
from crm.web.reader import Reader
from reports.models import ActDay, CountedAct
from reports.models.work import act_minutes

# Weeks that are compared with as many before, and those the chart shows.
WEEKS = 4
SHOWN = 8


@dataclass(frozen=True)
class Counts:
    """The number of acts of a kind, by hand, by template and automatic."""

    by_hand: int = 0
    by_template: int = 0
    by_itself: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.by_hand + other.by_hand, self.by_template + other.by_template, self.by_itself + other.by_itself
        )

    @property
    def all(self) -> int:
        return self.by_hand + self.by_template + self.by_itself


@dataclass(frozen=True)
class ActLine:
    """A row of the table: an act, its counts, the minutes for one, and the minutes saved."""

    label: str
    counts: Counts
    before: Counts
    minutes: int
    saved: int

    @property
    def percent(self) -> int:
        """The share of acts that were not done by hand alone, in percent."""
        return share(self.counts)


def share(counts: Counts) -> int:
    """Return the share done automatically or with a template, in percent, rounded down."""
    if counts.all:
        return 100 * (counts.by_itself + counts.by_template) // counts.all
    return 0


def saved_minutes(act: str, counts: Counts, minutes: Mapping[str, int]) -> int:
    """Return the minutes saved: the full time of automatic acts, and a template's saving for those by template."""
    return counts.by_itself * minutes[act] + counts.by_template * min(minutes["template"], minutes[act])


def labels() -> dict[str, str]:
    """Return the labels of the acts."""
    return {
        CountedAct.MESSAGE: _("Messages written"),
        CountedAct.FOLLOW_UP: _("Follow-ups planned"),
        CountedAct.MOVE: _("Leads moved to a step"),
        CountedAct.ASSIGNMENT: _("Leads and conversations given to somebody"),
        CountedAct.UPDATE: _("Updates for customers drafted"),
    }


def count_acts(first: date, after: date) -> dict[str, Counts]:
    """Sum the daily counts of a half-open period. One statement."""
    rows = ActDay.objects.filter(day__gte=first, day__lt=after).order_by().values_list("act")
    sums = rows.annotate(Sum("by_hand"), Sum("by_template"), Sum("by_itself"))
    return {act: Counts(hand, template, itself) for act, hand, template, itself in sums}


def act_lines(today: date) -> list[ActLine]:
    """Return the acts of the last weeks, compared with the weeks before. Two statements."""
    days = timedelta(weeks=WEEKS)
    now = count_acts(today - days, today)
    before = count_acts(today - 2 * days, today - days)
    minutes = act_minutes()
    none = Counts()
    return [
        ActLine(
            label,
            now.get(act, none),
            before.get(act, none),
            minutes[act],
            saved_minutes(act, now.get(act, none), minutes),
        )
        for act, label in labels().items()
    ]


def total(counts: Iterable[Counts]) -> Counts:
    """Sum the counts."""
    sums = Counts()
    for one in counts:
        sums += one
    return sums


def weeks_chart(today: date, reader: Reader) -> ChartDrawing:
    """Draw the acts of each of the last full weeks, by who did them. One statement."""
    monday = today - timedelta(days=today.weekday())
    starts = [monday - timedelta(weeks=weeks) for weeks in range(SHOWN, 0, -1)]
    by_week = {start: Counts() for start in starts}
    rows = ActDay.objects.filter(day__gte=starts[0], day__lt=monday).order_by().values_list("day")
    sums = rows.annotate(Sum("by_hand"), Sum("by_template"), Sum("by_itself"))
    for day, hand, template, itself in sums:
        by_week[day - timedelta(days=day.weekday())] += Counts(hand, template, itself)
    series = [
        Series(_("By hand"), [ChartValue(by_week[start].by_hand) for start in starts]),
        Series(_("With a template"), [ChartValue(by_week[start].by_template) for start in starts]),
        Series(_("Automatic"), [ChartValue(by_week[start].by_itself) for start in starts]),
    ]
    names = [reader.date(start) for start in starts]
    return bar_chart("acts", _("Actions by week"), names, series, of=_("Week from"), stacked=True)
