"""Register the clock of jobs; recalculate the jobs affected by an edited calendar or stage target."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext, ngettext

from crm.jobs.clock import arithmetic, recalculation, tick
from crm.jobs.models import Job
from crm.kernel.business_hours import BusinessHours, HoursError
from crm.platform.models import BusinessCalendar, Event
from crm.platform.organization.calendar_effects import CalendarEffect
from crm.platform.organization.configuration import directory

# Clocks are counted one by one up to here, some tens of microseconds each; beyond, the sentence says what may move.
EXACT = 3000

tick.register(Job)
recalculation.register(Job)


def after_target(changes: Sequence[Event]) -> None:
    """Recalculate open clocks the edited target applies to; a paused clock uses it when resumed."""
    for event in changes:
        recalculation.lay(Job, recalculation.RETARGET, of_case(event.subject_id, event.data))


def of_case(pipeline_id: int, case: dict[str, int | None]) -> Any:
    """Filter the open jobs a target applies to, without those that a more specific target applies to."""
    jobs = Job.objects.open().filter(pipeline_id=pipeline_id, stage_id=case["stage"])
    wanted = {"brand_id": case["brand"], "priority": case["priority"]}
    return jobs.filter(**{name: value for name, value in wanted.items() if value is not None})


def preview_effect(*, calendar: BusinessCalendar, changed: BusinessHours, **_: object) -> CalendarEffect:
    """Count the open jobs that use the calendar and whose due date would move."""
    clocks = Job.objects.filter(calendar=calendar, due_at__isnull=False)
    count = clocks.count()
    if count > EXACT:
        words = gettext("Up to %(number)s open leads get another due date: as many count by this calendar.")
        return CalendarEffect(count, words % {"number": count})
    rows = clocks.values_list("clock_started_at", "allowed", "clock_used", "due_at")
    ratios = directory().tenant.ratios
    try:
        moved = sum(
            arithmetic.instants(start, allowed, changed, used=used, ratios=ratios).due_at != due_at
            for start, allowed, used, due_at in rows
        )
    except HoursError:
        moved = count
    words = ngettext(
        "%(number)s open lead gets another due date, of %(count)s that count by this calendar.",
        "%(number)s open leads get another due date, of %(count)s that count by this calendar.",
        moved,
    )
    return CalendarEffect(moved, words % {"number": moved, "count": count})
