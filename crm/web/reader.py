"""Reader: formats dates and times for the member who reads a page, in their time zone and language."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from crm.kernel import formats
from crm.platform.models import Member
from crm.platform.organization.configuration import directory


@dataclass(frozen=True)
class Reader:
    """A member's time zone, locale and present day, to format dates and times with."""

    now: datetime
    zone: ZoneInfo
    country: str
    # The language in use, asked for once: Django's answer costs as much as a row's words.
    language: str

    @classmethod
    def of(cls, member: Member, now: datetime) -> "Reader":
        """Return a member's reader: their time zone, else the tenant's; times in the format of the tenant's country."""
        organization = directory()
        if member.time_zone:
            zone = ZoneInfo(member.time_zone)
        else:
            zone = organization.zone
        return cls(now, zone, organization.tenant.country, get_language() or "en")

    @cached_property
    def today(self) -> date:
        """The current date in the reader's zone."""
        return self.now.astimezone(self.zone).date()

    def day(self, at: datetime) -> str:
        """Format a day relative to today: today, tomorrow, Wed, May 7."""
        return formats.day(at.astimezone(self.zone).date(), self.today, self.country, self.language)

    def long_day(self, at: datetime) -> str:
        """Format a day as a heading: Thu, May 7."""
        return self.date(at.astimezone(self.zone).date())

    def date(self, day: date) -> str:
        """Format a local day: "Thu, May 7"."""
        return formats.long_day(day, self.today, self.country)

    def time(self, at: datetime) -> str:
        """Format the time of day: 2:30 PM."""
        return formats.clock_time(at, self.zone, self.country, self.language)

    def near(self, at: datetime) -> str:
        """Format an instant: with the time within a week (today, 2:30 PM), later only the day (May 7)."""
        far = abs(at - self.now) > timedelta(days=7)
        if far:
            return self.day(at)
        return f"{self.day(at)}, {self.time(at)}"

    def moment(self, at: datetime) -> str:
        """Format an instant in full: Thu, May 7, 2:30 PM."""
        return f"{self.long_day(at)}, {self.time(at)}"
