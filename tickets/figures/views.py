"""The figures of tickets for a period, as a page or as CSV; each number opens the list it counts."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comms.models import Medium
from crm.jobs.models import Priority
from crm.jobs.models.visibility import limited_to
from crm.kernel import clock, durations, formats
from crm.kernel.days import DayRange
from crm.platform.files.csv_response import csv_response
from crm.platform.organization.configuration import directory
from crm.web.charts.figure_table import FigureCell, period_bar, requested_days
from crm.web.lists.conditions.choices import NOBODY, Choice
from crm.web.lists.conditions.filters import Filter
from crm.web.lists.conditions.viewer import Viewer
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from tickets.figures.figures import AGES, BY, TicketFiguresLine, age_days, figures
from tickets.inbox.choices import ALL
from tickets.inbox.filters import TicketFilters
from tickets.models import OPEN_STATUSES, Status, Ticket

# The inbox's own filter: a number opens the list of the same ones.
TAG: Filter = TicketFilters.base_filters["tag"]


@require("tickets.view")
def ticket_figures(request: TenantRequest) -> HttpResponse:
    """Show response and resolution figures: of all, or for members limited to their own tickets, of those."""
    reader = Reader.of(request.member, clock.now())
    by = "member"
    if request.GET.get("by") in BY:
        by = request.GET["by"]
    period = requested_days(request.GET, reader.today)
    mine = limited_to(request.member)
    tickets = Ticket.objects.visible_to(request.member)
    if mine is None:
        counted_tickets = tickets
    else:
        counted_tickets = tickets.filter(member_id=mine)
    tags = TAG.choices(request.member)
    tag = next((one for one in tags if one.value == request.GET.get("tag")), None)
    if tag:
        counted_tickets = counted_tickets.filter(TAG.condition("is", tag.value, Viewer(request.member)))
    lines = figures(counted_tickets, *period.instants(reader.zone), reader, by)
    if request.GET.get("format") == "csv":
        return _csv_response(lines, by, period)
    page = reverse("tickets:list", args=[request.tenant.slug])
    context = {
        "rows": [
            (_line_name(by, line.value), _mix_words(line), _line_cells(line, by, page, period, reader, tag))
            for line in lines
        ],
        "first": _("Types of conversations"),
        "headings": _column_headings(),
        **period_bar(by, _kind_headings(), period, reader.today),
        "own": mine is not None,
        "tags": tags,
        "tag": tag,
        "keep": f"tag={tag.value}&" if tag else "",
    }
    return render(request, "tickets/figures/figures.html", context)


def _kind_headings() -> list[tuple[str, str]]:
    names = (_("Member"), _("Team"), _("Brand"), _("Channel"), _("Priority"))
    return list(zip(BY, names, strict=True))


def _column_headings() -> list[str]:
    return [
        _("Came in"),
        _("Answered"),
        _("First reply, median"),
        _("90% within"),
        _("Solved"),
        _("Resolution, median"),
        _("90% within"),
        _("On time"),
        _("Open"),
        *(str(label) for _least, _most, label in AGES),
    ]


def _line_name(by: str, value: Any) -> str:
    organization = directory()
    if by == "priority":
        return str(Priority(value).label)
    if by == "channel":
        if value in Medium.values:
            return str(Medium(value).label)
        return _("No channel")
    names: dict[int, Any] = {"member": organization.members, "team": organization.teams, "brand": organization.brands}[
        by
    ]  # type: ignore[assignment]
    if value in names:
        return names[value].name
    if by == "member":
        return _("Nobody")
    return _("No team")


def _line_cells(
    line: TicketFiguresLine, by: str, page: str, period: DayRange, reader: Reader, tag: Choice | None = None
) -> list[FigureCell]:
    """Return the numbers of a line with their links."""
    which = _line_filters(by, line.value)
    after = period.after
    if which and tag:
        which = [*which, ("tag", tag.value)]
    came = [("where", f"came:since:{period.first}"), ("where", f"came:before:{after}")]
    ended = [("where", f"solved:since:{period.first}"), ("where", f"solved:before:{after}")]

    def cell(text: str, count: int, statuses: Iterable[str], *more: tuple[str, str], note: str = "") -> FigureCell:
        """Return the cell of a number that counts tickets with these statuses."""
        any_of = [("any1", f"status:is:{status}") for status in statuses]
        url = ""
        if count and which:
            url = f"{page}?{urlencode([*which, *any_of, *more])}"
        return FigureCell(text, note, url)

    met = line.met_percent
    every = Status.values
    ages = _backlog_days(reader.today)
    note = ""
    if line.promised:
        note = _("of %(count)s with a response time") % {"count": line.promised}
    return [
        cell(str(line.came), line.came, every, *came),
        cell(str(line.answered), line.answered, every, *came, ("answered", "1")),
        cell(_time_words(line.reply_median), line.answered, every, *came, ("answered", "1")),
        cell(_time_words(line.reply_p90), line.answered, every, *came, ("answered", "1")),
        cell(str(line.solved), line.solved, every, *ended),
        cell(_time_words(line.solve_median), line.solved, every, *ended),
        cell(_time_words(line.solve_p90), line.solved, every, *ended),
        cell("–" if met is None else formats.whole_percent(met), line.promised, every, *came, note=note),
        cell(str(line.backlog), line.backlog, OPEN_STATUSES),
        *(cell(str(count), count, OPEN_STATUSES, *ages[at]) for at, count in enumerate(line.ages)),
    ]


def _line_filters(by: str, value: Any) -> list[tuple[str, str]]:
    """Return the inbox filters that select a line; none if it has none."""
    organization = directory()
    if by == "member":
        return [("who", str(organization.members[value].uid) if value else NOBODY)]
    if by == "team":
        return [("who", ALL), ("given", str(organization.teams[value].uid) if value else NOBODY)]
    if by == "brand":
        return [("who", ALL), ("brand", str(organization.brands[value].uid))]
    if value:
        return [("who", ALL), ("medium" if by == "channel" else "priority", str(value))]
    return []


def _backlog_days(today: date) -> list[list[tuple[str, str]]]:
    """Return the days on which each age group of the backlog was received."""
    return [
        [("where", f"came:{test}:{day}") for test, day in (("since", first), ("before", after)) if day]
        for first, after in age_days(today)
    ]


def _time_words(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return durations.short_duration(seconds)


def _round_seconds(seconds: float | None) -> int | None:
    if seconds is None:
        return None
    return round(seconds)


def _mix_words(line: TicketFiguresLine) -> str:
    """Return the case mix in words: "40% High, 60% Normal · 80% Email, 20% WhatsApp"."""
    ranks = [(str(Priority(rank).label), count) for rank, count in line.priorities.items() if count]
    media = [(str(Medium(medium).label), count) for medium, count in line.channels.items() if count]
    shares = (
        ", ".join(f"{formats.whole_percent(100 * n / line.came)} {name}" for name, n in part) for part in (ranks, media)
    )
    if line.came:
        return " · ".join(filter(None, shares))
    return ""


# The columns of a file that are times: how soon a first reply came, how soon a conversation was solved.
_TIMES = (3, 4, 6, 7)


def _csv_response(lines: list[TicketFiguresLine], by: str, period: DayRange) -> HttpResponse:
    """Write the figures with times in seconds."""
    priorities = list(Priority)
    media = list(Medium)
    headings = [dict(_kind_headings())[by], *_column_headings()]
    for at in _TIMES:
        headings[at] = _("%(name)s (seconds)") % {"name": headings[at]}
    headings += [str(one.label) for one in (*priorities, *media)]
    rows = (
        [
            *(
                _line_name(by, line.value),
                line.came,
                line.answered,
                _round_seconds(line.reply_median),
                _round_seconds(line.reply_p90),
            ),
            *(line.solved, _round_seconds(line.solve_median), _round_seconds(line.solve_p90)),
            *(line.met_percent, line.backlog, *line.ages),
            *(line.priorities.get(rank.value, 0) for rank in priorities),
            *(line.channels.get(medium.value, 0) for medium in media),
        ]
        for line in lines
    )
    return csv_response(f"conversations-{by}-{period.first}-{period.last}", headings, rows)
