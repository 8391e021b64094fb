"""The work page as CSV: one row per number, with its section and label as in the page's tables."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from crm.kernel import formats
from crm.platform.files.csv_response import csv_response
from reports.dashboard.export import Row, of_table
from reports.figures.days import today
from reports.work.act_counts import ActLine


def csv(numbers: Mapping[str, Any]) -> HttpResponse:
    """Write the numbers shown on the page."""
    return csv_response(f"work-{today()}", [_("Section"), _("Of"), _("Number"), _("Value")], _export_rows(numbers))


def _export_rows(numbers: Mapping[str, Any]) -> Iterator[Row]:
    right = numbers["accuracy"]
    for name, value in (
        (_("Complete"), f"{right.percent}%"),
        (_("Goal"), formats.whole_percent(right.goal)),
        (_("Open leads"), str(right.open)),
        (_("To fix"), str(right.flawed)),
    ):
        yield _("Data accuracy"), "", name, value
    yield _("Manual work saved"), "", _("Hours"), str(numbers["hours_saved"])
    for line in numbers["acts"]:
        yield from _act_rows(line)
    yield from of_table(numbers["chart"].title, numbers["chart"].table)
    for whose in numbers["whose"]:
        move = whose["words"]
        of = (_("Bottlenecks"), _("All"))
        yield *of, _("%(move)s, share of time") % {"move": move}, formats.whole_percent(whose["share"])
        yield *of, _("%(move)s, leads of those stays") % {"move": move}, str(whose["leads"])
    for step in numbers["steps"]:
        yield from _step_rows(step)
    for name, weeks in (*numbers["crews"], *numbers["people"]):
        for monday, week in zip(numbers["mondays"], weeks, strict=True):
            head = _("Week from %(monday)s") % {"monday": monday}
            yield _("Hours booked"), name, head, week["hours"]
            if days := week["load"].project_days:
                yield _("Days with a project"), name, head, str(days)


def _act_rows(line: ActLine) -> Iterator[Row]:
    pairs = {
        _("By hand"): line.counts.by_hand,
        _("With a template"): line.counts.by_template,
        _("Automatic"): line.counts.by_itself,
        _("Not by hand"): formats.whole_percent(line.percent),
        _("Minutes each"): line.minutes,
        _("Minutes saved"): line.saved,
    }
    yield from ((_("Manual work saved"), line.label, name, str(value)) for name, value in pairs.items())


def _step_rows(step: Mapping[str, Any]) -> Iterator[Row]:
    moves = (_("Our move"), _("Their move"), _("On hold"))
    sides = list(zip(moves, step["sides"], strict=True))
    pairs = {
        _("Stays"): step["stays"],
        _("Leads of those stays"): step["left"],
        _("Median"): step["median"],
        _("90% within"): step["p90"],
        _("Median, trend"): step["trend"].removeprefix("+"),
        **{name: side["count"] for name, side in sides},
        **{_("%(move)s, share of time") % {"move": name}: side["share"] for name, side in sides},
        **{_("%(move)s, median of a turn") % {"move": name}: side["turn"] for name, side in sides},
        **{_("%(move)s, leads of those stays") % {"move": name}: side["leads"] for name, side in sides},
        _("Late"): step["late"],
    }
    of = f"{step['name']} · {step['pipeline']}"
    yield from ((_("Bottlenecks"), of, name, str(value)) for name, value in pairs.items())
