"""The vertical pipeline bar of the lead page: every step with the time it took or may take, from the visits."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.jobs.bar.bar import BarStep, Shape, visits
from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.models import Job, Level, Side, StageVisit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import durations
from crm.platform.organization.configuration import directory


@dataclass(frozen=True)
class UprightStep:
    """A row of the vertical bar: a phase's name, or a step with its classes and times."""

    name: str
    is_phase: bool = False
    css: str = ""
    current: bool = False
    time: str = ""
    note: str = ""


def upright(job: Job, shape: Shape, stays: Sequence[StageVisit], words: ClockWords) -> list[UprightStep]:
    """List the rows of a job's vertical bar, phase by phase."""
    spent = _sum_stays(stays)
    levels = visits(job.past)
    lines = []
    if job.stage_id is None:
        lines.append(
            UprightStep(_("No status"), css="now none p0", current=True, time=words.age, note=_step_note(words))
        )
    passed = job.stage_id is not None
    for phase, steps in shape.drawn_phases({*levels, job.stage_id or 0}):
        if steps:
            lines.append(UprightStep(phase, is_phase=True))
        for step in steps:
            current = step.id == job.stage_id
            passed = passed and not current
            if current:
                lines.append(_current_step(step, words))
            elif passed:
                lines.append(_past_step(job, step, levels.get(step.id), spent.get(step.id)))
            else:
                lines.append(UprightStep(step.name, time=allowed_in(job, step.id)))
    return lines


def _sum_stays(stays: Sequence[StageVisit]) -> dict[int | None, tuple[int, int]]:
    """Sum seconds used and allowed by step, over all ended stays in it; the allowance is the last stay's."""
    spent: dict[int | None, tuple[int, int]] = {}
    for stay in stays:
        if stay.left_at is not None:
            spent[stay.stage_id] = (spent.get(stay.stage_id, (0, 0))[0] + stay.used, stay.allowed)
    return spent


def _past_step(job: Job, step: BarStep, level: str | None, spent: tuple[int, int] | None) -> UprightStep:
    if spent is None:
        return UprightStep(step.name, css="gap", time=_("skipped"))
    # By the hours that the step counts now: of a stay that ended, the calendar is not kept.
    workday = _workday_of(job, step.id)
    used = durations.short_duration(spent[0], workday or durations.DAY)
    time = _("%(used)s of %(allowed)s") % {"used": used, "allowed": durations.clock_duration(spent[1], workday)}
    return UprightStep(step.name, css="ok" if level in (None, "hold") else str(level), time=time)


def _current_step(step: BarStep, words: ClockWords) -> UprightStep:
    theirs = ""
    if words.theirs:
        theirs = " cust"
    css = f"now {words.css}{theirs} p{words.step}"
    return UprightStep(step.name, css=css, current=True, time=words.age, note=_step_note(words))


def _step_note(words: ClockWords) -> str:
    """Return the note below the current step: "Allowed 3d · 5d 2h late, since 7 May"."""
    job = words.job
    reader = words.reader
    if words.level in (Level.ENDED, Level.HOLD):
        return job.ended_reason or job.pause_reason
    parts = [_("Allowed %(time)s") % {"time": words.duration(job.allowed)}]
    if job.due_at and words.is_late:
        late = {"time": words.late_by, "moment": reader.near(job.due_at)}
        parts.append(_("%(time)s late, since %(moment)s") % late)
    elif job.due_at:
        parts.append(_("due %(moment)s") % {"moment": reader.near(job.due_at)})
    if job.side == Side.CUSTOMER:
        parts.append(_("their move"))
    return " · ".join(parts)


def allowed_in(job: Job, stage_id: int) -> str:
    """Return how long a step would allow this job, in words."""
    allowance = pipeline_setup().allowance(job.pipeline_id, stage_id, job.brand_id, job.priority)
    return durations.clock_duration(allowance.seconds, _workday_of(job, stage_id))


def _workday_of(job: Job, stage_id: int) -> int | None:
    """Return the seconds of a working day if a step counts working hours for this job."""
    calendar = pipeline_setup().allowance(job.pipeline_id, stage_id, job.brand_id, job.priority).calendar_id
    if calendar:
        return directory().calendars[calendar].workday
    return None
