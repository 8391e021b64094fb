"""How long a hand-off may wait: one working day of the job's brand; after two a manager is told."""

from datetime import datetime, timedelta

from crm.platform.organization.configuration import directory

DAY = timedelta(days=1)


def due_dates(brand_id: int, opened_at: datetime) -> tuple[datetime, datetime]:
    """Return when an answer is late, and when it is far too late: by working hours, where the brand has some."""
    here = directory()
    calendar_id = here.calendar_of(brand_id)
    if calendar_id is None:
        return opened_at + DAY, opened_at + 2 * DAY
    hours = here.calendars[calendar_id]
    return hours.add(opened_at, hours.workday), hours.add(opened_at, 2 * hours.workday)
