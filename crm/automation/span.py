"""Span: a length of time as a rule says it: 3 days, 2 working hours; added to an instant by a calendar."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.kernel.business_hours import Hours

# Ten years, in the largest unit: more is a slip of the keyboard.
MOST = 3650


class Unit(models.TextChoices):
    """Units of a span. Working ones count by the business calendar of the record's brand."""

    MINUTES = "minutes", _("minutes")
    HOURS = "hours", _("hours")
    DAYS = "days", _("days")
    WORKING_MINUTES = "working_minutes", _("working minutes")
    WORKING_HOURS = "working_hours", _("working hours")
    WORKING_DAYS = "working_days", _("working days")


_SECONDS = {
    Unit.MINUTES: 60,
    Unit.HOURS: 3600,
    Unit.DAYS: 86_400,
    Unit.WORKING_MINUTES: 60,
    Unit.WORKING_HOURS: 3600,
}


@dataclass(frozen=True)
class Span:
    """So many of a unit; 0 is at once."""

    count: int
    unit: Unit = Unit.DAYS

    @property
    def is_working(self) -> bool:
        """Whether a business calendar decides how long it is."""
        return self.count > 0 and self.unit.startswith("working")

    def after(self, at: datetime, hours: Hours | None) -> datetime:
        """Return the instant so long after another. Without a calendar working time passes day and night."""
        if not self.is_working:
            return at + timedelta(seconds=self.count * _SECONDS.get(self.unit, 86_400))
        if hours is None:
            return at + timedelta(seconds=self.count * _SECONDS.get(self.unit, 8 * 3600))
        return hours.add(at, self.count * _SECONDS.get(self.unit, hours.workday))

    def before(self, at: datetime) -> datetime:
        """Return the instant so long before another, by the clock on the wall."""
        return at - (self.after(at, None) - at)

    def words(self) -> str:
        """Say it: "3 days"."""
        return _WORDS[self.unit](self.count) % {"count": self.count}


_WORDS = {
    Unit.MINUTES: lambda count: ngettext("%(count)s minute", "%(count)s minutes", count),
    Unit.HOURS: lambda count: ngettext("%(count)s hour", "%(count)s hours", count),
    Unit.DAYS: lambda count: ngettext("%(count)s day", "%(count)s days", count),
    Unit.WORKING_MINUTES: lambda count: ngettext("%(count)s working minute", "%(count)s working minutes", count),
    Unit.WORKING_HOURS: lambda count: ngettext("%(count)s working hour", "%(count)s working hours", count),
    Unit.WORKING_DAYS: lambda count: ngettext("%(count)s working day", "%(count)s working days", count),
}
