"""Health page: states, waiting work, switched-off items, and the checklist before going live."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.access.permissions import allows
from crm.platform.events import hints
from crm.platform.health import queue_delays
from crm.platform.models import Backup
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import Toast
from crm.web.health import alarms, checklist, line_actions, platform_checks
from crm.web.health.findings import (
    Finding,
    HealthAction,
    HealthCard,
    HealthPart,
    HealthState,
    Override,
    ParkedItems,
    SwitchedOff,
)
from crm.web.health.snapshot import HealthSnapshot
from crm.web.health.system_parts import minute_strip, system_part_rows
from crm.web.health.wait_chart import build_wait_chart
from crm.web.models import Acknowledgement, HealthAlarm, Notice
from crm.web.notices.acknowledgements import take_up
from crm.web.notices.notify import TOPIC
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.timeline.event_words import name_of

NIGHTS = 14
QUIET = timedelta(hours=1)


@dataclass(frozen=True)
class AlarmRow:
    """A failing check, and since when admins have been notified."""

    label: str
    finding: Finding
    since: str
    url: str
    # Of those admins were told of: its key, and who took it up and when, blank while nobody has.
    pk: int | None = None
    taken: str = ""
    # Until when it is quiet, and who said so; blank while it is not.
    quiet: str = ""


@require(alarms.VIEW)
@require_GET
def health(request: TenantRequest) -> HttpResponse:
    """Show the health page. Polled every half minute, then without the frame."""
    return _render_page(request)


def _render_page(request: TenantRequest, toast: Toast | None = None) -> HttpResponse:
    look = HealthSnapshot()
    reader = Reader.of(request.member, look.now)
    check_findings = checklist.run_all_checks(look)
    parked = platform_checks.parked_items(look)
    context: dict[str, Any] = {
        "looked_at": reader.time(look.now),
        "alarms": _alarm_rows(check_findings, look, reader, request.tenant.slug),
        "told": [m.name for m in directory().members.values() if m.active and allows(m, alarms.VIEW)],
        "actions": [
            (action, reverse(action.page, args=[request.tenant.slug]))
            for action in features.of(HealthAction)
            if allows(request.member, action.permission)
        ],
        "heart": system_part_rows(look),
        "chart": _chart_context(look, reader),
        "cards": [_card_context(card, look, request.tenant.slug) for card in features.of(HealthCard)],
        "backups": _backup_context(look, reader),
        "parked": [_parked_row(one, look, request) for one in parked],
        "replayable": line_actions.count_replayable(parked, request.member),
        "acted": toast,
        "missed": platform_checks.count_missed_minutes(look),
        "switched": _switched_off_rows(look, reader, request),
        "slowest": look.slowest,
        "checklist": checklist.build_checklist(check_findings, reader),
    }
    part = ""
    if is_fragment(request):
        part = "#health"
    status = 200
    if toast:
        status = toast.status
    return render(request, f"web/health/health.html{part}", context, status=status)


@require(alarms.VIEW)
@require_POST
def act(request: TenantRequest) -> HttpResponse:
    """Perform an action on a line: `act`, and what it is `about`."""
    posted = request.POST
    return _act_response(
        request,
        lambda: line_actions.perform_act(posted.get("act", ""), posted.get("about", "")[:64], by=request.member),
    )


@require(alarms.VIEW)
@require_POST
def replay_all(request: TenantRequest) -> HttpResponse:
    """Replay all parked items the member may replay."""
    return _act_response(
        request, lambda: line_actions.replay_all(platform_checks.parked_items(HealthSnapshot()), by=request.member)
    )


def _act_response(request: TenantRequest, do: Callable[[], str]) -> HttpResponse:
    """Return the response to an action: the current state in place for htmx, else a redirect."""
    try:
        with transaction.atomic():
            toast = Toast(do())
    except Refused as why:
        toast = Toast(str(why), 422)
    if is_fragment(request):
        return _render_page(request, toast)
    messages.add_message(request, messages.SUCCESS if toast.status == 200 else messages.WARNING, toast.text)
    return redirect(f"{reverse('health', args=[request.tenant.slug])}#health-parked")


@require(alarms.VIEW)
@require_POST
def tick(request: TenantRequest) -> HttpResponse:
    """Tick or untick a line of the checklist: `item`, and `on`: "yes" or "no"."""
    try:
        checklist.set_tick(request.POST.get("item", ""), is_done=request.POST.get("on") == "yes", by=request.member)
    except Refused as why:
        messages.error(request, str(why))
    return redirect(f"{reverse('health', args=[request.tenant.slug])}#checklist")


@require(alarms.VIEW)
@require_POST
def take(request: TenantRequest, pk: int) -> HttpResponse:
    """Acknowledge an alarm, so that colleagues see that somebody handles it."""
    alarm = get_object_or_404(HealthAlarm.objects.filter(closed_at=None), pk=pk)
    take_up(alarms.STOPPED.name, alarms.key_of(alarm), by=request.member)
    hints.touch(TOPIC)
    return redirect("health", request.tenant.slug)


@require(alarms.VIEW)
@require_POST
def quiet(request: TenantRequest, pk: int) -> HttpResponse:
    """Mute an alarm for an hour: its notices count as read, and the count in the navigation goes down."""
    alarm = get_object_or_404(HealthAlarm.objects.filter(closed_at=None), pk=pk)
    alarm.quiet(clock.now() + QUIET, by=request.member)
    # Those of a reminder, too: "alarm:7:2026-…".
    mine = Q(key=alarms.key_of(alarm)) | Q(key__startswith=f"{alarms.key_of(alarm)}:")
    Notice.objects.filter(mine, kind=alarms.STOPPED.name).mark_read()
    hints.touch(TOPIC)
    return redirect("health", request.tenant.slug)


def _alarm_rows(
    check_findings: checklist.CheckFindings, look: HealthSnapshot, reader: Reader, slug: str
) -> list[AlarmRow]:
    opened = {(row.check_name, row.about): row for row in HealthAlarm.objects.filter(closed_at=None)}
    rows = Acknowledgement.objects.filter(
        kind=alarms.STOPPED.name, key__in=[alarms.key_of(one) for one in opened.values()]
    )
    taken = {row.key: f"{name_of(row.by_id)}, {reader.near(row.at)}" for row in rows if row.at}
    alarms_now = []
    for check, findings in check_findings:
        for finding in findings:
            if check.alarms and finding.tells and finding.state == HealthState.DOWN:
                row = opened.get((check.name, finding.about))
                url = ""
                if finding.page and finding.page != "health":
                    url = reverse(finding.page, args=[slug])
                alarm = AlarmRow(str(check.label), finding, reader.near(row.opened_at) if row else "", url)
                if row is not None:
                    alarm = replace(
                        alarm, pk=row.pk, taken=taken.get(alarms.key_of(row), ""), quiet=_quiet_until(row, reader)
                    )
                alarms_now.append(alarm)
    return alarms_now


def _quiet_until(row: HealthAlarm, reader: Reader) -> str:
    if row.quiet_until is None or row.quiet_until <= reader.now:
        return ""
    return f"{reader.near(row.quiet_until)}, {name_of(row.quiet_by_id)}"


def _chart_context(look: HealthSnapshot, reader: Reader) -> dict[str, Any]:
    drawn = build_wait_chart(queue_delays.delays_by_half_hour(), look.now, platform_checks.LATE)
    here, out = look.waits
    times = [reader.time(look.now - timedelta(hours=hours)) for hours in (24, 18, 12, 6)]
    table = [(reader.time(at), said_here, said_out) for at, said_here, said_out in reversed(drawn.table)]
    return {"drawn": drawn, "here": here, "out": out, "times": times, "table": table}


def _card_context(card: HealthCard, look: HealthSnapshot, slug: str) -> dict[str, Any]:
    rows = [
        (
            part,
            _part_times(part, look),
            reverse(part.page, args=[slug]) if part.page else "",
            minute_strip(part.minutes),
        )
        for part in card.read(look)
    ]
    return {"title": card.title, "rows": rows, "url": reverse(card.page, args=[slug]) if card.page else ""}


def _part_times(part: HealthPart, look: HealthSnapshot) -> list[tuple[str, str]]:
    return [(str(words), look.ago(at)) for words, at in part.times]


def _backup_context(look: HealthSnapshot, reader: Reader) -> dict[str, Any]:
    """Return the backups of the last two weeks by night, and the latest ones."""
    status = look.backups
    tested = Backup.Kind.RESTORE
    by_day = {reader.long_day(row.at): "bad" if row.error else "" for row in status.nights}
    days = [look.now - timedelta(days=back) for back in reversed(range(NIGHTS))]
    nights = [(day.astimezone(reader.zone).day, by_day.get(reader.long_day(day), "none")) for day in days]
    return {
        "nights": nights,
        "made": sum(mark == "" for _day, mark in nights),
        "last": status.last,
        "last_at": reader.near(status.last.at) if status.last else "",
        "failed_at": reader.near(status.failed.at) if status.failed else "",
        "restored": status.restored,
        "restored_at": reader.day(status.restored.at) if status.restored else "",
        "kind": tested,
    }


def _parked_row(
    one: ParkedItems, look: HealthSnapshot, request: TenantRequest
) -> tuple[ParkedItems, str, str, list[line_actions.HealthButton]]:
    url = reverse(one.page, args=[request.tenant.slug]) + one.query
    return one, look.ago(one.oldest), url, line_actions.line_buttons(one.acts, request.member)


def _switched_off_rows(
    look: HealthSnapshot, reader: Reader, request: TenantRequest
) -> list[tuple[SwitchedOff, str, str, str, list[line_actions.HealthButton]]]:
    items = [one for override in features.of(Override) for one in override.read(look)]
    return [
        (
            one,
            reader.near(one.since) if one.since else "",
            reader.near(one.until) if one.until else "",
            reverse(one.page, args=[request.tenant.slug]) if one.page else "",
            line_actions.line_buttons(one.acts, request.member),
        )
        for one in items
    ]
