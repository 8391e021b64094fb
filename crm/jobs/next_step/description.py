"""Describe a job's next step: "Call · today 11:00". A type of the tenant's own is called by its name."""

from datetime import timedelta
from functools import lru_cache

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.models import Job
from crm.jobs.next_step.kinds import step_kinds, step_name
from crm.web.reader import Reader


def next_step(job: Job, reader: Reader) -> tuple[str, str, str]:
    """Class, icon and words of a planned next step: "Call · 2d late", "Call · today 11:00", "Email · tomorrow"."""
    kind = step_kinds().kinds.get(job.next_step_kind)
    drawn = kind.icon if kind else "clock"
    name = job.next_step_label or capfirst(step_name(job.next_step_kind))
    at = job.next_step_at
    if at is None:
        return "", drawn, name
    local = at.astimezone(reader.zone).date()
    if at < reader.now - timedelta(minutes=1):
        return "overdue", drawn, f"{name} · {_late(reader.language, (reader.today - local).days)}"
    if local == reader.today:
        return "today", drawn, f"{name} · {_('today')} {reader.time(at)}"
    return "", drawn, f"{name} · {reader.day(at)}"


@lru_cache(maxsize=2048)
def _late(_language: str, days: int) -> str:
    return ngettext("%(days)sd late", "%(days)sd late", days) % {"days": days} if days else _("late")
