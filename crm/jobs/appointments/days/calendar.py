"""The context of the calendar's three views: a day with members across, a week with their load, a month."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from crm.jobs.appointments.availability import open_hours
from crm.jobs.appointments.days.day_grid import Block, gaps, lay_out, shown_hours
from crm.jobs.appointments.days.reading import Asked, Taken, columns, midnight, read
from crm.jobs.models.appointments.queryset import LIVE
from crm.kernel import formats
from crm.platform.models import Member
from crm.web.reader import Reader

# A gap shorter than this is not offered.
LEAST = timedelta(minutes=30)
# Of a day in the month so many are named.
NAMED = 3


@dataclass(frozen=True)
class Column:
    """A member's day."""

    member: Member
    number: int
    blocks: list[Block]
    count: int


@dataclass(frozen=True)
class Cell:
    """A day of a member in the week, or of all in the month."""

    day: date
    is_today: bool
    rows: list[Any]
    more: int = 0
    load: int | None = None
    is_outside: bool = False


def context(asked: Asked, reader: Reader, viewer: Member, focus: int | None = None) -> dict[str, Any]:
    """Return what the page of a view shows. `focus`: whose day a phone shows; the viewer's, unless given."""
    rows, taken = read(asked, reader, viewer)
    shown, hidden = columns(asked, taken, viewer)
    live = [row for row in rows if row.state != "cancelled"]
    here: dict[str, Any] = {"members": shown, "hidden": hidden, "count": len(live), "rows": rows}
    here["other_zones"] = any(_differs(row, reader) for row in live)
    if asked.view == "day":
        return here | _day(asked, reader, shown, taken, focus or viewer.pk)
    if asked.view == "week":
        return here | {"lines": [_line(one, asked, reader, taken) for one in shown], "heads": _heads(asked, reader)}
    return here | {"weeks": _weeks(asked, reader, live, taken), "heads": _heads(asked, reader)[:7]}


def _differs(row: Any, reader: Reader) -> bool:
    return reader.time(row.starts_at) != formats.clock_time(row.starts_at, row.zone, reader.country, reader.language)


def _day(asked: Asked, reader: Reader, shown: list[Member], taken: list[Taken], focus: int) -> dict[str, Any]:
    first, last = (midnight(asked.day + timedelta(days=more), reader.zone) for more in (0, 1))
    open_ = {member.pk: open_hours(member.pk, first, last) for member in shown}
    whole = [stretch for stretches in open_.values() for stretch in stretches]
    whole += [(one.begins, one.ends) for one in taken]
    begins, quarters = shown_hours(first, whole)
    found = [
        Column(member, at, _blocks(member, open_[member.pk], taken, begins, quarters, reader), _count(member, taken))
        for at, member in enumerate(shown, 2)
    ]
    own = next(
        (one for one in found if one.member.pk == (asked.member.pk if asked.member else focus)),
        found[0] if found else None,
    )
    now = (reader.now - begins) // timedelta(minutes=15) + 1 if first <= reader.now < last else 0
    return {
        "columns": found,
        "quarters": quarters,
        "hours": [(reader.time(begins + timedelta(hours=at)), at * 4 + 1) for at in range(quarters // 4)],
        "own": own,
        "agenda": [one for one in own.blocks if one.kind != "off"] if own else [],
        "now_row": now if 0 < now <= quarters else 0,
    }


def _count(member: Member, taken: Sequence[Taken]) -> int:
    """Count a member's appointments as the page does: no other time that is held, nothing the reader may not see."""
    mine = (one for one in taken if one.member_id == member.pk and one.appointment and not one.is_offered)
    return sum(1 for one in mine if _is_held(one.appointment))


def _is_held(row: Any) -> bool:
    return row.state != "cancelled"


def _blocks(
    member: Member,
    open_: list[tuple[datetime, datetime]],
    taken: Sequence[Taken],
    begins: datetime,
    quarters: int,
    reader: Reader,
) -> list[Block]:
    ends = begins + timedelta(minutes=15 * quarters)
    own = [one for one in taken if one.member_id == member.pk and (not one.appointment or _is_held(one.appointment))]
    parts: list[tuple[str, datetime, datetime, Any]] = []
    for one in own:
        kind = "held" if one.is_offered else "slot" if one.appointment else "busy"
        parts.append((kind, one.begins, one.ends, one.appointment))
        if one.busy_until > one.ends:
            parts.append(("drive", one.ends, one.busy_until, int((one.busy_until - one.ends).total_seconds() // 60)))
    busy = [(one.begins, one.busy_until) for one in own if not one.appointment or one.appointment.state in LIVE]
    later = [(max(first, reader.now), last) for first, last in open_ if last > reader.now]
    parts += [("free", first, last, None) for first, last in gaps(later, busy, LEAST)]
    held = [(one.begins, one.busy_until) for one in own]
    parts += [("off", first, last, None) for first, last in gaps([(begins, ends)], [*open_, *held], LEAST)]
    return lay_out(begins, quarters, sorted(parts, key=lambda part: part[1]))


def _heads(asked: Asked, reader: Reader) -> list[tuple[date, str, bool]]:
    return [(day, formats.weekday(day), day == reader.today) for day in asked.days()]


def _line(member: Member, asked: Asked, reader: Reader, taken: Sequence[Taken]) -> tuple[Member, list[Cell]]:
    mine: dict[date, list[Taken]] = defaultdict(list)
    for one in taken:
        if one.member_id == member.pk and (not one.appointment or _is_held(one.appointment)):
            mine[one.begins.astimezone(reader.zone).date()].append(one)
    return member, [_week_cell(member, day, mine[day], reader) for day in asked.days()]


def _week_cell(member: Member, day: date, mine: list[Taken], reader: Reader) -> Cell:
    first, last = (midnight(day + timedelta(days=more), reader.zone) for more in (0, 1))
    minutes = sum((ends - begins).total_seconds() for begins, ends in open_hours(member.pk, first, last))
    booked = sum((one.busy_until - one.begins).total_seconds() for one in mine)
    load = min(100, round(100 * booked / minutes)) if minutes else None
    rows = [one for one in mine if one.appointment]
    return Cell(day, day == reader.today, rows[:NAMED], len(mine) - len(rows[:NAMED]), load)


def _weeks(asked: Asked, reader: Reader, rows: list[Any], taken: Sequence[Taken]) -> list[list[Cell]]:
    by_day: dict[date, list[Taken]] = defaultdict(list)
    shown = [Taken(0, row.starts_at, row.ends_at, row.ends_at, row) for row in rows]
    # Another time that is held stands once, however many would come.
    shown += {one.appointment.pk: one for one in taken if one.is_offered and one.appointment}.values()
    for one in sorted(shown, key=lambda one: one.begins):
        by_day[one.begins.astimezone(reader.zone).date()].append(one)
    cells = [
        Cell(
            day,
            day == reader.today,
            by_day[day][:NAMED],
            max(0, len(by_day[day]) - NAMED),
            is_outside=day.month != asked.day.month,
        )
        for day in asked.days()
    ]
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]
