"""Parse the calendar entry of an email, in whichever part it is.

The file is cut into its blocks by lines first: `icalendar` sees the named properties of one entry alone, never a rule
of repetition or a described time zone, which it would expand without end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from icalendar import Event

from libs.inbound_mail.calendar.event import CalendarEvent, Guest
from libs.inbound_mail.calendar.zones import Observance, observances, zone_of
from libs.inbound_mail.message import Mail, MailAddress, MailPart

CALENDAR_TYPES = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
METHODS = frozenset("REQUEST REPLY COUNTER CANCEL PUBLISH ADD REFRESH DECLINECOUNTER".split())
# So much of a file is read, so long is a line, so many lines has an entry and so many guests are kept.
_MOST_BYTES = 2_000_000
_LONGEST_LINE = 20_000
_MOST_LINES = 500
MOST_GUESTS = 100
_LONGEST = {"summary": 300, "location": 500, "description": 20_000, "comment": 2_000, "uid": 500}
_READ = frozenset(
    "UID SEQUENCE SUMMARY LOCATION DESCRIPTION COMMENT DTSTART DTEND DURATION ORGANIZER ATTENDEE STATUS "
    "RECURRENCE-ID".split()
)
_REPEATS = frozenset({"RRULE", "RDATE"})
_FOLD = re.compile(r"\r?\n[ \t]")
_ZONE = re.compile(r';TZID=("[^"\n]{0,200}"|[^;:\n]{0,200})', re.IGNORECASE)
_CALENDAR_BEGINS = b"BEGIN:VCALENDAR"
_INSTANT = timedelta(hours=1)


@dataclass(slots=True)
class _File:
    """The blocks of a calendar file, by lines."""

    method: str = ""
    usual_zone: str = ""
    zones: dict[str, list[Observance]] = field(default_factory=dict)
    entries: list[list[str]] = field(default_factory=list)


def read_calendar(mail: Mail, zone: tzinfo) -> CalendarEvent | None:
    """Return the calendar entry of an email; None if it has no readable one.

    `zone`: ours, by which times without a zone are read.
    """
    for part in sorted(mail.attachments, key=lambda part: part.type not in CALENDAR_TYPES):
        if _is_calendar(part) and (event := read_file(part.content, part.method, zone)):
            return event
    return None


def read_file(content: bytes, method: str, zone: tzinfo) -> CalendarEvent | None:
    """Return the entry of a calendar file. `method`: of its Content-Type, if the file names none."""
    text = content[:_MOST_BYTES].decode("utf-8-sig", "replace").replace("\0", "")
    file = _read_lines(_FOLD.sub("", text))
    entry = next((lines for lines in file.entries if not _has_property(lines, "RECURRENCE-ID")), None)
    entry = entry or next(iter(file.entries), None)
    if entry is None:
        return None
    named = (file.method or method).strip().upper()
    return _read_event(entry, file, named if named in METHODS else "", zone)


def _is_calendar(part: MailPart) -> bool:
    is_named = part.type in CALENDAR_TYPES or part.name.lower().endswith((".ics", ".ical", ".vcs"))
    return is_named and _CALENDAR_BEGINS in part.content[:2_000].upper()


def _read_lines(text: str) -> _File:
    """Group the lines of a file by block, without nested ones such as alarms."""
    file = _File()
    blocks = list[str]()
    zone_name = ""
    observed = list[list[tuple[str, str]]]()
    for line in text.replace("\r\n", "\n").split("\n"):
        name, value = _name_and_value(line)
        if name == "BEGIN":
            blocks.append(value.strip().upper())
            if blocks[-1] == "VEVENT":
                file.entries.append([])
            elif blocks[-1] in ("STANDARD", "DAYLIGHT"):
                observed.append([])
        elif name == "END":
            if blocks and blocks.pop() == "VTIMEZONE":
                file.zones[zone_name], zone_name, observed = observances(observed[:20]), "", []
        elif blocks[-1:] == ["VEVENT"] and len(file.entries[-1]) < _MOST_LINES and name in _READ | _REPEATS:
            file.entries[-1].append(line[:_LONGEST_LINE])
        elif blocks[-1:] == ["VCALENDAR"] and name == "METHOD":
            file.method = value
        elif blocks[-1:] == ["VCALENDAR"] and name == "X-WR-TIMEZONE":
            file.usual_zone = value
        elif blocks[-1:] == ["VTIMEZONE"] and name == "TZID":
            zone_name = value.strip()
        elif blocks[-1:] in (["STANDARD"], ["DAYLIGHT"]):
            observed[-1].append((name, value.strip()))
    return file


def _name_and_value(line: str) -> tuple[str, str]:
    """Return the name of a property without its parameters, and its value."""
    head, _colon, value = line[:_LONGEST_LINE].partition(":")
    return head.partition(";")[0].strip().upper(), value


def _has_property(lines: list[str], *names: str) -> bool:
    return any(_name_and_value(line)[0] in names for line in lines)


def _read_event(lines: list[str], file: _File, method: str, zone: tzinfo) -> CalendarEvent | None:
    zone_name = next(
        (zone_match[1].strip('"') for zone_match in map(_ZONE.search, _lines_named(lines, "DTSTART")) if zone_match), ""
    )
    kept = [_ZONE.sub("", line) if _name_and_value(line)[0].startswith("DT") else line for line in lines]
    kept = [line for line in kept if _name_and_value(line)[0] not in _REPEATS]
    try:
        event = Event.from_ical("\r\n".join(["BEGIN:VEVENT", *kept, "END:VEVENT"]))
        uid = _text_value(event, "uid")
        guests = _guests_of(event)
    # A damaged file may raise anything in a parser.
    except Exception:
        return None
    if not uid:
        return None
    times = _Times(event, zone_name or file.usual_zone, file, zone)
    return CalendarEvent(
        method=method,
        uid=uid,
        sequence=_sequence_number(event),
        summary=_text_value(event, "summary"),
        location=_text_value(event, "location"),
        description=_text_value(event, "description"),
        comment=_text_value(event, "comment"),
        starts_at=times.start,
        ends_at=times.end,
        is_all_day=times.is_all_day,
        zone=(zone_name or file.usual_zone)[:100],
        is_zone_known=times.is_zone_known,
        repeats=_has_property(lines, *_REPEATS),
        organizer=next(iter(_addresses_of(event, "organizer")), None),
        guests=guests,
        others=len({_uid_of(entry) for entry in file.entries} - {_uid_of(lines)}),
    )


def _lines_named(lines: list[str], name: str) -> Iterator[str]:
    return (line for line in lines if _name_and_value(line)[0] == name)


def _uid_of(lines: list[str]) -> str:
    return next((_name_and_value(line)[1] for line in lines if _name_and_value(line)[0] == "UID"), "")


class _Times:
    """The start and end of an entry as instants."""

    def __init__(self, event: Event, zone_name: str, file: _File, ours: tzinfo) -> None:
        begin = _date_or_time(event, "dtstart")
        end = _date_or_time(event, "dtend")
        self.is_all_day = begin is not None and not isinstance(begin, datetime)
        if isinstance(begin, datetime):
            local = begin
        else:
            local = datetime.combine(begin or date(2000, 1, 1), time())
        named_zone = None
        if zone_name:
            named_zone = zone_of(zone_name, file.zones.get(zone_name, ()), local.replace(tzinfo=None))
        self.is_zone_known = bool(named_zone or not zone_name or self.is_all_day or local.tzinfo)
        self.zone = named_zone or ours
        self.start = self._to_instant(begin)
        self.end = self._to_instant(end) or self._end_of(event)

    def _to_instant(self, at: date | None) -> datetime | None:
        """Return the instant of a date or time; None if out of range."""
        if at is None:
            return None
        try:
            if not isinstance(at, datetime):
                return datetime.combine(at, time(), UTC)
            if self.is_all_day:
                return datetime.combine(at.date(), time(), UTC)
            return (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(UTC)
        except (OverflowError, ValueError):
            return None

    def _end_of(self, event: Event) -> datetime | None:
        """Return the end by its duration; by default the end of the day, or an hour later."""
        length = _decoded_value(event, "duration")
        if not isinstance(length, timedelta) or length <= timedelta():
            if self.is_all_day:
                length = timedelta(days=1)
            else:
                length = _INSTANT
        try:
            if self.start:
                return self.start + length
            return None
        except OverflowError:
            return None


def _decoded_value(event: Event, name: str) -> object:
    value = event.get(name)
    if isinstance(value, list) and value:
        value = value[0]
    return getattr(value, "dt", None)


def _date_or_time(event: Event, name: str) -> date | None:
    moment = _decoded_value(event, name)
    if isinstance(moment, date):
        return moment
    return None


def _text_value(event: Event, name: str) -> str:
    value = event.get(name, "")
    if isinstance(value, list) and value:
        value = value[0]
    return str(value).replace("\r\n", "\n").strip()[: _LONGEST[name]]


def _sequence_number(event: Event) -> int:
    try:
        return min(max(int(event.get("sequence", 0)), 0), 2_000_000_000)
    except (TypeError, ValueError):
        return 0


def _addresses_of(event: Event, name: str) -> list[MailAddress]:
    return [_parse_address(value) for value in _values_of(event, name)]


def _guests_of(event: Event) -> tuple[Guest, ...]:
    values = _values_of(event, "attendee")[:MOST_GUESTS]
    return tuple(Guest(_parse_address(value), str(value.params.get("PARTSTAT", "")).upper()[:20]) for value in values)


def _values_of(event: Event, name: str) -> list[Any]:
    values = event.get(name, [])
    return [value for value in (values if isinstance(values, list) else [values]) if hasattr(value, "params")]


def _parse_address(value: object) -> MailAddress:
    written = str(value)
    address = ""
    if written[:7].lower() == "mailto:":
        address = written[7:]
    named: str = ""
    if hasattr(value, "params"):
        named = str(value.params.get("CN", ""))
    email_parameter = ""
    if hasattr(value, "params"):
        email_parameter = str(value.params.get("EMAIL", ""))
    return MailAddress(" ".join(named.split())[:200], (address or email_parameter).strip().lower()[:254])
