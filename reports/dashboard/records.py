"""Data of the forecast: open leads of each phase, and the last year's win rate and time to win."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F
from django.db.models.functions import Extract

from crm.jobs.models import StageVisit
from crm.jobs.pipelines.setup import pipeline_setup
from reports.dashboard.funnel import Cohort
from reports.figures.condition import stages_from_phase
from reports.figures.days import ZonedDays, last_days
from reports.forecast.open_quotes import Weights
from reports.forecast.outlook import PhaseRecord, WaitingWorth
from tickets.figures.figures import Percentile

# Days of which the leads that came in tell how often others are won, and of which stays tell how long a step takes.
PAST = 365
STAYS = 60


def decided_days() -> ZonedDays:
    """Return the days whose leads the win rate is computed from."""
    return last_days(PAST)


def waiting_of(weights: Weights, currency: str) -> dict[int, WaitingWorth]:
    """Return the leads of each phase in a currency, by place of the phase."""
    by_phase = {}
    for place, stages in _open_phases().items():
        parts = [one for (stage, of), one in weights.items() if stage in stages and of == currency]
        if any(count for count, _value, _squares in parts):
            by_phase[place] = WaitingWorth(*(sum(column) for column in zip(*parts, strict=True)))
    return by_phase


def records_of(cohort: Cohort) -> dict[int, PhaseRecord]:
    """Return the results of the leads that reached each phase."""
    medians = _median_days()
    records = {}
    rest = 0.0
    for place in sorted(_open_phases(), reverse=True):
        far = set(stages_from_phase(place))
        counts: dict[str, int] = defaultdict(int)
        for (stage, outcome), one in cohort.items():
            if stage in far:
                counts[outcome] += one.count
        rest += medians.get(place, 0.0)
        decided = counts["won"] + counts["lost"] + counts["dropped"]
        records[place] = PhaseRecord(decided, counts["won"], rest if place in medians else None)
    return records


def _open_phases() -> dict[int, set[int]]:
    """Return the steps of each phase that is not sold yet, by place."""
    setup = pipeline_setup()
    return {
        place: set(setup.stages_in_phase(phase.pk)) for place, phase in enumerate(setup.phases, 1) if not phase.is_sold
    }


def _median_days() -> dict[int, float]:
    """Return the median days in each phase: the sum of its steps' medians, by place."""
    since = last_days(STAYS).since
    rows = (
        StageVisit.objects.filter(left_at__gte=since, stage__isnull=False)
        .order_by()
        .values("stage_id")
        .annotate(stays=Count("*"), median=Percentile(_stay_seconds(), at=0.5))
    )
    by_stage = {row["stage_id"]: (row["stays"], row["median"]) for row in rows}
    by_phase = {}
    for place, stages in _open_phases().items():
        # Several pipelines have steps of their own here; each counts by how many stayed.
        pipelines: dict[int, float] = defaultdict(float)
        weight: dict[int, int] = defaultdict(int)
        for stage in stages & set(by_stage):
            pipeline = pipeline_setup().stages[stage].pipeline_id
            pipelines[pipeline] += by_stage[stage][1]
            weight[pipeline] += by_stage[stage][0]
        if weight:
            total = sum(pipelines[pk] * weight[pk] for pk in pipelines) / sum(weight.values())
            by_phase[place] = total / timedelta(days=1).total_seconds()
    return by_phase


def _stay_seconds() -> Any:
    return Extract(ExpressionWrapper(F("left_at") - F("entered_at"), output_field=DurationField()), "epoch")
