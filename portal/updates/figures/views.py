"""The figures of updates for a period, as a page or as CSV; each number opens the list it counts."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel import clock
from crm.kernel.days import DayRange
from crm.platform.files.csv_response import csv_response
from crm.platform.organization.configuration import directory
from crm.web.charts.figure_table import FigureCell, period_bar, requested_days
from crm.web.lists.conditions.choices import NOBODY
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from portal.updates.features import FIGURES
from portal.updates.figures.figures import BY, UpdateFiguresLine, figures_by, share_of
from portal.updates.queue.update_list import UPDATES


@require(FIGURES)
def update_figures(request: TenantRequest) -> HttpResponse:
    """Show the updates that were due in a period, by outcome."""
    now = clock.now()
    reader = Reader.of(request.member, now)
    by = "member"
    if request.GET.get("by") in BY:
        by = request.GET["by"]
    period = requested_days(request.GET, reader.today)
    lines = figures_by(UPDATES.visible(request.member), *period.instants(reader.zone), now, by)
    if request.GET.get("format") == "csv":
        return _csv_response(lines, by, period)
    page = reverse("updates:list", args=[request.tenant.slug])
    context = {
        "rows": [(_line_name(by, line.value), "", cells(line, by, page, period)) for line in lines],
        "headings": _column_headings(),
        **period_bar(by, [("member", _("Member")), ("brand", _("Brand"))], period, reader.today),
        "measured": sum(line.measured for line in lines),
        "before": sum(line.messages_before for line in lines),
        "after": sum(line.messages_after for line in lines),
    }
    return render(request, "updates/figures.html", context)


def _column_headings() -> list[str]:
    return [
        _("Due"),
        _("Sent"),
        _("Missed"),
        _("Skipped"),
        _("Delivered"),
        _("Seen"),
        _("Answered"),
        _("Not seen for days"),
        _("Questions before the update"),
        _("Questions after the update"),
        _("Fewer messages and calls"),
    ]


def _line_name(by: str, value: Any) -> str:
    organization = directory()
    if by == "brand":
        return organization.brands[value].name
    if value in organization.members:
        return organization.members[value].name
    return _("Nobody")


def cells(line: UpdateFiguresLine, by: str, page: str, period: DayRange) -> list[FigureCell]:
    """Return the numbers of a line, each with a link to its updates, and its share of those sent."""
    organization = directory()
    after = period.after
    if by == "brand":
        which = [("brand", str(organization.brands[line.value].uid))]
    else:
        which = [("who", str(organization.members[line.value].uid) if line.value else NOBODY)]
    which += [("where", f"due:since:{period.first}"), ("where", f"due:before:{after}")]

    def cell(count: int, note: str = "", **filters: str) -> FigureCell:
        return FigureCell(str(count), note, f"{page}?{urlencode([*which, *filters.items()])}" if count else "")

    def around(count: int) -> str:
        return ngettext("%(count)s message or call", "%(count)s messages and calls", count) % {"count": count}

    measured = ngettext("of %(count)s update", "of %(count)s updates", line.measured) % {"count": line.measured}
    return [
        cell(line.due),
        cell(line.sent, share_of(line.sent, line.due), state="sent"),
        cell(line.missed, share_of(line.missed, line.due), missed="1"),
        cell(line.skipped, state="skipped"),
        cell(line.delivered, share_of(line.delivered, line.sent), delivered="1", state="sent"),
        cell(line.seen, share_of(line.seen, line.sent), seen="1"),
        cell(line.answered, share_of(line.answered, line.sent), answered="1"),
        cell(line.unseen, unseen="1"),
        cell(line.asked_before, around(line.messages_before), asked="before"),
        cell(line.asked_after, around(line.messages_after), asked="after"),
        FigureCell(str(line.avoided), measured),
    ]


def _csv_response(lines: list[UpdateFiguresLine], by: str, period: DayRange) -> HttpResponse:
    names = (
        *("due", "sent", "missed", "skipped", "delivered", "seen", "answered", "unseen"),
        *("asked_before", "asked_after", "avoided", "measured", "messages_before", "messages_after"),
    )
    more = [_("Measured"), _("Messages and calls before"), _("Messages and calls after")]
    headings = [_("Brand") if by == "brand" else _("Member"), *_column_headings(), *more]
    rows = ([_line_name(by, line.value), *(getattr(line, name) for name in names)] for line in lines)
    return csv_response(f"updates-{by}-{period.first}-{period.last}", headings, rows)
