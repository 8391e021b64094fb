"""Notify members of rows assigned to them: one notice each, or one notice for many assigned at once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from crm.platform.models import Event
from crm.web.notices.notify import NoticeDraft, notify_all

# More than these given to one member at once are one notice.
MOST = 5


def notify_assigned(kind: str, model: Any, assigned: Sequence[Event]) -> None:
    """Notify members of rows assigned to them by these events; rows that were reassigned since are left out.

    The model has a `member_id`; the events have its row as their subject, and a member's id in `to`.
    """
    by_member: dict[tuple[int, int | None], list[Event]] = defaultdict(list)
    for event in assigned:
        if event.data.get("to"):
            by_member[event.data["to"], event.actor_id].append(event)
    drafts: list[NoticeDraft] = []
    single: list[Event] = []
    for (member_id, by), events in by_member.items():
        if len(events) > MOST:
            last = events[-1]
            drafts.append(NoticeDraft([member_id], f"event:{last.pk}", by=by, data={"count": len(events)}, at=last.at))
        else:
            single += events
    rows = model.objects.in_bulk([event.subject_id for event in single])
    drafts += [
        NoticeDraft([row.member_id], f"event:{event.pk}", row, event.actor_id, at=event.at)
        for event in single
        if (row := rows.get(event.subject_id)) and row.member_id == event.data["to"]
    ]
    notify_all(kind, drafts)
