"""BusinessCalendar: the hours a clock counts; many intervals a day, holidays of a country, own closing days."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

import holidays
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from crm.platform import hours
from crm.platform.models.base import ConfigurationModel, TenantForeignKey, public_id

# Monday to Friday, 8 to 17, in minutes since local midnight.
OFFICE_WEEK = [[[480, 1020]]] * 5 + [[], []]


def office_week() -> list[list[list[int]]]:
    return [[list(interval) for interval in day] for day in OFFICE_WEEK]


class BusinessCalendar(ConfigurationModel):
    """Working hours in one zone. An edit moves every open clock that counts by it."""

    uid = public_id()
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=64)
    week = models.JSONField(default=office_week)
    # Country and subdivision of the public holidays, e.g. US and FL; empty: none.
    holiday_country = models.CharField(max_length=2, blank=True)
    holiday_region = models.CharField(max_length=8, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="calendar_name_is_unique"),
            models.UniqueConstraint(fields=["tenant", "uid"], name="calendar_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_default=True), name="tenant_has_one_default_calendar"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        try:
            self.hours(own_days={})
        except hours.HoursError as error:
            raise ValidationError(_(error.sentence) % error.params) from error

    def hours(self, own_days: dict[date, str] | None = None) -> hours.Hours:
        """The calendar as plain arithmetic. Reads its closing days unless they are given."""
        if own_days is None:
            own_days = dict(ClosingDay.objects.filter(calendar=self).values_list("day", "name"))
        week = tuple(tuple((start, end) for start, end in day) for day in self.week)
        return hours.hours(self.time_zone, week, closed_by(own_days, self.holiday_country, self.holiday_region))

    def change_hours(self, *, by: object, **fields: object) -> None:
        """Edit the calendar and have every open clock that counts by it computed again.

        Raises ValidationError for a week that cannot be counted.
        """
        from crm.platform import events

        for name, value in fields.items():
            setattr(self, name, value)
        self.clean()
        self.save(update_fields=list(fields))
        events.record("calendar.changed", subject=self, by=by, data={"fields": sorted(fields)})

    def close_on(self, day: date, name: str, *, by: object) -> None:
        """Add a closing day of the tenant's own. Closing a closed day again records nothing."""
        from crm.platform import events

        _day, created = ClosingDay.objects.get_or_create(calendar=self, day=day, defaults={"name": name})
        if created:
            events.record("calendar.changed", subject=self, by=by, data={"closed": day.isoformat()})


class ClosingDay(ConfigurationModel):
    """A day on which the calendar's owner is closed, with the reason a person reads."""

    calendar = TenantForeignKey(BusinessCalendar, models.CASCADE, related_name="closing_days")
    day = models.DateField()
    name = models.CharField(max_length=80)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "calendar", "day"], name="closing_day_is_once_in_a_calendar")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


@lru_cache(maxsize=64)
def public_holidays(country: str, region: str) -> holidays.HolidayBase:
    """The public holidays of a country or one of its subdivisions; years are filled in as they are asked for."""
    return holidays.country_holidays(country, subdiv=region or None)


def closed_by(own_days: dict[date, str], country: str, region: str) -> Callable[[date], str | None]:
    """Answers why a day is closed, or None. The tenant's own closing days come first."""
    if not country:
        return own_days.get
    official = public_holidays(country, region)
    return lambda day: own_days.get(day) or official.get(day)
