"""Describe a series in words: "Every second Monday at 3:30 PM in Melbourne, until the lead is closed"."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from crm.kernel import formats
from crm.web.reader import Reader
from followups.models import FollowUpSeries
from libs.recurrence import RecurrenceRule, RuleDay, parse_rule

_WORKING_DAYS = tuple(RuleDay(day) for day in range(5))


def describe_series(series: FollowUpSeries, reader: Reader) -> str:
    """Return the rule, time, place and end in one sentence."""
    rule = series.recurrence
    time = formats.clock_time(
        datetime.combine(series.start_day, series.start_time, series.time_zone),
        series.time_zone,
        reader.country,
        reader.language,
    )
    words = _("%(rule)s at %(time)s in %(place)s") % {
        "rule": describe_rule(rule, series.start_day),
        "time": time,
        "place": place_of(series.zone),
    }
    end = _describe_end(series, rule, reader)
    if end:
        return f"{words}, {end}"
    return words


def describe_rule(rule: RecurrenceRule, start: date) -> str:
    """Return how often, and on which days: "Every second Monday", "Every month on the last Friday"."""
    if rule.by_set_position or rule.by_week_number or rule.by_year_day:
        return _("By the rule %(rule)s") % {"rule": rule}
    if rule.by_month and rule.freq != "YEARLY":
        return _("By the rule %(rule)s") % {"rule": rule}
    describe = {"DAILY": _describe_days, "WEEKLY": _describe_weeks, "MONTHLY": _describe_months}
    words = describe.get(rule.freq, _describe_years)(rule, start)
    return words or _("By the rule %(rule)s") % {"rule": rule}


def describe_rule_text(text: str, start: date) -> str:
    """Return the same for the text of a rule; blank for none."""
    if not text:
        return ""
    return describe_rule(parse_rule(text), start)


def short_rule(series: FollowUpSeries) -> str:
    """Return how often, for the row of an occurrence: "every 2 weeks"."""
    rule = series.recurrence
    number = rule.interval
    units = {
        "DAILY": npgettext("repeats", "every day", "every %(number)s days", number),
        "WEEKLY": npgettext("repeats", "every week", "every %(number)s weeks", number),
        "MONTHLY": npgettext("repeats", "every month", "every %(number)s months", number),
        "YEARLY": npgettext("repeats", "every year", "every %(number)s years", number),
    }
    return units[rule.freq] % {"number": number}


def place_of(zone: str) -> str:
    """Return the city of a time zone: "Melbourne"."""
    return zone.rpartition("/")[2].replace("_", " ")


def _describe_days(rule: RecurrenceRule, start: date) -> str:
    if rule.by_day or rule.by_month_day:
        return ""
    if rule.interval == 2:
        return _("Every second day")
    return npgettext("repeats", "Every day", "Every %(number)s days", rule.interval) % {"number": rule.interval}


def _describe_weeks(rule: RecurrenceRule, start: date) -> str:
    days = rule.by_day or (RuleDay(start.weekday()),)
    if set(days) == set(_WORKING_DAYS) and rule.interval == 1:
        return _("Every day from Monday to Friday")
    names = _join([str(WEEKDAYS[day.weekday]) for day in sorted(days, key=lambda day: day.weekday)])
    if rule.interval == 1:
        return _("Every %(days)s") % {"days": names}
    if rule.interval == 2:
        return _("Every second %(days)s") % {"days": names}
    return _("Every %(number)s weeks on %(days)s") % {"number": rule.interval, "days": names}


def _describe_months(rule: RecurrenceRule, start: date) -> str:
    days = _describe_days_of_month(rule, start)
    if not days:
        return ""
    if rule.interval == 1:
        return _("Every month on %(days)s") % {"days": days}
    return _("Every %(number)s months on %(days)s") % {"number": rule.interval, "days": days}


def _describe_years(rule: RecurrenceRule, start: date) -> str:
    if rule.by_day or len(rule.by_month) > 1 or len(rule.by_month_day) > 1 or min(rule.by_month_day, default=1) < 1:
        return ""
    if rule.by_month_day and not rule.by_month:
        return ""
    month = str(MONTHS[(rule.by_month or (start.month,))[0]])
    number = (rule.by_month_day or (start.day,))[0]
    day = _("%(day)s %(month)s") % {"day": number, "month": month}
    if rule.interval == 1:
        return _("Every year on %(days)s") % {"days": day}
    return _("Every %(number)s years on %(days)s") % {"number": rule.interval, "days": day}


def _describe_days_of_month(rule: RecurrenceRule, start: date) -> str:
    if rule.by_day and rule.by_month_day:
        return ""
    if rule.by_day:
        return _join([_describe_nth(day) for day in rule.by_day])
    return _join([_describe_day_of_month(day) for day in rule.by_month_day or (start.day,)])


def _describe_nth(day: RuleDay) -> str:
    name = str(WEEKDAYS[day.weekday])
    ordinals = {
        1: pgettext("nth", "first"),
        2: pgettext("nth", "second"),
        3: pgettext("nth", "third"),
        4: pgettext("nth", "fourth"),
        5: pgettext("nth", "fifth"),
        -1: pgettext("nth", "last"),
        -2: pgettext("nth", "second to last"),
    }
    if day.nth == 0:
        return _("each %(day)s") % {"day": name}
    if day.nth not in ordinals:
        return str(day)
    return _("the %(nth)s %(day)s") % {"nth": ordinals[day.nth], "day": name}


def _describe_day_of_month(day: int) -> str:
    if day == -1:
        return _("the last day")
    if day < 0:
        return _("day %(number)s from the end") % {"number": -day}
    return _("day %(number)s") % {"number": day}


def _describe_end(series: FollowUpSeries, rule: RecurrenceRule, reader: Reader) -> str:
    parts = []
    if rule.count:
        parts.append(ngettext("%(number)s time", "%(number)s times", rule.count) % {"number": rule.count})
    if rule.until:
        day = rule.until
        if isinstance(day, datetime):
            day = day.date()
        parts.append(_("until %(day)s") % {"day": reader.date(day)})
    if series.ends_with_job:
        parts.append(_("until the lead is closed"))
    return ", ".join(parts)


def _join(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s and %(last)s") % {"some": ", ".join(words[:-1]), "last": words[-1]}
