"""Forms of business calendars: hours by weekday, the country of the holidays, and closing days."""

from datetime import date
from functools import cache
from typing import Any

import holidays
from babel.core import Locale
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.business_hours import HoursError, build_hours
from crm.kernel.opening_hours import format_day, parse_day
from crm.platform.models import BusinessCalendar
from crm.platform.models.calendar import public_holidays
from crm.web.settings.choices import time_zones
from crm.web.settings.fields import select_field, set_choices, text_field

DAYS = [f"day{number}" for number in range(7)]


class CalendarForm(forms.Form):
    """A calendar's fields. Hours are one line a day: any number of spans, nothing when closed."""

    name = text_field(gettext_lazy("Name"), 80)
    time_zone = select_field(gettext_lazy("Time zone"))
    holiday_country = select_field(gettext_lazy("Public holidays of"), required=False)
    holiday_region = select_field(gettext_lazy("Region of the holidays"), required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any], zone: str) -> None:
        self.country = initial["holiday_country"]
        self.asks_region = False
        if data is not None:
            data, self.country = data.copy(), data.get("holiday_country", "")
            if data.get("regions_of") != self.country:
                data["holiday_region"] = ""  # what was chosen there is another country's
                self.asks_region = bool(holiday_regions(self.country))
        super().__init__(data, initial=initial)
        for number, name in enumerate(DAYS):
            if number:
                hint = ""
            else:
                hint = _("For example “8:00–12:00, 13:00–17:00” or “24h”. Leave empty when closed.")
            self.fields[name] = text_field(WEEKDAYS[number], 120, required=False, hint=hint, autocomplete="off")
        self.order_fields(["name", "time_zone", *DAYS, "holiday_country", "holiday_region"])
        known = {name for _region, zones in time_zones() for name, _words in zones}
        set_choices(self, "time_zone", [*([] if zone in known else [(zone, zone)]), *time_zones()])
        set_choices(self, "holiday_country", [("", _("None")), *holiday_countries()])
        set_choices(self, "holiday_region", [("", _("The whole country")), *holiday_regions(self.country)])

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        week = []
        for name in DAYS:
            try:
                week.append(parse_day(cleaned.get(name, "")))
            except ValidationError as error:
                self.add_error(name, error)
        if len(week) == 7 and "time_zone" in cleaned:
            self._check_week(cleaned["time_zone"], week)
        if self.asks_region and not self.errors:
            self.add_error("holiday_region", _("Choose a region, or the whole country."))
        return cleaned | {"week": week}

    def _check_week(self, zone: str, week: Any) -> None:
        try:
            build_hours(zone, week)
        except HoursError as error:
            self.add_error(None, _(error.sentence) % error.params)

    @property
    def facts(self) -> dict[str, Any]:
        """Return the values to save, without the name."""
        return {name: self.cleaned_data[name] for name in ("time_zone", "week", "holiday_country", "holiday_region")}


class ClosingForm(forms.Form):
    """A closing day, with its reason."""

    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput({"class": "input", "type": "date"}, format="%Y-%m-%d")
    )
    name = text_field(gettext_lazy("Why"), 80)


def calendar_initial(calendar: BusinessCalendar) -> dict[str, Any]:
    """Return a calendar as initial values of its form."""
    names = ("name", "time_zone", "holiday_country", "holiday_region")
    return {name: getattr(calendar, name) for name in names} | {
        name: format_day(day) for name, day in zip(DAYS, calendar.week, strict=True)
    }


def next_holidays(country: str, region: str, today: date, most: int = 8) -> list[tuple[date, str]]:
    """Return the next public holidays, so that the user can check the chosen country."""
    if not country:
        return []
    official = public_holidays(country, region, translation.get_language() or "")
    for year in (today.year, today.year + 1):
        official.get(date(year, 1, 1))  # the list fills in a year when it is asked for one of its days
    return sorted((day, name) for day, name in official.items() if day >= today)[:most]


def holiday_countries() -> list[tuple[str, str]]:
    """Return the countries with known public holidays, by name."""
    return _cached_countries(translation.get_language() or settings.LANGUAGE_CODE)


@cache
def holiday_regions(country: str) -> list[tuple[str, str]]:
    """Return (code, label) of the regions of a country that have regional holidays."""
    codes = holidays.list_supported_countries().get(country)
    if not codes:
        return []
    names = holidays.country_holidays(country).get_subdivision_aliases()
    return sorted((code, " · ".join([code, *names.get(code, [])[:1]])) for code in codes)


@cache
def _cached_countries(language: str) -> list[tuple[str, str]]:
    names = Locale.parse(language, sep="-").territories
    codes = holidays.list_supported_countries(include_aliases=False)
    return sorted(((code, names[code]) for code in codes if code in names), key=lambda pair: pair[1])
