"""The work page: data quality, automation, where leads wait, and capacity of the coming weeks."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs.models import Side
from crm.jobs.quality.accuracy import accuracy
from crm.kernel import clock, durations, formats
from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.replica_pages import may_lag
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from reports.models import WorkPolicy
from reports.models.work import MOST_MINUTES, act_minutes
from reports.work import act_counts, capacity, export, steps, turn_times
from reports.work.nightly_counts import STAY_DAYS

HOUR = 3600


def minutes_form(data: Any = None) -> forms.Form:
    """Build the form of minutes per act."""
    names = {**act_counts.labels(), "template": _("A template takes off a message")}
    fields = {
        name: forms.IntegerField(
            label=label,
            min_value=0,
            max_value=MOST_MINUTES,
            initial=act_minutes()[name],
            widget=forms.NumberInput({"class": "input", "inputmode": "numeric"}),
        )
        for name, label in names.items()
    }
    made: type[forms.Form] = type("MinutesForm", (forms.Form,), fields)
    return made(data)


@require("reports.work")
@may_lag
def work(request: TenantRequest) -> HttpResponse:
    """Show the page, or return its numbers as a file."""
    if request.GET.get("format") == "csv":
        return export.csv(_read_numbers(request))
    return _render_page(request, minutes_form())


@require("reports.work")
@require_POST
def set_minutes(request: TenantRequest) -> HttpResponse:
    """Save the minutes that an act by hand takes."""
    form = minutes_form(request.POST)
    if not form.is_valid():
        return _render_page(request, form, status=422)
    WorkPolicy.set_minutes(form.cleaned_data, by=request.member)
    return redirect("reports:work", request.tenant.slug)


def _render_page(request: TenantRequest, form: forms.Form, status: int = 200) -> HttpResponse:
    return render(request, "reports/work/work.html", {**_read_numbers(request), "form": form}, status=status)


def _read_numbers(request: TenantRequest) -> dict[str, Any]:
    """Return all numbers of the page and the file."""
    reader = Reader.of(request.member, clock.now())
    zone = directory().zone
    slug = request.tenant.slug
    today = clock.now().astimezone(zone).date()
    lines = act_counts.act_lines(today)
    now, before = (act_counts.total(getattr(line, name) for line in lines) for name in ("counts", "before"))
    step_lines = steps.step_lines(request.member)
    whose = turn_times.shares(steps.whose_time(step_lines))
    mondays = capacity.weeks_from(today)
    everybody = capacity.people(mondays, zone)
    return {
        "accuracy": accuracy(),
        "quality_url": reverse("jobs:quality", args=[slug]) if allows(request.member, "jobs.quality") else "",
        "acts": lines,
        "hours_saved": round(sum(line.saved for line in lines) / 60),
        "share": act_counts.share(now),
        "share_before": act_counts.share(before) if before.all else None,
        "weeks": act_counts.WEEKS,
        "chart": act_counts.weeks_chart(today, reader),
        "steps": [_step_line(line, slug) for line in step_lines],
        "whose": _side_shares(whose, slug),
        # Nobody handed the move over: the page says so, once.
        "only_ours": whose.keys() == {Side.US},
        "stay_days": STAY_DAYS,
        "most_stays": formats.whole_number(turn_times.MOST),
        "mondays": [reader.date(monday) for monday in mondays],
        "people": [
            (one.member.name, _week_loads(one.weeks, mondays, slug, member=one.member.uid)) for one in everybody
        ],
        "crews": [
            (one.name, _week_loads(one.weeks, mondays, slug, team=one.pk)) for one in capacity.crews(everybody, mondays)
        ],
    }


def _format_trend(trend: int | None) -> str:
    if trend is None:
        return "–"
    return f"{trend:+}%".replace("-", "−") if trend else "0%"


def _step_line(line: steps.StepLine, slug: str) -> dict[str, Any]:
    """Return a row of the table of steps, formatted, with links to its lists."""
    shares = turn_times.shares({side: seconds for side, (seconds, _median) in line.turns.items()})
    sides = [
        {
            "count": line.standing.sides.get(side, 0),
            "url": steps.url_of(line, slug, side=side),
            "share": formats.whole_percent(shares[side]) if side in shares else "",
            "turn": durations.short_duration(line.turns[side][1]) if side in shares else "",
            "leads": line.leads.get(side, 0),
            "stayed_url": steps.stayed_url(line.stage, slug, side),
        }
        for side in steps.SIDES
    ]
    trend = line.trend
    return {
        "name": line.stage.name,
        "pipeline": line.pipeline,
        "stays": line.stays,
        "left": line.leads.get("", 0),
        "left_url": steps.stayed_url(line.stage, slug),
        "median": durations.short_duration(line.median) if line.median is not None else "–",
        "p90": durations.short_duration(line.p90) if line.p90 is not None else "–",
        "trend": _format_trend(trend),
        "is_worse": trend is not None and trend >= 10,
        "sides": sides,
        "late": line.standing.late,
        "late_url": steps.url_of(line, slug, level="over"),
    }


def _side_shares(shares: dict[str, int], slug: str) -> list[dict[str, Any]]:
    """Return each side's share of the time, formatted, with its leads; empty if no step was left lately."""
    words = {Side.US: _("with us"), Side.CUSTOMER: _("with the customer"), Side.PAUSED: _("on hold")}
    leads = {}
    if shares:
        leads = steps.leads_of()[None]
    return [
        {
            "share": shares.get(side, 0),
            "words": words[side],
            "leads": leads.get(side, 0),
            "url": steps.stayed_url(None, slug, side),
        }
        for side in steps.SIDES
        if shares
    ]


def _week_loads(weeks: list[capacity.WeekLoad], mondays: list[Any], slug: str, **who: Any) -> list[dict[str, Any]]:
    """Return the weeks of a member or crew, formatted, each linked to its calendar."""
    page = reverse("calendar:calendar", args=[slug])
    query = "&".join(f"{name}={value}" for name, value in who.items())
    return [
        {
            "load": load,
            "hours": _("%(booked)s of %(there)s h")
            % {"booked": round(load.booked / HOUR), "there": round(load.available / HOUR)},
            "url": f"{page}?view=week&day={monday}&{query}",
        }
        for load, monday in zip(weeks, mondays, strict=True)
    ]
