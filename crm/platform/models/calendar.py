"""BusinessCalendar: the working hours clocks count by; several intervals a day, public holidays, own closing days."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import holidays
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.kernel import business_hours as hours
from crm.kernel.refusal import Refused
from crm.platform.models.archivable import HasDefault
from crm.platform.models.base import ConfigurationModel, public_id
from crm.platform.models.brand import Brand
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.member import Member
from crm.platform.tenancy.tenant_model import TenantForeignKey

# Monday to Friday, 8 to 17, in minutes since local midnight.
OFFICE_WEEK = [[[480, 1020]]] * 5 + [[], []]


def office_week() -> list[list[list[int]]]:
    return [[list(interval) for interval in day] for day in OFFICE_WEEK]


class BusinessCalendar(HasDefault):
    """Working hours in one zone. An edit moves every open clock that counts by it, archived or not."""

    noun = "calendar"
    archived_is_no_default = gettext_lazy("An archived calendar cannot be the default.")

    uid = public_id()
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=64)
    week = models.JSONField(default=office_week)
    # Country and subdivision of the public holidays, e.g. US and FL; empty: none.
    holiday_country = models.CharField(max_length=2, blank=True)
    holiday_region = models.CharField(max_length=8, blank=True)

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

    def hours(self, own_days: dict[date, str] | None = None) -> hours.BusinessHours:
        """Return the calendar as plain arithmetic. Reads its closing days unless they are given."""
        if own_days is None:
            own_days = dict(ClosingDay.objects.filter(calendar=self).values_list("day", "name"))
        week = tuple(tuple((start, end) for start, end in day) for day in self.week)
        return hours.build_hours(self.time_zone, week, closed_by(own_days, self.holiday_country, self.holiday_region))

    @classmethod
    @transaction.atomic
    def create(cls, *, by: Member | None, **fields: Any) -> "BusinessCalendar":
        """Create a calendar. Raises ValidationError for a week that cannot be counted."""
        calendar = cls(**fields)
        calendar.clean()
        calendar.save()
        calendar.refresh_from_db(fields=["uid"])
        calendar._record("calendar.created", by)
        return calendar

    @transaction.atomic
    def rename(self, name: str, *, by: Member | None) -> None:
        """Rename it; clocks are not affected."""
        self._lock_with_configuration()
        if self.name != name:
            self.name = name
            self.save(update_fields=["name"])
            self._record("calendar.renamed", by)

    @transaction.atomic
    def change_hours(self, *, by: Member | None, **fields: Any) -> None:
        """Change the hours and recompute every open clock that counts by them. Idempotent.

        Raises ValidationError for a week that cannot be counted.
        """
        self._lock_with_configuration()
        changed = set_fields(self, fields)
        self.clean()
        if changed:
            self.save(update_fields=changed)
            self._record("calendar.changed", by, {"fields": changed})

    @transaction.atomic
    def close_on(self, day: date, name: str, *, by: Member | None) -> None:
        """Add a closing day to the tenant's calendar. Idempotent."""
        self._lock_with_configuration()
        _closing, created = ClosingDay.objects.get_or_create(calendar=self, day=day, defaults={"name": name})
        if created:
            self._record("calendar.changed", by, {"closed": day.isoformat()})

    @transaction.atomic
    def open_on(self, day: date, *, by: Member | None) -> None:
        """Remove one of the tenant's closing days; public holidays stay. Idempotent."""
        self._lock_with_configuration()
        closing = ClosingDay.objects.filter(calendar=self, day=day).first()
        if closing:
            closing.delete()
            self._record("calendar.changed", by, {"opened": day.isoformat()})

    def _refuse_if_needed(self) -> None:
        if self.is_default or self.brands:
            raise Refused(_("The calendar is in use: it is the default, or a brand uses it."))

    @property
    def brands(self) -> list[Any]:
        """Return the brands in use that count by it, by name."""
        return list(Brand.objects.filter(calendar=self, archived_at=None).order_by("name"))


class ClosingDay(ConfigurationModel):
    """A day on which a calendar is closed, with the reason a person reads."""

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


@lru_cache(maxsize=256)
def public_holidays(country: str, region: str, language: str = "") -> holidays.HolidayBase:
    """Return the public holidays of a country or subdivision; years are filled in as they are asked for.

    They are called what they are called in `language` where that is known, else as the package has them.
    """
    official = holidays.country_holidays(country, subdiv=region or None)
    spoken = language.partition("-")[0]
    named = next((one for one in official.supported_languages if one.partition("_")[0] == spoken), None)
    if named:
        return holidays.country_holidays(country, subdiv=region or None, language=named)
    return official


def closed_by(own_days: dict[date, str], country: str, region: str) -> Callable[[date], str | None]:
    """Return a function that says why a day is closed, or None. The tenant's own closing days come first."""
    if not country:
        return own_days.get
    official = public_holidays(country, region)

    def why(day: date) -> str | None:
        if own := own_days.get(day):
            return own
        if official.get(day) is None:
            return None
        name: str = public_holidays(country, region, get_language() or "").get(day)
        return name

    return why
