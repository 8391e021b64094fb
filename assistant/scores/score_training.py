"""Count what won and lost leads had in common, calibrate it, and check it on leads that were left out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction

from assistant.models import LeadScore, LeadScoreModel
from assistant.models.lead_score import FLOOR, lead_score_model
from assistant.reading.naive_bayes import (
    Calibration,
    fit_calibration,
    prior_weight,
    reached_weights,
    value_weights,
)
from assistant.scores.signals import SIGNALS, with_signals
from crm.automation.points.filters import LOST, WON, outcome_query
from crm.jobs.models import Job, JobState
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.people.models import may_be_profiled
from crm.platform.organization.configuration import directory

# The newest so many of each outcome are learnt from.
MOST = 10_000
FOLDS = 5
BINS = 10
NIGHT = time(2)
EDGES = 3


class EndedLead(NamedTuple):
    """A lead that was won or lost: its signals in the order of SIGNALS, and the phase it had come to when scored."""

    pk: int
    won: bool
    signals: tuple[str, ...]
    reached: str


class ScoreWeights(NamedTuple):
    """The weights of a model in memory."""

    prior: float
    signals: dict[str, dict[str, float]]
    reached: dict[str, float]

    def total(self, lead: EndedLead) -> float:
        """Return the sum of the weights of a lead."""
        total = self.prior + self.reached.get(lead.reached, 0.0)
        for signal, value in zip(SIGNALS, lead.signals, strict=True):
            total += self.signals[signal.name].get(value, 0.0)
        return total


@transaction.atomic
def train_scores() -> LeadScoreModel | None:
    """Train the model on the ended leads, and score these by models that had not seen them; None with too few."""
    edges = _value_edges()
    leads = ended_leads(edges)
    won = sum(lead.won for lead in leads)
    lost = len(leads) - won
    if won < FLOOR or lost < FLOOR:
        LeadScoreModel.objects.all().delete()
        return None
    left_out = _totals_left_out(leads)
    calibration = fit_calibration((total, lead.won) for lead, total in left_out)
    weights = count_weights(leads)
    model = lead_score_model() or LeadScoreModel()
    model.won = won
    model.lost = lost
    model.weights = weights._asdict() | {"edges": edges}
    model.slope = calibration.slope
    model.offset = calibration.offset
    model.bins = _bins(left_out, calibration)
    model.at = clock.now()
    model.save()
    _keep_left_out(left_out, calibration)
    return model


def next_night(now: datetime) -> datetime:
    """Return when scores are computed next, in the organization's time zone."""
    zone = directory().zone
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), NIGHT, zone)


def ended_leads(edges: Sequence[int]) -> list[EndedLead]:
    """Return the newest won and lost leads, each as it stood at some moment on its way, chosen by its id."""
    leads = []
    for outcome in (WON, LOST):
        jobs = Job.objects.filter(outcome_query(outcome), may_be_profiled()).order_by("-came_in_at", "-pk")
        columns = [signal.column for signal in SIGNALS]
        for pk, state, reached, *signals in with_signals(jobs, edges).values_list(
            "pk", "state", "signal_reached", *columns
        )[:MOST]:
            won = state != JobState.LOST
            leads.append(EndedLead(pk, won, tuple(signals), _moment(pk, won, int(reached))))
    return leads


def _moment(pk: int, won: bool, reached: int) -> str:
    """Return a phase that a lead passed before it was sold or lost: scores of open leads are asked for on the way."""
    last = _unsold_phases() if won else min(reached, _unsold_phases())
    return str(pk % (last + 1))


def _unsold_phases() -> int:
    setup = pipeline_setup()
    unsold = [
        at
        for at, phase in enumerate(setup.phases, 1)
        if any(not setup.is_sold(stage) for stage in setup.stages_in_phase(phase.pk))
    ]
    return max(unsold, default=0)


def _value_edges() -> list[int]:
    """Return the values that divide the newest leads in four; fewer if many are alike."""
    values = Job.objects.filter(value__isnull=False).order_by("-came_in_at", "-pk").values_list("value", flat=True)
    ordered = sorted(values[:2_000])
    if len(ordered) < 2 * FLOOR:
        return []
    return sorted({ordered[len(ordered) * quarter // (EDGES + 1)] for quarter in range(1, EDGES + 1)} - {0})


def count_weights(leads: Sequence[EndedLead]) -> ScoreWeights:
    """Count the signals of leads, and return their weights."""
    won = sum(lead.won for lead in leads)
    lost = len(leads) - won
    counts: dict[str, dict[str, list[int]]] = {signal.name: defaultdict(lambda: [0, 0]) for signal in SIGNALS}
    lost_by_phase = {str(at): 0 for at in range(_unsold_phases() + 1)}
    for lead in leads:
        for signal, value in zip(SIGNALS, lead.signals, strict=True):
            counts[signal.name][value][not lead.won] += 1
        if not lead.won:
            for at in range(int(lead.reached) + 1):
                lost_by_phase[str(at)] += 1
    signals = {name: value_weights(values, won, lost) for name, values in counts.items()}
    return ScoreWeights(prior_weight(won, lost), signals, reached_weights(lost_by_phase, lost))


def _totals_left_out(leads: Sequence[EndedLead]) -> list[tuple[EndedLead, float]]:
    """Return each lead with its sum of weights, by counts without the fifth of leads it belongs to."""
    totals = []
    for fold in range(FOLDS):
        weights = count_weights([lead for lead in leads if lead.pk % FOLDS != fold])
        totals += [(lead, weights.total(lead)) for lead in leads if lead.pk % FOLDS == fold]
    return totals


def _bins(left_out: Iterable[tuple[EndedLead, float]], calibration: Calibration) -> list[list[int]]:
    bins = [[0, 0, 0] for _bin in range(BINS)]
    for lead, total in left_out:
        percent = percent_of(calibration, total)
        row = bins[min(percent // BINS, BINS - 1)]
        row[0] += 1
        row[1] += lead.won
        row[2] += percent
    return bins


def percent_of(calibration: Calibration, total: float) -> int:
    """Return the likelihood for a sum of weights, in whole percent from 1 to 99."""
    return max(1, min(99, round(100 * calibration.share(total))))


def _keep_left_out(left_out: Iterable[tuple[EndedLead, float]], calibration: Calibration) -> None:
    """Store what ended leads would have been said to be: the calibration page opens them by it."""
    now = clock.now()
    rows = [LeadScore(job_id=lead.pk, percent=percent_of(calibration, total), at=now) for lead, total in left_out]
    set_by_hand = set(LeadScore.objects.filter(set_by__isnull=False).values_list("job_id", flat=True))
    LeadScore.objects.bulk_create(
        [row for row in rows if row.job_id not in set_by_hand],
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["tenant", "job"],
        update_fields=["percent", "at"],
    )
