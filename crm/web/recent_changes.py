"""Page of recent changes: undoable actions of the last day, one's own or everybody's, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.kernel import clock
from crm.platform import undo
from crm.platform.access.permissions import allows
from crm.platform.models import Change, ChangedRow, Event, Member
from crm.platform.organization.configuration import directory
from crm.web.actions.undo import UNDO_ALL
from crm.web.lists.paging import Order, read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from crm.web.timeline import event_words
from crm.web.timeline.event_words import EventSentence

NEWEST = Order(Change, "at", "id", down=True)


@dataclass(frozen=True)
class ChangeLine:
    """One line of the page. `name`: of the first changed row, blank if the reader may not see it."""

    change: Change
    who: str
    told: EventSentence
    at: str
    name: str
    url: str
    others: int


@require("undo.own")
@require_GET
def recent_changes(request: TenantRequest) -> HttpResponse:
    """List the undoable actions of the last day. `?whose=mine`: only the member's own, if others exist."""
    sees_all = allows(request.member, UNDO_ALL)
    mine = not sees_all or request.GET.get("whose") == "mine"
    changes = Change.objects.filter(at__gt=clock.now() - Change.POSSIBLE)
    page = read_page(changes.filter(member=request.member) if mine else changes, request.GET, NEWEST)
    context = {
        "acts": _change_lines(page.rows, request.member, request.tenant.slug),
        "page": page,
        "sees_all": sees_all,
        "mine": mine,
        "first_url": "?whose=mine" if mine and sees_all else "?",
    }
    return render(request, "web/recent_changes.html", context)


def _change_lines(changes: list[Change], member: Member, slug: str) -> list[ChangeLine]:
    counted = ChangedRow.objects.filter(change__in=changes).values("change_id", "model")
    rows = {row["change_id"]: row for row in counted.annotate(count=Count("pk"), first=Min("row_id"))}
    seen = _visible_first_rows(rows.values(), member)
    events = _first_events([change for change in changes if change.pk in rows], rows)
    reader = Reader.of(member, clock.now())
    members = directory().members
    acts = []
    for change in changes:
        if (row := rows.get(change.pk)) is None:
            continue
        first = seen.get((row["model"], row["first"]))
        acts.append(
            ChangeLine(
                change=change,
                who=members[change.member_id].name,
                told=_describe_change(change, row["count"], events.get(change.pk)),
                at=reader.near(change.at),
                name=first.undo_name if first else "",
                url=record_url(first, slug) if first else "",
                others=row["count"] - 1,
            )
        )
    return acts


def _visible_first_rows(rows: Iterable[dict[str, Any]], member: Member) -> dict[tuple[str, int], Any]:
    """Return the first row of each action, by model and id, if the member may see it."""
    ids: dict[str, set[int]] = {}
    for row in rows:
        ids.setdefault(row["model"], set()).add(row["first"])
    rows_by_key: dict[tuple[str, int], Any] = {}
    for label, few in ids.items():
        model = undo.undoable_model(label)
        visible = model.objects.visible_to(member).filter(pk__in=few).prefetch_related(*model.undo_named_with)
        rows_by_key |= {(label, one.pk): one for one in visible}
    return rows_by_key


def _first_events(changes: list[Change], rows: dict[int, dict[str, Any]]) -> dict[int, Event]:
    """Return the event of each action's first row, which describes the action; by action id."""
    if not changes:
        return {}
    subjects = {rows[change.pk]["first"] for change in changes}
    recorded = Event.objects.filter(
        subject_kind__in={row["model"] for row in rows.values()},
        subject_id__in=subjects,
        kind__in={change.kind for change in changes},
        at__gte=min(change.at for change in changes),
    ).order_by("-pk")
    by_act: dict[int, Event] = {}
    events = list(recorded)
    for change in changes:
        row = rows[change.pk]
        about = (change.kind, row["model"], row["first"], change.member_id)
        fitting = [one for one in events if (one.kind, one.subject_kind, one.subject_id, one.actor_id) == about]
        # The earliest since the act began.
        if since := [one for one in fitting if one.at >= change.at]:
            by_act[change.pk] = since[-1]
    return by_act


def _describe_change(change: Change, count: int, event: Event | None) -> EventSentence:
    sentence = event_words.describe_event(change.kind, event.data if event else {}, change.member_id)
    if count > 1 or event is None:
        return sentence._replace(words=event_words.describe_many(change.kind))
    return sentence
