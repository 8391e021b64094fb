"""Signals on a job's next step, handled in the same request by the app that plans and completes steps.

A receiver is in that app's `handlers.py`.
"""

from datetime import datetime
from typing import Any

from django.dispatch import Signal

from crm.jobs.models import Job
from crm.platform.models import Member

# A line was typed as the next step: `job`, `text`, `by`, `cause`, `once`. Answered with what was planned, in words, or
# "" where the member may not plan; raises Refused where the line is not understood.
line_written = Signal()
# Somebody was in touch, or tried: `job`, `kind`, `outcome`, `by`. What was planned of that kind is done with it.
contact_logged = Signal()

# A line somewhere else says a next step: `text`, `now` in the reader's zone, `month_first`. Answered with its words and
# its instant, or None where it tells no moment to come.
line_read = Signal()


def read_line(text: str, now: datetime, *, month_first: bool) -> tuple[str, datetime] | None:
    """Parse a typed line, "call tue 3pm", into a next step and its time; None without a time."""
    answers: list[tuple[Any, Any]] = line_read.send(Job, text=text, now=now, month_first=month_first)
    return next((next_step for _receiver, next_step in answers if next_step), None)


def plan_line(job: Job, text: str, *, by: Member, cause: str = "", once: str = "") -> str:
    """Plan the typed line as the job's next step; returns a description of it, or "" if nothing was planned.

    `once`: what becomes of a line that asks for a repetition, as the form sends it; blank if nobody chose.
    """
    answers = []
    if text:
        answers = line_written.send(Job, job=job, text=text, by=by, cause=cause, once=once)
    return next((planned for _receiver, planned in answers if planned), "")
