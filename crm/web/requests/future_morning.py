"""Parse the future day until which a member sets something aside."""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from crm.kernel.days import parse_typed_day
from crm.kernel.refusal import Refused
from crm.web.reader import Reader

MORNING = time(8)


def parse_future_morning(text: str, reader: Reader, *, farthest: timedelta) -> datetime | None:
    """Return the morning of the chosen day in the reader's time zone; None for an open end. Raises Refused."""
    day = parse_typed_day(text)
    if day is None:
        return None
    if not reader.today < day <= reader.today + farthest:
        raise Refused(_("Choose a day in the future."))
    return datetime.combine(day, MORNING, reader.zone)
