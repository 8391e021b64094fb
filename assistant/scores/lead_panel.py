"""The score on the page of a lead: points first, a likelihood with its reasons once enough leads have ended."""

from typing import NamedTuple

from assistant.models import LeadScore, LeadScoreModel
from assistant.models.lead_score import FLOOR, lead_score_model
from assistant.reading.measures import wilson_interval
from assistant.reading.naive_bayes import Calibration
from assistant.scores.score_training import BINS, percent_of
from assistant.scores.signals import SIGNALS, reached_words, with_signals
from crm.automation.models import PriorityScore
from crm.automation.points.counting import active_points
from crm.jobs.models import Job
from crm.people.models import ProfilingObjection
from crm.platform.organization.configuration import directory

MOST_REASONS = 3
# A reason that changes the likelihood by less is none.
LEAST = 1


class ScoreReason(NamedTuple):
    """A sentence, and by how many points of percent it changes the likelihood."""

    words: str
    points: int


class ScoreBin(NamedTuple):
    """Ended leads that would have been said to be as likely: from `low` to `high` percent."""

    low: int
    high: int
    leads: int
    won: int

    @property
    def lost(self) -> int:
        return self.leads - self.won

    @property
    def percent_won(self) -> int:
        return round(100 * self.won / self.leads) if self.leads else 0

    @property
    def between(self) -> tuple[int, int]:
        """The 95 % interval of the share won, in percent."""
        low, high = wilson_interval(self.won, self.leads)
        return round(100 * low), round(100 * high)


class LeadScorePanel(NamedTuple):
    """The score of a lead: `percent` is None as long as there are points only."""

    objects: bool
    percent: int | None
    set_by: str
    reasons_for: list[ScoreReason]
    reasons_against: list[ScoreReason]
    bin: ScoreBin | None
    has_points: bool
    points: int
    point_reasons: list[ScoreReason]
    floor: int


def lead_score_panel(job: Job) -> LeadScorePanel:
    """Return the score of a lead with its reasons; four queries at most."""
    if job.person_id and ProfilingObjection.objects.filter(person=job.person_id).exists():
        return LeadScorePanel(True, None, "", [], [], None, False, 0, [], FLOOR)
    points, point_reasons = _points(job)
    model = lead_score_model()
    row = LeadScore.objects.filter(job=job).first()
    set_by = directory().members[row.set_by_id].name if row and row.set_by_id else ""
    if model is None:
        percent = row.percent if row and set_by else None
        return LeadScorePanel(False, percent, set_by, [], [], None, bool(active_points()), points, point_reasons, FLOOR)
    computed, reasons = explain_score(job, model)
    percent = row.percent if row and set_by else computed
    reasons_for = [reason for reason in reasons if reason.points >= LEAST][:MOST_REASONS]
    against = [reason for reason in reversed(reasons) if reason.points <= -LEAST][:MOST_REASONS]
    return LeadScorePanel(
        False,
        percent,
        set_by,
        reasons_for,
        against,
        score_bins(model)[min(computed // BINS, BINS - 1)],
        bool(active_points()),
        points,
        point_reasons,
        FLOOR,
    )


def _points(job: Job) -> tuple[int, list[ScoreReason]]:
    row = PriorityScore.objects.filter(job=job).first()
    if row is None:
        return 0, []
    return row.points, [ScoreReason(words, points) for words, points in row.reasons]


def explain_score(job: Job, model: LeadScoreModel) -> tuple[int, list[ScoreReason]]:
    """Return the likelihood of a lead and what it rests on, the strongest for it first."""
    weights = model.weights
    edges = weights["edges"]
    columns = [signal.column for signal in SIGNALS]
    row = with_signals(Job.objects.filter(pk=job.pk), edges).values(*columns, "signal_reached").get()
    parts = [
        (
            signal.words(row[signal.column], edges, job.currency),
            weights["signals"][signal.name].get(row[signal.column], 0),
        )
        for signal in SIGNALS
        if signal.name in weights["signals"]
    ]
    parts.append((reached_words(row["signal_reached"]), weights["reached"].get(row["signal_reached"], 0)))
    calibration = Calibration(model.slope, model.offset)
    total = weights["prior"] + sum(weight for _words, weight in parts)
    percent = percent_of(calibration, total)
    reasons = [ScoreReason(words, percent - percent_of(calibration, total - weight)) for words, weight in parts]
    return percent, sorted(reasons, key=lambda reason: -reason.points)


def score_bins(model: LeadScoreModel) -> list[ScoreBin]:
    """Return the ten bins of the calibration."""
    width = 100 // BINS
    return [
        ScoreBin(at * width, (at + 1) * width - (1 if at < BINS - 1 else 0), leads, won)
        for at, (leads, won, _sum) in enumerate(model.bins)
    ]
