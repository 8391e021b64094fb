"""The page of health: what works, what waits, what was switched off, and the checklist before going live."""

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
from crm.web.health import acts, alarms, checklist, own_checks
from crm.web.health.chart import chart
from crm.web.health.findings import Finding, HealthAction, HealthCard, Override, Parked, Part, State, Switched
from crm.web.health.heart import heart, strip
from crm.web.health.look import Look
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
class Alarm:
    """Something that does not work now, and since when admins know."""

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
    """Show all of it; asked again every half minute, and then without the frame."""
    return _shown(request)


def _shown(request: TenantRequest, told: Toast | None = None) -> HttpResponse:
    look = Look()
    reader = Reader.of(request.member, look.now)
    found = checklist.look_at_all(look)
    parked = own_checks.parked(look)
    context: dict[str, Any] = {
        "looked_at": reader.time(look.now),
        "alarms": _alarms(found, look, reader, request.tenant.slug),
        "told": [m.name for m in directory().members.values() if m.active and allows(m, alarms.VIEW)],
        "actions": [
            (action, reverse(action.page, args=[request.tenant.slug]))
            for action in features.of(HealthAction)
            if allows(request.member, action.permission)
        ],
        "heart": heart(look),
        "chart": _chart(look, reader),
        "cards": [_card(card, look, request.tenant.slug) for card in features.of(HealthCard)],
        "backups": _backups(look, reader),
        "parked": [_parked(one, look, request) for one in parked],
        "replayable": acts.replayable(parked, request.member),
        "acted": told,
        "missed": own_checks.missed(look),
        "switched": _switched(look, reader, request),
        "slowest": look.slowest,
        "checklist": checklist.checklist(found, reader),
    }
    part = ""
    if is_fragment(request):
        part = "#health"
    status = 200
    if told:
        status = told.status
    return render(request, f"web/health/health.html{part}", context, status=status)


@require(alarms.VIEW)
@require_POST
def act(request: TenantRequest) -> HttpResponse:
    """Do what stands beside a line: `act`, and what it is `about`."""
    posted = request.POST
    return _answer(request, lambda: acts.do(posted.get("act", ""), posted.get("about", "")[:64], by=request.member))


@require(alarms.VIEW)
@require_POST
def replay_all(request: TenantRequest) -> HttpResponse:
    """Have all that is parked tried again that can be."""
    return _answer(request, lambda: acts.replay_all(own_checks.parked(Look()), by=request.member))


def _answer(request: TenantRequest, do: Callable[[], str]) -> HttpResponse:
    """Answer an act with how all is now: in place for htmx, else after a redirect."""
    try:
        with transaction.atomic():
            toast = Toast(do())
    except Refused as why:
        toast = Toast(str(why), 422)
    if is_fragment(request):
        return _shown(request, toast)
    messages.add_message(request, messages.SUCCESS if toast.status == 200 else messages.WARNING, toast.text)
    return redirect(f"{reverse('health', args=[request.tenant.slug])}#health-parked")


@require(alarms.VIEW)
@require_POST
def tick(request: TenantRequest) -> HttpResponse:
    """Tick or untick a line of the checklist: `item`, and `on`: "yes" or "no"."""
    try:
        checklist.tick(request.POST.get("item", ""), is_done=request.POST.get("on") == "yes", by=request.member)
    except Refused as why:
        messages.error(request, str(why))
    return redirect(f"{reverse('health', args=[request.tenant.slug])}#checklist")


@require(alarms.VIEW)
@require_POST
def take(request: TenantRequest, pk: int) -> HttpResponse:
    """Take up an alarm: colleagues see that somebody is on it."""
    alarm = get_object_or_404(HealthAlarm.objects.filter(closed_at=None), pk=pk)
    take_up(alarms.STOPPED.name, alarms.key_of(alarm), by=request.member)
    hints.touch(TOPIC)
    return redirect("health", request.tenant.slug)


@require(alarms.VIEW)
@require_POST
def quiet(request: TenantRequest, pk: int) -> HttpResponse:
    """Have nobody hear of an alarm for an hour: its notices count as read, and the number in the navigation is less."""
    alarm = get_object_or_404(HealthAlarm.objects.filter(closed_at=None), pk=pk)
    alarm.quiet(clock.now() + QUIET, by=request.member)
    # Those of a reminder, too: "alarm:7:2026-…".
    mine = Q(key=alarms.key_of(alarm)) | Q(key__startswith=f"{alarms.key_of(alarm)}:")
    Notice.objects.filter(mine, kind=alarms.STOPPED.name).mark_read()
    hints.touch(TOPIC)
    return redirect("health", request.tenant.slug)


