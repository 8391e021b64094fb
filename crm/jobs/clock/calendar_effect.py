"""Preview how many open jobs an edited calendar would affect, by the arithmetic of the recalculation that follows."""

from django.utils.translation import gettext, ngettext

from crm.jobs.clock import arithmetic as ageing
from crm.jobs.models import Job
from crm.kernel.business_hours import Hours, HoursError
from crm.platform.models import BusinessCalendar
from crm.platform.organization.calendar_effects import Effect
from crm.platform.organization.configuration import directory

# Counted one by one up to here, some tens of microseconds each; beyond, the sentence says what may move at most.
EXACT = 3000


def preview_effect(*, calendar: BusinessCalendar, changed: Hours, **_: object) -> Effect:
    """Count the open jobs that use the calendar and whose due date would move."""
    clocks = Job.objects.filter(calendar=calendar, due_at__isnull=False)
    count = clocks.count()
    if count > EXACT:
        words = gettext("Up to %(number)s open leads get another due date: as many count by this calendar.")
        return Effect(count, words % {"number": count})
    rows = clocks.values_list("clock_started_at", "allowed", "clock_used", "due_at")
    ratios = directory().tenant.ratios
    try:
        moved = sum(
            ageing.instants(start, allowed, changed, used=used, ratios=ratios).due_at != due_at
            for start, allowed, used, due_at in rows
        )
    except HoursError:
        moved = count
    words = ngettext(
        "%(number)s open lead gets another due date, of %(count)s that count by this calendar.",
        "%(number)s open leads get another due date, of %(count)s that count by this calendar.",
        moved,
    )
    return Effect(moved, words % {"number": moved, "count": count})
