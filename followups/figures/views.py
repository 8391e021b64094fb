"""The figures of follow-ups for a period, as a page or as CSV; each number opens the list it counts."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from crm.kernel import clock, durations, formats
from crm.kernel.days import DayRange
from crm.platform.files.csv_response import csv_response
from crm.platform.organization.configuration import directory
from crm.web.charts.figure_table import FigureCell, period_bar, requested_days
from crm.web.lists.conditions.choices import NOBODY
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.figures.adoption import measure_adoption
from followups.figures.effect_table import effect_rows
from followups.figures.lines import BY, FollowUpLine, count_lines
from followups.figures.load_forecast import LoadCount, LoadForecast, forecast_load
from followups.filters import ALL, ON_TIME, SEE_ALL, recent_days, typical_days
from followups.follow_up_list import FOLLOW_UPS
from followups.models import FollowUp
from followups.models.kind_setup import kinds

# Hours, however many there are: no day of 24 hours.
_NO_DAYS = 1000 * 24 * 3600


@require(SEE_ALL)
def figures_page(request: TenantRequest) -> HttpResponse:
    """Show the page, or return its table of types or members as a file."""
    reader = Reader.of(request.member, clock.now())
    by = "type"
    if request.GET.get("by") in BY:
        by = request.GET["by"]
    period = requested_days(request.GET, reader.today)
    rows = FollowUp.objects.visible_to(request.member)
    everything, lines = count_lines(rows, *period.instants(reader.zone), reader.now, by)
    if request.GET.get("format") == "csv":
        return _csv_response([everything, *lines], by, period)
    page = FOLLOW_UPS.url("list", request.tenant.slug)
    forecast = forecast_load(rows, reader)
    context = {
        "rows": [(_line_name(by, line), "", _line_cells(line, by, page, period)) for line in [everything, *lines]],
        "headings": _column_headings(),
        "is_empty": not (everything.done or everything.missed),
        **period_bar(by, _kind_headings(), period, reader.today),
        "effects": effect_rows(request, period, reader),
        "weeks": _week_rows(forecast, page, reader),
        "weekdays": _weekday_rows(forecast, page),
        **_adoption_context(request, page, reader),
    }
    return render(request, "followups/figures/figures.html", context)


def _kind_headings() -> list[tuple[str, str]]:
    return [("type", _("Type")), ("member", _("Member"))]


def _column_headings() -> list[str]:
    return [
        _("Done"),
        _("Done on time"),
        _("Late"),
        _("Time to complete, median"),
        _("90% within"),
        _("Successful"),
        _("No answer"),
        _("Missed and still open"),
    ]


def _line_name(by: str, line: FollowUpLine) -> str:
    if line.is_total:
        return _("All")
    if by == "type":
        return str(kinds().of(line.value).label)
    if line.value is None:
        return _("Nobody")
    return directory().members[line.value].name


def _line_filters(by: str, line: FollowUpLine) -> list[tuple[str, str]]:
    """Return the filters that select a line."""
    if line.is_total:
        return [("who", ALL)]
    if by == "type":
        return [("who", ALL), ("kind", line.value)]
    if line.value is None:
        return [("who", NOBODY)]
    return [("who", str(directory().members[line.value].uid))]


def _line_cells(line: FollowUpLine, by: str, page: str, period: DayRange) -> list[FigureCell]:
    """Return the numbers of a line with their links."""
    which = _line_filters(by, line)
    done = [("status", "completed"), *_days("done", period)]

    def cell(text: str, count: int, *filters: tuple[str, str], note: str = "") -> FigureCell:
        url = ""
        if count:
            url = f"{page}?{urlencode([*which, *filters])}"
        return FigureCell(text, note, url)

    return [
        cell(str(line.done), line.done, *done),
        cell(_share(line.on_time_percent), line.in_time, ("timing", ON_TIME), *done, note=_part(line.in_time, line)),
        cell(str(line.late), line.late, ("timing", "late"), *done),
        cell(_time_words(line.median), line.done, *done),
        cell(_time_words(line.p90), line.done, *done),
        cell(
            _share(line.success_percent),
            line.successful,
            ("outcome", "successful"),
            *done,
            note=_part(line.successful, line),
        ),
        cell(str(line.no_answer), line.no_answer, ("outcome", "no_answer"), *done),
        cell(str(line.missed), line.missed, ("status", "missed"), *_days("due", period)),
    ]


def _days(name: str, period: DayRange) -> list[tuple[str, str]]:
    return [("where", f"{name}:since:{period.first}"), ("where", f"{name}:before:{period.after}")]


def _share(percent: int | None) -> str:
    if percent is None:
        return "–"
    return formats.whole_percent(percent)


def _part(count: int, line: FollowUpLine) -> str:
    if line.done:
        return _("%(count)s of %(all)s") % {"count": count, "all": line.done}
    return ""


def _time_words(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return durations.short_duration(seconds)


def _hours(minutes: float) -> str:
    return durations.short_duration(minutes * 60, _NO_DAYS)


def _load_cell(load: LoadCount, url: str) -> FigureCell:
    if load.count:
        return FigureCell(str(load.count), _hours(load.minutes), url)
    return FigureCell("0")


def _week_rows(forecast: LoadForecast, page: str, reader: Reader) -> list[tuple[str, str, list[FigureCell]]]:
    """Return each week with what is planned, what is typically added, and the hours of both."""
    rows = []
    basis = _days("created", typical_days(reader.today))
    typical = FigureCell(
        number_format(round(forecast.typical_count, 1)),
        _("%(hours)s; %(count)s in eight weeks")
        % {"hours": _hours(forecast.typical_minutes), "count": forecast.added_count},
        f"{page}?{urlencode([('who', ALL), *basis])}",
    )
    for week, load in zip(forecast.weeks, forecast.planned, strict=True):
        url = f"{page}?{urlencode([('who', ALL), *_days('due', week)])}"
        total = FigureCell(_hours(load.minutes + forecast.typical_minutes))
        name = f"{reader.date(week.first)} – {reader.date(week.last)}"
        rows.append((name, "", [_load_cell(load, url), typical, total]))
    return rows


def _weekday_rows(forecast: LoadForecast, page: str) -> list[tuple[str, str, list[FigureCell]]]:
    """Return each weekday with what was added on it in the eight weeks, and the average of a day."""
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    rows = []
    for nth, (name, load) in enumerate(zip(names, forecast.added, strict=True)):
        url = f"{page}?{urlencode([('who', ALL), ('weekday', str(nth))])}"
        count, minutes = forecast.typical_on(nth)
        average = FigureCell(number_format(round(count, 1)), _hours(minutes))
        rows.append((name, "", [_load_cell(load, url), average]))
    return rows


def _adoption_context(request: TenantRequest, page: str, reader: Reader) -> dict[str, Any]:
    adoption = measure_adoption(FollowUp.objects.visible_to(request.member), reader)
    since = recent_days(reader.today).first
    members = []
    for member, count in adoption.planned:
        query = [("who", ALL), ("planner", str(member.uid)), ("where", f"created:since:{since}")]
        url = ""
        if count:
            url = f"{page}?{urlencode(query)}"
        members.append((member.name, FigureCell(str(count), "", url)))
    return {
        "adoption": adoption,
        "planners": [row for row in members if row[1].url],
        "others": [name for name, cell in members if not cell.url],
        "open_url": f"{page}?{urlencode([('who', ALL)])}",
        "owned_url": f"{page}?{urlencode([('where', f'who:not:{NOBODY}')])}",
        "delivered_url": f"{page}?{urlencode([('who', ALL), ('reminder', 'delivered')])}",
        "failed_url": f"{page}?{urlencode([('who', ALL), ('reminder', 'failed')])}",
    }


def _round_seconds(seconds: float | None) -> int | None:
    if seconds is None:
        return None
    return round(seconds)


def _csv_response(lines: list[FollowUpLine], by: str, period: DayRange) -> HttpResponse:
    """Write the table with times in seconds."""
    headings = [dict(_kind_headings())[by], *_column_headings()]
    for at in (4, 5):
        headings[at] = _("%(name)s (seconds)") % {"name": headings[at]}
    rows = [
        [
            *(_line_name(by, line), line.done, line.in_time, line.late),
            *(_round_seconds(line.median), _round_seconds(line.p90)),
            *(line.successful, line.no_answer, line.missed),
        ]
        for line in lines
    ]
    return csv_response(f"follow-ups-{by}-{period.first}-{period.last}", headings, rows)
