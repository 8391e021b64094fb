"""Tell members of the work that was given to them, whatever it is: each by itself, of many at once by one notice."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from crm.platform.models import Event
from crm.web.notices.notify import Told, notify_all

# More than these given to one member at once are one notice.
MOST = 5


def tell_given(kind: str, model: Any, assigned: Sequence[Event]) -> None:
    """Tell of rows of a model, by the events that assigned them; of what was given on meanwhile the next one is told.

    The model has a `member_id`; the events have its row as their subject, and a member's id in `to`.
    """
    given: dict[tuple[int, int | None], list[Event]] = defaultdict(list)
    for event in assigned:
        if event.data.get("to"):
            given[event.data["to"], event.actor_id].append(event)
    told: list[Told] = []
    single: list[Event] = []
    for (member_id, by), events in given.items():
        if len(events) > MOST:
            last = events[-1]
            told.append(Told([member_id], f"event:{last.pk}", by=by, data={"count": len(events)}, at=last.at))
        else:
            single += events
    rows = model.objects.in_bulk([event.subject_id for event in single])
    told += [
        Told([row.member_id], f"event:{event.pk}", row, event.actor_id, at=event.at)
        for event in single
        if (row := rows.get(event.subject_id)) and row.member_id == event.data["to"]
    ]
    notify_all(kind, told)
