"""`expand_recurrence`: print the occurrences of a recurrence rule, one ISO instant a line."""

from argparse import ArgumentParser
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError

from libs.recurrence import MAX_COUNT, InvalidRule, expand_rule, parse_rule


class Command(BaseCommand):
    help = "Print the occurrences of an RFC 5545 recurrence rule, as follow-ups that repeat are planned."
    # It reads no database.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rule", required=True, metavar="RRULE", help="for example FREQ=WEEKLY;BYDAY=MO;COUNT=4")
        parser.add_argument("--start", required=True, metavar="ISO-LOCAL", help="the first time, on the zone’s clock")
        parser.add_argument("--zone", required=True, metavar="IANA", help="for example America/New_York")
        parser.add_argument("--count", required=True, metavar="N", help=f"how many at most, up to {MAX_COUNT}")
        parser.add_argument("--rdate", action="append", default=[], metavar="ISO-LOCAL", help="a time to add")
        parser.add_argument("--exdate", action="append", default=[], metavar="ISO-LOCAL", help="a time to leave out")

    def handle(self, *args: Any, rule: str, start: str, zone: str, count: str, **options: Any) -> None:
        clock_zone = _read_zone(zone)
        added = [_read_local(text, clock_zone) for text in options["rdate"]]
        excluded = [_read_local(text, clock_zone) for text in options["exdate"]]
        most = _read_count(count)
        try:
            parsed = parse_rule(rule)
        except InvalidRule as why:
            raise CommandError(str(why)) from why
        occurrences = expand_rule(parsed, _read_local(start, clock_zone), clock_zone, added=added, excluded=excluded)
        for instant in islice(occurrences, most):
            self.stdout.write(instant.isoformat())


def _read_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise CommandError(f"“{name}” is not a time zone. Write one as America/New_York.") from error


def _read_local(text: str, zone: ZoneInfo) -> datetime:
    """Return the local time of a text; one with an offset is that instant on the zone's clock."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not 1000 <= moment.year <= 9000:
        raise CommandError(f"“{text}” is not a time. Write one as 2026-03-16T15:30.")
    return moment.replace(microsecond=0, fold=0)


def _read_count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= MAX_COUNT):
        raise CommandError(f"--count is a whole number from 1 to {MAX_COUNT}.")
    return int(text)
