"""Read the report's figures: from stored days, or with two statements over the leads of a period."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    Aggregate,
    Avg,
    BigIntegerField,
    Case,
    Count,
    DateTimeField,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import directory
from leads.models import Basis, Spend, TouchKind
from leads.sources.kept.reading import KeptPeriod
from leads.sources.report.lead_count import CASE, LOST, QUALIFIED, QUOTED, RETURNING, WON, ReportScope, of_period
from leads.sources.setup import campaigns
from leads.sources.spending.proration import Amount, spent_by_month

# (currency, source, campaign); 0 for those without one, and a campaign of None for all of a source.
Key = tuple[str, int, int | None]
WORTH = Coalesce("lead__quoted_value", "value")
REVENUE = Coalesce("lead__actual_value", "value")
# What it was lost for: 0 for words of its own and for the case of an end that was taken back; None for what is not.
WHY = Case(When(LOST & CASE, then=F("lost_case__reason_id")), When(LOST, then=Value(0)), output_field=BigIntegerField())


class Median(Aggregate):
    """Postgres' continuous median."""

    function = "percentile_cont"
    template = "%(function)s(0.5) within group (order by %(expressions)s)"
    output_field = FloatField()


@dataclass
class SourceFigures:
    """The results of one source, one campaign, or all of them; money in minor units."""

    spent: int = 0
    leads: int = 0
    qualified: int = 0
    quoted: int = 0
    won: int = 0
    revenue: int = 0
    lost: int = 0
    lost_worth: int = 0
    # First contacts by how many minutes they took: medians of parts do not add up to that of the whole, these do.
    answers: Counter[int] = field(default_factory=Counter)
    # By reason, 0 for words of its own: leads and what they were worth.
    reasons: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    # By month: leads without a cost of their own, and what the others cost.
    unpriced: Counter[date] = field(default_factory=Counter)
    paid: Counter[date] = field(default_factory=Counter)
    # By month: what was spent, and how many of its leads were won.
    spent_of: Counter[date] = field(default_factory=Counter)
    won_of: Counter[date] = field(default_factory=Counter)

    def add(self, other: "SourceFigures") -> None:
        """Add the figures of another."""
        for name in ("spent", "leads", "qualified", "quoted", "won", "revenue", "lost", "lost_worth"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for counter in ("answers", "unpriced", "paid", "spent_of", "won_of"):
            getattr(self, counter).update(getattr(other, counter))
        for pk, (count, worth) in other.reasons.items():
            self.reasons[pk][0] += count
            self.reasons[pk][1] += worth

    @property
    def per_won(self) -> int | None:
        """Spend per won lead; None without spend or won leads."""
        if self.won and self.spent:
            return round(self.spent / self.won)
        return None

    @property
    def per_lead(self) -> int | None:
        if self.leads and self.spent:
            return round(self.spent / self.leads)
        return None

    @property
    def median_minutes(self) -> int | None:
        """Median time to a first contact, in business minutes; None without contacts."""
        half = sum(self.answers.values()) / 2
        seen = 0
        for minutes, count in sorted(self.answers.items()):
            seen += count
            if seen >= half:
                return minutes
        return None

    @property
    def mostly(self) -> int | None:
        """The reason most value was lost for; None if nothing was lost."""
        return max(self.reasons, key=lambda pk: (self.reasons[pk][1], self.reasons[pk][0], -pk), default=None)


def kept_of(asked: ReportScope) -> KeptPeriod | None:
    """Return the stored days that can answer the report for all leads; None if they cannot."""
    is_known = asked.touch == TouchKind.FIRST and not asked.who
    if is_known:
        return KeptPeriod(asked.period.first, asked.period.last)
    return None


def read(jobs: Any, asked: ReportScope, kept: KeptPeriod | None = None) -> dict[Key, SourceFigures]:
    """Return the figures of each source and campaign, by currency; currencies are never summed.

    Each is counted as it was before what was merged into it, so that a merge adds up and changes no amount. `kept`:
    the days that say it of all leads, which are not read then.
    """
    apart: dict[Key, SourceFigures] = defaultdict(SourceFigures)
    if kept:
        _add_kept(kept, apart)
    else:
        rows = of_period(jobs, asked)
        _add_counts(rows, apart, asked)
        _add_answer_times(rows, apart)
    if not asked.who:
        _add_spend(apart, asked)
    figures_by_root: dict[Key, SourceFigures] = defaultdict(SourceFigures)
    sources = pipeline_setup().sources
    for (currency, source, campaign), figures in apart.items():
        root = 0
        if source:
            root = sources[source].pk
        figures_by_root[currency, root, campaigns().root(campaign) or 0].add(figures)
        figures_by_root[currency, root, None].add(figures)
    return figures_by_root


def returning(jobs: Any, asked: ReportScope, kept: KeptPeriod | None = None) -> dict[str, tuple[int, int]]:
    """Return by currency how many leads came from returning customers, and their revenue."""
    if kept:
        return kept.returning()
    rows = of_period(jobs, asked._replace(who=RETURNING)).values("currency")
    counted = rows.annotate(leads=Count("pk"), revenue=Sum(REVENUE, filter=WON))
    return {row["currency"]: (row["leads"], row["revenue"] or 0) for row in counted}


def total(found: dict[Key, SourceFigures], currency: str) -> SourceFigures:
    """Return the total of all sources in a currency."""
    all_of_it = SourceFigures()
    for (of, _source, campaign), figures in found.items():
        if of == currency and campaign is None:
            all_of_it.add(figures)
    return all_of_it


def _row_key(row: dict[str, Any]) -> Key:
    return row["currency"], row["from_source"] or 0, row["from_campaign"] or 0


def _add_counts(rows: Any, found: dict[Key, SourceFigures], asked: ReportScope) -> None:
    """Sum leads by source, campaign, month and lost reason; each lead is joined to its job once."""
    months = list(asked.period.months)
    sums = (
        rows.annotate(nth_month=_month_of(months), why=WHY)
        .values("currency", "from_source", "from_campaign", "nth_month", "why")
        .annotate(
            leads=Count("pk"),
            qualified=Count("pk", filter=QUALIFIED),
            quoted=Count("pk", filter=QUOTED),
            won=Count("pk", filter=WON),
            revenue=Sum(REVENUE, filter=WON),
            worth=Sum(WORTH, filter=LOST),
            free=Count("pk", filter=Q(lead__cost__isnull=True)),
            paid=Sum("lead__cost"),
        )
    )
    with connection.cursor() as cursor:
        # The leads of a big tenant, by which their jobs find them, would be written to disk and read again.
        cursor.execute("set local work_mem = '64MB'")
    for row in sums:
        figures = found[_row_key(row)]
        month = months[row["nth_month"] - 1]
        for name in ("leads", "qualified", "quoted", "won"):
            setattr(figures, name, getattr(figures, name) + row[name])
        figures.revenue += row["revenue"] or 0
        figures.won_of[month] += row["won"]
        figures.unpriced[month] += row["free"]
        figures.paid[month] += row["paid"] or 0
        if row["why"] is not None:
            figures.lost += row["leads"]
            figures.lost_worth += row["worth"] or 0
            figures.reasons[row["why"]][0] += row["leads"]
            figures.reasons[row["why"]][1] += row["worth"] or 0


def _add_kept(kept: KeptPeriod, found: dict[Key, SourceFigures]) -> None:
    for sums in kept.sums:
        figures = found[sums.currency, sums.source, sums.campaign]
        for name in ("leads", "qualified", "quoted", "won", "revenue"):
            setattr(figures, name, getattr(figures, name) + getattr(sums, name))
        figures.won_of[sums.month] += sums.won
        figures.unpriced[sums.month] += sums.unpriced
        figures.paid[sums.month] += sums.paid
    for answered in kept.answers():
        found[answered.currency, answered.source, answered.campaign].answers[answered.what] += answered.leads
    for lost in kept.losses():
        figures = found[lost.currency, lost.source, lost.campaign]
        figures.lost += lost.leads
        figures.lost_worth += lost.worth
        figures.reasons[lost.what][0] += lost.leads
        figures.reasons[lost.what][1] += lost.worth


def _month_of(months: list[date]) -> Func:
    """The number, from 1, of the month a lead came in; cheaper than computing each lead's local date."""
    begins = [datetime.combine(month, time(), directory().zone) for month in months]
    array = Value(begins, output_field=ArrayField(DateTimeField()))
    return Func(F("came_in_at"), array, function="width_bucket", output_field=IntegerField())


def _add_answer_times(rows: Any, found: dict[Key, SourceFigures]) -> None:
    answered = rows.filter(first_contact__seconds__isnull=False).annotate(minutes=F("first_contact__seconds") / 60)
    counts = answered.values("currency", "from_source", "from_campaign", "minutes").annotate(count=Count("pk"))
    for row in counts:
        found[_row_key(row)].answers[row["minutes"]] += row["count"]


def _add_spend(found: dict[Key, SourceFigures], asked: ReportScope) -> None:
    amounts: dict[Key, list[Amount]] = defaultdict(list)
    covered: dict[tuple[str, int], set[date]] = defaultdict(set)
    for row in Spend.objects.filter(month__in=list(asked.period.months)).order_by("pk"):
        is_per_lead = row.basis == Basis.LEAD
        amounts[row.currency, row.source_id, row.campaign_id or 0].append(Amount(row.month, is_per_lead, row.amount))
        if not is_per_lead:
            covered[row.currency, row.source_id].add(row.month)
    for key in {*amounts, *found}:
        currency, source, campaign = key
        rows = amounts.get(key, [])
        if campaign and not any(row.is_per_lead for row in rows):
            # A price per lead of the whole source is that of its campaigns, where they have none of their own.
            rows = rows + [row for row in amounts.get((currency, source, 0), []) if row.is_per_lead]
        figures = found[key]
        months = frozenset(covered[currency, source])
        figures.spent_of = spent_by_month(
            rows, asked.period, unpriced=figures.unpriced, paid=figures.paid, covered=months
        )
        figures.spent = figures.spent_of.total()


def whys(jobs: Any, asked: ReportScope, kept: KeptPeriod | None = None) -> list[dict[str, Any]]:
    """Return by currency and lost reason the median gaps in price and days, and the most frequent competitor."""
    if kept:
        return kept.whys()
    lost = of_period(jobs, asked).filter(LOST, CASE)
    late = F("lost_case__offered") - F("lost_case__wanted")
    numbers = (
        lost.annotate(late=late)
        .values("currency", "lost_case__reason_id")
        .annotate(gap=Median("lost_case__gap"), days=Avg("late"), counted=Count("lost_case__gap"), dated=Count("late"))
    )
    gaps = [dict(row) | {"rival": "", "times": 0} for row in numbers]
    rivals: Iterable[dict[str, Any]] = (
        lost.exclude(lost_case__rival="")
        .values("currency", "lost_case__reason_id", "lost_case__rival")
        .annotate(times=Count("pk"))
        .order_by("times", "-lost_case__rival")
    )
    for rival in rivals:
        for row in gaps:
            if (row["currency"], row["lost_case__reason_id"]) == (rival["currency"], rival["lost_case__reason_id"]):
                row |= {"rival": rival["lost_case__rival"], "times": rival["times"]}
    return gaps
