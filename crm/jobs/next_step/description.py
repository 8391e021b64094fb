"""Describe a job's next step: "Call · today 11:00". A tenant's own type is shown by its name."""

from datetime import datetime
from functools import lru_cache

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.jobs.next_step.kinds import step_kinds, step_name
from crm.kernel import durations
from crm.web.reader import Reader


def next_step(job: Job, reader: Reader) -> tuple[str, str, str]:
    """Class, icon and text of a planned next step: "Call · 2d late", "Call · today 11:00", "Email · tomorrow"."""
    kind = step_kinds().kinds.get(job.next_step_kind)
    drawn = "clock"
    if kind:
        drawn = kind.icon
    name = job.next_step_label or capfirst(step_name(job.next_step_kind))
    at = job.next_step_at
    if at is None:
        return "", drawn, name
    local = at.astimezone(reader.zone).date()
    if late := lateness(at, reader):
        return "overdue", drawn, f"{name} · {_late_words(reader.language, late)}"
    if local == reader.today:
        return "today", drawn, f"{name} · {_('today')} {reader.time(at)}"
    return "", drawn, f"{name} · {reader.day(at)}"


def lateness(at: datetime, reader: Reader) -> str:
    """Return how late a planned time is, in calendar time: "25m", "5h 36m", "2d"; "" before its time.

    The same words in the list of leads and of follow-ups.
    """
    minutes = (reader.now - at).total_seconds() // durations.MINUTE
    if reader.now <= at:
        return ""
    seconds = max(1, minutes) * durations.MINUTE
    if seconds >= durations.DAY:
        whole_days = seconds - seconds % durations.DAY
    else:
        whole_days = seconds
    return durations.short_duration(whole_days, language=reader.language)


@lru_cache(maxsize=2048)
def _late_words(_language: str, time: str) -> str:
    return _("%(time)s late") % {"time": time}