def _alarms(found: checklist.Found, look: Look, reader: Reader, slug: str) -> list[Alarm]:
    opened = {(row.check_name, row.about): row for row in HealthAlarm.objects.filter(closed_at=None)}
    rows = Acknowledgement.objects.filter(
        kind=alarms.STOPPED.name, key__in=[alarms.key_of(one) for one in opened.values()]
    )
    taken = {row.key: f"{name_of(row.by_id)}, {reader.near(row.at)}" for row in rows if row.at}
    alarms_now = []
    for check, findings in found:
        for finding in findings:
            if check.alarms and finding.tells and finding.state == State.DOWN:
                row = opened.get((check.name, finding.about))
                url = ""
                if finding.page and finding.page != "health":
                    url = reverse(finding.page, args=[slug])
                alarm = Alarm(str(check.label), finding, reader.near(row.opened_at) if row else "", url)
                if row is not None:
                    alarm = replace(
                        alarm, pk=row.pk, taken=taken.get(alarms.key_of(row), ""), quiet=_quiet(row, reader)
                    )
                alarms_now.append(alarm)
    return alarms_now


def _quiet(row: HealthAlarm, reader: Reader) -> str:
    if row.quiet_until is None or row.quiet_until <= reader.now:
        return ""
    return f"{reader.near(row.quiet_until)}, {name_of(row.quiet_by_id)}"


def _chart(look: Look, reader: Reader) -> dict[str, Any]:
    drawn = chart(queue_delays.delays_by_half_hour(), look.now, own_checks.LATE)
    here, out = look.waits
    times = [reader.time(look.now - timedelta(hours=hours)) for hours in (24, 18, 12, 6)]
    table = [(reader.time(at), said_here, said_out) for at, said_here, said_out in reversed(drawn.table)]
    return {"drawn": drawn, "here": here, "out": out, "times": times, "table": table}


def _card(card: HealthCard, look: Look, slug: str) -> dict[str, Any]:
    rows = [
        (part, _times(part, look), reverse(part.page, args=[slug]) if part.page else "", strip(part.minutes))
        for part in card.read(look)
    ]
    return {"title": card.title, "rows": rows, "url": reverse(card.page, args=[slug]) if card.page else ""}


def _times(part: Part, look: Look) -> list[tuple[str, str]]:
    return [(str(words), look.ago(at)) for words, at in part.times]


def _backups(look: Look, reader: Reader) -> dict[str, Any]:
    """The nights of two weeks, each with what is known of it, and the last ones."""
    known = look.backups
    tested = Backup.Kind.RESTORE
    by_day = {reader.long_day(row.at): "bad" if row.error else "" for row in known.nights}
    days = [look.now - timedelta(days=back) for back in reversed(range(NIGHTS))]
    nights = [(day.astimezone(reader.zone).day, by_day.get(reader.long_day(day))) for day in days]
    return {
        "nights": [(day, "bad" if mark == "bad" else "none" if mark is None else "") for day, mark in nights],
        "made": sum(mark == "" for _day, mark in nights),
        "last": known.last,
        "last_at": reader.near(known.last.at) if known.last else "",
        "failed_at": reader.near(known.failed.at) if known.failed else "",
        "restored": known.restored,
        "restored_at": reader.day(known.restored.at) if known.restored else "",
        "kind": tested,
    }


def _parked(one: Parked, look: Look, request: TenantRequest) -> tuple[Parked, str, str, list[acts.Button]]:
    url = reverse(one.page, args=[request.tenant.slug]) + one.query
    return one, look.ago(one.oldest), url, acts.buttons(one.acts, request.member)


def _switched(
    look: Look, reader: Reader, request: TenantRequest
) -> list[tuple[Switched, str, str, str, list[acts.Button]]]:
    found = [one for override in features.of(Override) for one in override.read(look)]
    return [
        (
            one,
            reader.near(one.since) if one.since else "",
            reader.near(one.until) if one.until else "",
            reverse(one.page, args=[request.tenant.slug]) if one.page else "",
            acts.buttons(one.acts, request.member),
        )
        for one in found
    ]
