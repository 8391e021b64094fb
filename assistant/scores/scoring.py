"""Score open leads: all at night, in slices of one statement each, and single ones when something happens to them."""

from collections.abc import Collection, Sequence

from django.db import connection
from django.db.models import Case, Expression, FloatField, IntegerField, Value, When
from django.db.models.functions import Cast, Exp, Greatest, Least, Round

from assistant.models import LeadScore, LeadScoreModel
from assistant.models.lead_score import lead_score_model
from assistant.scores.score_training import next_night, train_scores
from assistant.scores.signals import SIGNALS, with_signals
from crm.automation.points.filters import WON, outcome_query
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import may_be_profiled
from crm.platform.models import Event
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due

SCORE = "assistant.score_leads"
SLICE = 20_000
# What may change a signal or the step of a lead.
EVENTS = frozenset(
    "job.opened job.moved job.reopened job.undone job.corrected job.filled_in lead_score.released".split()
)


def wanted_events() -> frozenset[str]:
    """Return the kinds of events after which a score may change; none while there is no model."""
    if lead_score_model() is not None:
        return EVENTS
    return frozenset()


def score_changed(heard: Sequence[Event]) -> None:
    """Score the leads that these events concern. Idempotent."""
    model = lead_score_model()
    ids = {event.job_id for event in heard if event.job_id}
    if model is not None and ids:
        write_scores(model, ids=ids)


def begin_scoring() -> None:
    """Schedule training and scoring for the next night, unless it is scheduled. Idempotent."""
    due.schedule(SCORE, 0, next_night(clock.now()), key=SCORE)


def score_slice(after: Sequence[int]) -> None:
    """Train at the start of the night, then score the next slice of open leads; schedule what follows."""
    first = after[0]
    model = train_scores() if first == 0 else lead_score_model()
    last = None
    if model is not None:
        last = write_scores(model, after=first)
    if last is None:
        begin_scoring()
    else:
        due.schedule(SCORE, last, clock.now(), key=SCORE)


def write_scores(model: LeadScoreModel, *, after: int = 0, ids: Collection[int] | None = None) -> int | None:
    """Score open leads in one statement; return the id of the last one if there may be more.

    `ids`: these leads only; otherwise the next slice behind `after`. What a member set stays.
    """
    # A lead that was won keeps the score it is counted by in the calibration, though its work goes on.
    jobs = Job.objects.open().exclude(outcome_query(WON)).filter(may_be_profiled()).order_by("pk")
    if ids is not None:
        jobs = jobs.filter(pk__in=list(ids))
        last = None
    else:
        slice_ids = list(jobs.filter(pk__gt=after).values_list("pk", flat=True)[:SLICE])
        if not slice_ids:
            return None
        last = slice_ids[-1] if len(slice_ids) == SLICE else None
        jobs = jobs.filter(pk__gt=after, pk__lte=slice_ids[-1])
    scored = with_signals(jobs, model.weights["edges"]).annotate(score=score_expression(model))
    select, parameters = scored.order_by().values("pk", "score").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(select=select), [required_tenant_id(), clock.now(), *parameters])
    return last


_WRITE = f"""
    insert into {LeadScore._meta.db_table} as kept (tenant_id, job_id, percent, at)
    select %s, scored.pk, scored.score, %s from ({{select}}) as scored (pk, score)
    on conflict (tenant_id, job_id) do update set percent = excluded.percent, at = excluded.at
    where kept.set_by_id is null and kept.percent is distinct from excluded.percent"""


def score_expression(model: LeadScoreModel) -> Expression:
    """Return the likelihood in percent, from 1 to 99, as an SQL expression over annotated signals."""
    weights = model.weights
    total: Expression = Value(float(weights["prior"]), output_field=FloatField())
    for signal in SIGNALS:
        total = total + _weight_of(signal.column, weights["signals"].get(signal.name, {}))
    total = total + _weight_of("signal_reached", weights["reached"])
    power = Exp(-(Value(model.slope) * total + Value(model.offset)))
    percent = Round(Value(100.0) / (Value(1.0) + power))
    return Cast(Greatest(Value(1.0), Least(Value(99.0), percent)), IntegerField())


def _weight_of(column: str, weights: dict[str, float]) -> Expression:
    cases = [When(**{column: value}, then=Value(float(weight))) for value, weight in sorted(weights.items()) if weight]
    return Case(*cases, default=Value(0.0), output_field=FloatField())
