"""Preview pages: the dry run of a trigger, the next two weeks, and the map."""

from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.automation.definition import Definition
from crm.automation.models import DryRun, Rule
from crm.automation.preview import dry_run, dry_run_chart
from crm.automation.preview.planned_steps import (
    DAYS,
    MOST,
    PlannedStep,
    find_collisions,
    planned_departures,
    planned_steps,
)
from crm.automation.preview.rule_map import build_map
from crm.automation.registry.actions import Departure
from crm.automation.setup import ReadRule
from crm.automation.views.frame import VIEW, get_rule, page_context
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Member
from crm.platform.work import runs
from crm.web.actions.runs import RunPage
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url

PAGE = "automation/dry_run.html"


@require(VIEW)
def look_back(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the last dry run of a trigger over 30 days; a fragment beside the editor."""
    return _render_dry_run(request, get_rule(uid))


@require(VIEW)
@require_POST
def start_dry_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Start a dry run of a trigger as saved."""
    rule = get_rule(uid)
    assert rule.version is not None, "a rule is added with a version"
    try:
        dry_run.start_dry_run(rule, Definition.from_json(rule.version.definition), by=request.member)
    except Refused as why:
        if not is_fragment(request):
            messages.warning(request, str(why))
            return redirect("automation:dry_run", request.tenant.slug, rule.uid)
        return _render_dry_run(request, rule, told=str(why))
    if is_fragment(request):
        return _render_dry_run(request, rule)
    return redirect("automation:dry_run", request.tenant.slug, rule.uid)


@require(VIEW)
@require_POST
def cancel_dry_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Cancel a dry run."""
    run = get_object_or_404(DryRun.objects.select_related("rule"), uid=uid)
    runs.cancel(run, by=request.member)
    return redirect("automation:dry_run", request.tenant.slug, run.rule.uid)


def _render_dry_run(request: TenantRequest, rule: Rule, told: str = "") -> HttpResponse:
    """Render the last dry run of the saved trigger, or the button that starts one."""
    slug = request.tenant.slug
    context: dict[str, Any] = {"rule": rule, "told": told, **page_context(request)}
    run = DryRun.objects.filter(rule=rule).order_by("-pk").first()
    if run is None or rule.version is None or run.definition != rule.version.definition:
        if is_fragment(request):
            template = "automation/_dry_run.html"
        else:
            template = PAGE
        return render(request, template, context, status=422 if told else 200)
    context |= {"chart": dry_run_chart.build_chart(run), "samples": _visible_samples(run, request)}
    sentence = _("%(done)s of %(total)s checked. You can leave this page; it continues.")
    page = RunPage(
        run,
        PAGE,
        reverse("automation:dry_run", args=[slug, rule.uid]),
        sentence % {"done": formats.whole_number(run.done), "total": formats.whole_number(run.total)},
        _("Checked"),
        reverse("automation:cancel_dry_run", args=[slug, run.uid]),
        _("Stop counting"),
    )
    return page.answer(request, context)


class DryRunSample(NamedTuple):
    """A record a trigger would have fired for."""

    title: str
    url: str
    at: str


def _visible_samples(run: DryRun, request: TenantRequest) -> list[DryRunSample]:
    """Return the last records the trigger would have fired for, limited to those the member may see."""
    read = ReadRule.of(run.rule, Definition.from_json(run.definition))
    if read.kind is None:
        return []
    rows = {row.pk: row for row in read.kind.seen_by(request.member).filter(pk__in=[pk for pk, _at in run.samples])}
    reader = Reader.of(request.member, clock.now())
    return [
        DryRunSample(
            read.kind.title(rows[pk]),
            record_url(rows[pk], request.tenant.slug),
            reader.near(dry_run_chart.sample_instant(at)),
        )
        for pk, at in run.samples
        if pk in rows
    ]


class PlannedLine(NamedTuple):
    """A planned step, as its page shows it."""

    planned: PlannedStep
    time: str
    url: str
    # The other triggers that write to the same customer on this day.
    collides_with: list[str]
    was: str
    # When it would really leave, where that is later; and why then, or why not at all.
    leaves: str = ""
    gate: str = ""


class PlannedDay(NamedTuple):
    """A day with its planned steps."""

    label: str
    lines: list[PlannedLine]


@require(VIEW)
def preview(request: TenantRequest) -> HttpResponse:
    """Show the planned steps of the next two weeks by day, optionally of one trigger or one customer."""
    rule = _row_of_query(Rule.objects.filter(archived_at__isnull=True), request.GET.get("rule", ""))
    person = _row_of_query(Person.objects.all(), request.GET.get("person", ""))
    planned = _visible_planned(planned_steps(rule=rule, person_id=person.pk if person else None), request.member)
    only = request.GET.get("only", "")
    listed = [one for one in planned if only != "messages" or one.writes_to_customer]
    narrowed = ""
    if rule:
        narrowed = f"rule={rule.uid}"
    elif person:
        narrowed = f"person={person.uid}"
    context = {
        "days": _planned_days(listed, request),
        "rule": rule,
        "person": person,
        "only": only,
        "narrowed": narrowed,
        "count": len(listed),
        "message_count": sum(one.writes_to_customer for one in planned),
        "collision_count": len(find_collisions(planned)),
        "is_cut": len(planned) >= MOST,
        "span": DAYS,
        **page_context(request),
    }
    return render(request, "automation/preview.html", context)


def _row_of_query(rows: Any, uid: str) -> Any:
    """Return the record named in the query string; None if there is none."""
    try:
        if uid:
            return rows.filter(uid=UUID(uid)).first()
        return None
    except ValueError:
        return None


def _visible_planned(planned: list[PlannedStep], member: Member) -> list[PlannedStep]:
    """Drop planned steps of records the member may not see. One query per kind of record."""
    kinds = {one.kind.key: one.kind for one in planned}
    seen = {
        (key, pk)
        for key, kind in kinds.items()
        for pk in kind.seen_by(member)
        .filter(pk__in={one.row.pk for one in planned if one.kind.key == key})
        .values_list("pk", flat=True)
    }
    return [one for one in planned if (one.kind.key, one.row.pk) in seen]


def _planned_days(planned: list[PlannedStep], request: TenantRequest) -> list[PlannedDay]:
    reader = Reader.of(request.member, clock.now())
    slug = request.tenant.slug
    meeting: dict[int, list[str]] = {}
    for collision in find_collisions(planned):
        for one in collision.planned:
            meeting[id(one)] = sorted({other.rule.name for other in collision.planned} - {one.rule.name})
    leaving = planned_departures(planned)
    lines = [
        PlannedLine(
            one,
            reader.time(one.at),
            record_url(one.row, slug),
            meeting.get(id(one), []),
            reader.near(one.was_at) if one.was_at else "",
            reader.near(at) if (at := leaving.get(place, Departure()).at) else "",
            leaving.get(place, Departure()).words,
        )
        for place, one in enumerate(planned)
    ]
    by_day = groupby(lines, key=lambda line: line.planned.at.astimezone(reader.zone).date())
    return [PlannedDay(reader.date(day), list(day_lines)) for day, day_lines in by_day]


@require(VIEW)
def rule_map(request: TenantRequest) -> HttpResponse:
    """Draw the map of pipelines and triggers, with the same content as text."""
    context = {"drawn": build_map(request.tenant.slug), **page_context(request)}
    return render(request, "automation/map.html", context)
