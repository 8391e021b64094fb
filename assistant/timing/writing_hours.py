"""The hours of the day in which a customer writes, where too few calls are known. Pure but for the words."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from assistant.timing.hour_table import HOURS, SPAN
from crm.kernel import formats
from crm.web.reader import Reader

# Messages in all before hours are named; at least half of them fall into the named span.
LEAST = 3


def find_writing_hours(written: Sequence[datetime], zone: ZoneInfo) -> tuple[int, int] | None:
    """Return the first hour of the two in which at least half of the messages came, and how many came then."""
    if len(written) < LEAST:
        return None
    hours = [at.astimezone(zone).hour for at in written]
    spans = [(sum(first <= hour < first + SPAN for hour in hours), first) for first in range(HOURS - SPAN + 1)]
    count, first = max(spans)
    if 2 * count < len(written):
        return None
    return first, count


def writing_sentence(written: Sequence[datetime], zone: ZoneInfo, reader: Reader) -> str:
    """Return when a customer mostly writes, by their clock; blank if there is too little to say."""
    hours = find_writing_hours(written, zone)
    if hours is None:
        return ""
    first, count = hours
    day = datetime.combine(reader.today, datetime.min.time(), reader.zone)
    ends = [
        formats.clock_time(day.replace(hour=hour % HOURS), reader.zone, reader.country, reader.language)
        for hour in (first, first + SPAN)
    ]
    values = {"hours": "–".join(ends), "count": count, "total": len(written)}
    return _("Writes mostly %(hours)s (%(count)s of %(total)s messages).") % values
