"""A job's next step in words and as it is drawn: "Call · today 11:00". A type of the tenant's own has its name."""

from datetime import timedelta
from functools import lru_cache

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.jobs.models import Job
from crm.jobs.next_step.kinds import step_kinds
from crm.web.reader import Reader

STEP_ICONS = {
    "call": "phone",
    "email": "mail",
    "text": "message-square-more",
    "whatsapp": "message-circle-more",
    "visit": "calendar",
    "meeting": "calendar",
    "quote": "file-text",
    "task": "clock",
}
# What a next step without words of its own is called.
STEP_NAMES = {
    "call": gettext_lazy("call"),
    "email": gettext_lazy("email"),
    "text": gettext_lazy("text message"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "visit": gettext_lazy("visit"),
    "meeting": gettext_lazy("meeting"),
    "quote": gettext_lazy("quote"),
}


def step_name(kind: str) -> str:
    """A kind of next step in words, within a sentence; a kind of the tenant's own by its name."""
    if named := STEP_NAMES.get(kind):
        return str(named)
    told = step_kinds().kinds.get(kind)
    return told.name() if told else kind


def _drawn_for(kind: str) -> str:
    told = step_kinds().kinds.get(kind)
    return told.icon if told else "clock"


def next_step(job: Job, reader: Reader) -> tuple[str, str, str]:
    """Class, icon and words of a planned next step: "Call · 2d late", "Call · today 11:00", "Email · tomorrow"."""
    drawn = STEP_ICONS.get(job.next_step_kind) or _drawn_for(job.next_step_kind)
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
