"""Describe an absence for the reader of a page: its days, who covers, and whether it has begun."""

from datetime import timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.jobs.models.assignment import Absence
from crm.web.reader import Reader
from crm.web.timeline.event_words import name_of


class AbsenceWords(NamedTuple):
    """An absence in words."""

    pk: int
    days: str
    note: str
    cover: str
    is_on: bool


def describe_absence(absence: Absence, reader: Reader) -> AbsenceWords:
    """Return an absence in words."""
    first = reader.long_day(absence.starts_at)
    if absence.ends_at is None:
        days = _("from %(first)s on") % {"first": first}
    else:
        # It ends at a midnight: the day before is the last one.
        last = reader.long_day(absence.ends_at - timedelta(seconds=1))
        if first == last:
            days = first
        else:
            days = _("%(first)s to %(last)s") % {"first": first, "last": last}
    return AbsenceWords(absence.pk, days, absence.note, name_of(absence.cover_id), absence.is_on(reader.now))
