"""Example jobs, with clock, step and past visits computed by the product's own code.

A million rows copy a thousand of these and add what differs from one customer to the next.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from crm.jobs.clock.arithmetic import Level
from crm.jobs.models import Job, Side, Stage
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from demo.stories.step_times import begin

# In percent of all jobs. Most of a company's jobs are history.
LEVELS = {"none": 2, "crit": 4, "late": 6, "soon": 5, "ok": 15, "hold": 4, "done": 34, "lost": 24, "dropped": 6}
# Clear of the crossings by two percent: rows move their clock by less, so that no two are due at one instant.
SHARES = {"none": (0.5, 4), "crit": (2.1, 9), "late": (1.05, 1.9), "soon": (0.78, 0.96), "ok": (0.05, 0.72)}
ENDED = ("done", "lost", "dropped")
COLUMNS = [*Job.CLOCK_COLUMNS, "brand_id", "pipeline_id", "stage_id", "priority", "past", "state"]


def templates(count: int, now: datetime, random: Random) -> list[list[Any]]:
    """Return the examples' values in the order of COLUMNS, for the current tenant."""
    kinds = random.choices(list(LEVELS), list(LEVELS.values()), k=max(0, count - len(LEVELS)))
    # Each kind at least once, however few there are.
    jobs = [_job(kind, now, random) for kind in [*LEVELS, *kinds]]
    return [[getattr(job, column) for column in COLUMNS] for job in jobs]


def _job(kind: str, now: datetime, random: Random) -> Job:
    here, there = directory(), pipeline_setup()
    pipeline = random.choice(list(there.pipelines.values()))
    steps = there.steps(pipeline.pk)
    at = min(int(random.triangular(0, len(steps), len(steps) * 0.3)), len(steps) - 1)
    if kind == "done":
        at = len(steps) - 1
    job = Job(
        brand_id=random.choices(list(here.brands), range(len(here.brands), 0, -1))[0],
        pipeline_id=pipeline.pk,
        stage_id=None if kind == "none" else steps[at].pk,
        priority=random.choices([1, 2, 3, 4], [5, 15, 65, 15])[0],
        state=kind if kind in ENDED else "open",
        past="" if kind == "none" else _past(steps[: at + (kind in ENDED)], random),
    )
    theirs = kind in SHARES and kind != "none" and random.random() < 0.3
    _run(job, random.uniform(*SHARES.get(kind, (0.1, 0.9))), now, theirs=theirs)
    if kind == "hold":
        back = now + timedelta(days=random.randint(2, 60)) if random.random() < 0.7 else None
        _hold(job, back, now)
    elif kind in ENDED:
        with clock.at(now):
            job._stop_clock(Level.ENDED, now)
    return job


def _run(job: Job, share: float, now: datetime, *, theirs: bool) -> None:
    """Start the clock as long ago as the used share requires."""
    allowance = job._allowance(theirs=theirs)
    hours = directory().calendars[allowance.calendar_id] if allowance.calendar_id else None
    with clock.at(begin(hours, now, max(1, round(allowance.seconds * share)))):
        job._start_clock(Side.CUSTOMER if theirs else Side.US, allowance)
    job.level = job.level_at(now)


def _hold(job: Job, back: datetime | None, now: datetime) -> None:
    with clock.at(now):
        job._stop_clock(Level.HOLD, back or now + timedelta(days=3650))
    job.paused_from, job.side = job.side, Side.PAUSED
    job.pause_reason, job.pause_ends_at = "Waiting", back


def _past(steps: list[Stage], random: Random) -> str:
    levels = random.choices(["ok", "soon", "late", "crit"], [70, 12, 13, 5], k=len(steps))
    return " ".join(f"{step.pk}:{level}" for step, level in zip(steps, levels, strict=True))
