"""Span: a length of time such as 3 days or 2 working hours, added to an instant by a calendar."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.kernel.business_hours import BusinessHours

# Ten years, in the largest unit: more is a slip of the keyboard.
MOST = 3650


class SpanUnit(models.TextChoices):
    """Units of a span. Working units use the business calendar of the record's brand."""

    MINUTES = "minutes", _("minutes")
    HOURS = "hours", _("hours")
    DAYS = "days", _("days")
    WORKING_MINUTES = "working_minutes", _("working minutes")
    WORKING_HOURS = "working_hours", _("working hours")
    WORKING_DAYS = "working_days", _("working days")


_SECONDS = {
    SpanUnit.MINUTES: 60,
    SpanUnit.HOURS: 3600,
    SpanUnit.DAYS: 86_400,
    SpanUnit.WORKING_MINUTES: 60,
    SpanUnit.WORKING_HOURS: 3600,
}


@dataclass(frozen=True)
class Span:
    """A number of units; 0 means immediately."""

    count: int
    unit: SpanUnit = SpanUnit.DAYS

    @property
    def is_working(self) -> bool:
        """True if its length depends on a business calendar."""
        return self.count > 0 and self.unit.startswith("working")

    def after(self, at: datetime, hours: BusinessHours | None) -> datetime:
        """Return the instant one span later. Days keep the local time of day across daylight saving changes.

        Without a calendar all time counts as working time.
        """
        if self.unit == SpanUnit.DAYS and hours is not None:
            return _days_on(at, self.count, hours)
        if not self.is_working:
            return at + timedelta(seconds=self.count * _SECONDS.get(self.unit, 86_400))
        if hours is None:
            return at + timedelta(seconds=self.count * _SECONDS.get(self.unit, 8 * 3600))
        return hours.add(at, self.count * _SECONDS.get(self.unit, hours.workday))

    def before(self, at: datetime, hours: BusinessHours | None) -> datetime:
        """Return the latest instant from which one span, counted as by `after`, ends at the given one."""
        if self.unit == SpanUnit.DAYS and hours is not None:
            return _days_on(at, -self.count, hours)
        if not self.is_working or hours is None:
            return at - (self.after(at, None) - at)
        seconds = self.count * _SECONDS.get(self.unit, hours.workday)
        far = timedelta(seconds=seconds)
        while hours.between(at - far, at) < seconds and far < _LONGEST:
            far *= 2
        near = timedelta()
        while far - near > timedelta(seconds=1):
            middle = (near + far) // 2
            if hours.between(at - middle, at) >= seconds:
                near, far = (near, middle)
            else:
                near, far = (middle, far)
        return (at - far).replace(microsecond=0)

    def words(self) -> str:
        """Return the span as text: "3 days"."""
        return _WORDS[self.unit](self.count) % {"count": self.count}


# Further back no working time is looked for.
_LONGEST = timedelta(days=4 * MOST)


def _days_on(at: datetime, count: int, hours: BusinessHours) -> datetime:
    return (at.astimezone(hours.zone) + timedelta(days=count)).astimezone(UTC)


_WORDS = {
    SpanUnit.MINUTES: lambda count: ngettext("%(count)s minute", "%(count)s minutes", count),
    SpanUnit.HOURS: lambda count: ngettext("%(count)s hour", "%(count)s hours", count),
    SpanUnit.DAYS: lambda count: ngettext("%(count)s day", "%(count)s days", count),
    SpanUnit.WORKING_MINUTES: lambda count: ngettext("%(count)s working minute", "%(count)s working minutes", count),
    SpanUnit.WORKING_HOURS: lambda count: ngettext("%(count)s working hour", "%(count)s working hours", count),
    SpanUnit.WORKING_DAYS: lambda count: ngettext("%(count)s working day", "%(count)s working days", count),
}
