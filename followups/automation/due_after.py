"""When a follow-up that a rule plans is due: so long after an instant, moved into opening hours."""

from datetime import datetime
from typing import Any

from crm.automation.registry.records import RecordKind
from crm.automation.registry.triggers import Chosen
from crm.automation.span import Span, SpanUnit
from crm.kernel.business_hours import HoursError
from crm.platform.organization.configuration import directory


def due_after(start: datetime, kind: RecordKind, row: Any, chosen: Chosen) -> datetime:
    """Return the due time of a step's options, counted from an instant by the calendar of the record."""
    hours = directory().calendars.get(kind.calendar_id(row) or 0)
    at = Span(chosen["count"], SpanUnit(chosen["unit"])).after(start, hours)
    try:
        if hours:
            return hours.opening(at)
        return at
    except HoursError:
        return at
