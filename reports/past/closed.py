"""Leads won and lost in the week that ended on a given day."""

from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.platform.models import Member
from crm.web.lists.counts import capped_counts
from leads.lead_list import LEADS
from reports.figures.condition import FigureCount
from reports.figures.days import ZonedDays
from reports.figures.measures import LOST, WON

WEEK = timedelta(days=6)


class ClosedLine(NamedTuple):
    """A number of leads, their outcome in words, and the link to their list."""

    number: str
    words: str
    url: str


def week_to(day: date) -> ZonedDays:
    """Return the seven days that end on this one."""
    return ZonedDays(day - WEEK, day)


def closed_by(day: date, member: Member, slug: str) -> list[ClosedLine]:
    """Count the leads won and lost within the week that the member may see. One statement."""
    words = {WON: _("won"), LOST: _("lost")}
    filters_by_measure = {
        measure: LEADS.filters(counted=str(FigureCount(measure, week_to(day))), closed="all") for measure in words
    }
    counts = capped_counts({measure: LEADS.apply(filters, member) for measure, filters in filters_by_measure.items()})
    page = LEADS.url("list", slug)
    return [
        ClosedLine(counts[measure], words[measure], page + filters.query())
        for measure, filters in filters_by_measure.items()
    ]
