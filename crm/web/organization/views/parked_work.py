"""Parked work: jobs that failed five times, and stuck mail to colleagues, each with a Replay button."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from crm.kernel.whole_numbers import read_number
from crm.platform.accounts import outbox
from crm.platform.database import claims
from crm.platform.events import events
from crm.platform.models import Due, Event, StaffMail, Undispatched
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from crm.web.settings.times import format_when

SHOWN = 200
QUEUES: dict[str, type[Due] | type[Undispatched]] = {"due": Due, "event": Undispatched}


Work = Due | Undispatched | StaffMail


class ParkedLine(NamedTuple):
    """One line of the page."""

    queue: str
    pk: int
    kind: str
    since: datetime
    when: str
    attempts: int
    error: str


@settings_page("parked", "work.replay", "web/parked.html")
def listing(request: TenantRequest) -> Context:
    """List what is parked in this tenant, oldest first, at most 200 of each kind."""
    lines = _due_lines(request) + _event_lines(request) + _mail_lines(request)
    lines.sort(key=lambda line: line.since)
    return {"lines": lines}


@listing.action()
def replay(request: TenantRequest) -> str:
    """Replay one parked row. Does nothing if it is already running."""
    queue, pk = request.POST.get("queue", ""), read_number(request.POST.get("id")) or 0
    row = _stuck_mail().filter(pk=pk).first() if queue == "mail" else _find_row(request, queue, pk)
    if row is None:
        raise Http404
    if row.run_at is None:
        if isinstance(row, StaffMail):
            outbox.send_again(row)
        else:
            claims.replay_parked(type(row), row.pk)
        events.record("work.replayed", subject=row, by=request.member)
    return _("It will run again within a minute.")


def _find_row(request: TenantRequest, queue: str, pk: int) -> Due | Undispatched | None:
    model = QUEUES.get(queue)
    if model:
        return model._default_manager.filter(pk=pk, tenant_id=request.tenant.pk).first()
    return None


def _stuck_mail() -> QuerySet[StaffMail]:
    return outbox.stuck_mail(member.user_id for member in directory().members.values())


def _mail_lines(request: TenantRequest) -> list[ParkedLine]:
    rows = _stuck_mail().order_by("pk")[:SHOWN]
    return [_build_line(request, "mail", row, f"mail.{row.state}", row.created_at) for row in rows]


def _due_lines(request: TenantRequest) -> list[ParkedLine]:
    rows = Due.objects.filter(tenant_id=request.tenant.pk, run_at=None).order_by("due_at")[:SHOWN]
    return [_build_line(request, "due", row, row.kind, row.due_at) for row in rows]


def _event_lines(request: TenantRequest) -> list[ParkedLine]:
    rows = list(Undispatched.objects.filter(tenant_id=request.tenant.pk, run_at=None).order_by("pk")[:SHOWN])
    events_by_id = Event.objects.in_bulk([row.event_id for row in rows])
    return [
        _build_line(request, "event", row, events_by_id[row.event_id].kind, events_by_id[row.event_id].at)
        for row in rows
    ]


def _build_line(request: TenantRequest, queue: str, row: Work, kind: str, since: datetime) -> ParkedLine:
    return ParkedLine(queue, row.pk, kind, since, format_when(request, since), row.attempts, row.last_error)
