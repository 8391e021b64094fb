"""Days and times as shown to customers: in the time zone of the job's place and the page's language."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from comms.library.dates import long_day
from crm.jobs.models import Job
from crm.jobs.models.appointments.local_time import zone_of
from crm.kernel import formats
from crm.platform.organization.configuration import directory
from portal.job.hero import Days
from service.work_days import is_open_by


@dataclass(frozen=True)
class CustomerCalendar:
    """Formats days and times at the place of a job."""

    now: datetime
    zone: ZoneInfo
    country: str
    language: str
    # The hours the brand works by, if it has a calendar.
    calendar_id: int | None = None

    @classmethod
    def of(cls, job: Job, now: datetime) -> "CustomerCalendar":
        """Make the calendar of a job, its site and brand loaded."""
        organization = directory()
        brand = organization.brands[job.brand_id]
        zone = ZoneInfo(zone_of(job, job.site))
        return cls(now, zone, brand.country, get_language() or "en", organization.calendar_of(job.brand_id))

    @cached_property
    def today(self) -> date:
        return self.day_of(self.now)

    def day_of(self, at: datetime) -> date:
        """Return the day of an instant."""
        return at.astimezone(self.zone).date()

    def short(self, day: date) -> str:
        """Format a day for the end of a line: "today", "Thu", "May 7"."""
        return formats.day(day, self.today, self.country, self.language)

    def say(self, day: date) -> str:
        """Format a day for a sentence: "today", "tomorrow", "Thursday, May 14"."""
        if abs((day - self.today).days) <= 1:
            return self.short(day)
        return long_day(day, self.language, self.country)

    def time(self, at: datetime) -> str:
        """Format a time of day: "2:30 PM"."""
        return formats.clock_time(at, self.zone, self.country, self.language)

    def moment(self, at: datetime) -> str:
        """Format a day and a time in a sentence: "tomorrow, 2:30 PM"."""
        return f"{self.say(self.day_of(at))}, {self.time(at)}"

    def is_open(self, day: date) -> bool:
        """True if the brand works on a day."""
        return is_open_by(self.calendar_id)(day)

    @property
    def days(self) -> Days:
        """Return the days needed for the page's head: today, day format and working days."""
        return Days(self.today, self.say, self.is_open)
