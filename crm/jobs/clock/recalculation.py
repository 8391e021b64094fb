"""Recalculate the open clocks of every clocked model when a calendar, target or level is edited.

The edit's event creates one Due per clock; ticks recalculate them in fair shares and record which due dates moved, and
why. A clock that stays where it was is not written. Doing it twice moves nothing more.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import methodcaller
from typing import Any

from crm.jobs.clock.crossings import crossing_facts, last_crossed, schedule
from crm.jobs.clock.pausable import Pausable
from crm.kernel import clock
from crm.platform.events import events, hints
from crm.platform.events.events import EventDraft
from crm.platform.models import BusinessCalendar, Event
from crm.platform.organization import calendar_effects
from crm.platform.organization.configuration import directory
from crm.platform.work import due

# Kinds of due work, of a job called "job.recount" and so on.
RECOUNT = "recount"
REASSIGN = "other_calendar"
RETARGET = "retarget"
RESCALE = "rescale"
# What each is recorded as the cause of, and what is done to a row before its clock is counted.
CAUSES: dict[str, tuple[str, Callable[[Any], None]]] = {
    RECOUNT: ("calendar", lambda row: None),
    REASSIGN: ("calendar", methodcaller("follow_target")),
    RETARGET: ("target", methodcaller("follow_target")),
    RESCALE: ("levels", methodcaller("follow_target")),
}

# So many are locked at once: whoever acts on one of them meanwhile hardly waits.
AT_ONCE = 25

_models: list[type[Pausable]] = []


def register(model: type[Pausable]) -> None:
    """Register a model whose clocks are recalculated. It has a `brand`, and a queryset with `open()`."""
    if model not in _models:
        _models.append(model)
        for kind in CAUSES:
            due.handler(model.event_kind(kind), at_once=AT_ONCE)(partial(recount, model, kind))
        calendar_effects.register_follower(model.event_kind(RECOUNT))


def after_calendar(changes: Sequence[Event]) -> None:
    """Schedule the clocks that use an edited calendar, and record their number."""
    for calendar in BusinessCalendar.objects.filter(pk__in={event.subject_id for event in changes}).order_by("pk"):
        clocks = sum(lay(model, RECOUNT, model.counting_by({calendar.pk})) for model in _models)
        events.record("calendar.followed", subject=calendar, by=None, data={"clocks": clocks})
    hints.touch(calendar_effects.TOPIC)


def after_brand(changes: Sequence[Event]) -> None:
    """Schedule the clocks of a brand whose calendar was changed."""
    _lay_of_brands({event.subject_id for event in changes if {"calendar", "calendar_id"} & set(event.data["fields"])})


def after_default(_changes: Sequence[Event]) -> None:
    """Schedule a recalculation of the clocks of brands that use the default calendar."""
    _lay_of_brands(pk for pk, brand in directory().brands.items() if brand.calendar_id is None)


def after_levels(_changes: Sequence[Event]) -> None:
    """Schedule all open clocks."""
    for model in _models:
        lay(model, RESCALE, model.objects.open())


def _lay_of_brands(brands: Iterable[int]) -> None:
    wanted = list(brands)
    for model in _models:
        lay(model, REASSIGN, model.objects.open().filter(brand_id__in=wanted))


def lay(model: type[Pausable], kind: str, rows: Any) -> int:
    """Schedule a Due for each of these rows of a model: a tick recalculates their clocks. Returns how many."""
    now = clock.now()
    times = [(pk, now) for pk in rows.values_list("pk", flat=True)]
    due.schedule_all(model.event_kind(kind), times)
    return len(times)


def recount(model: type[Pausable], kind: str, ids: Sequence[int]) -> None:
    """Recalculate the clocks of the open rows among these."""
    now = clock.now()
    written = []
    facts = list[EventDraft]()
    cause, prepare = CAUSES[kind]
    rows: list[Any] = model.lock_all(model.objects.open().filter(pk__in=ids))
    seen = last_crossed(rows)
    for row in rows:
        before = row.clock_state()
        dates = row.due_dates()
        was_running = row.is_running
        prepare(row)
        if row.is_running:
            row._count()
        if row.clock_state() == before:
            continue
        written.append(row)
        facts += _moved_dates(row, dates, cause)
        if was_running and row.is_running:
            facts += crossing_facts(row, seen[row.pk], now)
    model.save_clocks(written)
    events.record_all(facts, by=None)
    schedule([row for row in written if row.is_running], now)
    if kind == RECOUNT:
        hints.touch(calendar_effects.TOPIC)


def _moved_dates(row: Pausable, before: Mapping[str, datetime], cause: str) -> list[EventDraft]:
    """List the due dates that moved, each with its old value and the reason."""
    facts = []
    for name, after in row.due_dates().items():
        if name in before and before[name] != after:
            data = {"from": before[name].isoformat(), "to": after.isoformat(), "cause": cause}
            data |= {"metric": name} if name else {}
            facts.append(EventDraft(row.event_kind("clock_moved"), row, data, job_id=row.event_job_id))
    return facts
