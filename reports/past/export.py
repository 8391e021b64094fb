"""The past list as a file: each lead as it was at the end of the day, and as it is now."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.jobs.bar.bar import Shape
from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.shapes import shapes
from crm.jobs.models import Job, JobState
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.days import EARLIEST_COUNTED, read_day
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.exports import Exportable, Row
from crm.web.reader import Reader
from reports.past.leads import PastLead, leads_at
from reports.past.rows import owner_of, reader_at, step_of
from reports.past.stays import LONGEST_FIRST, spanning


def close_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant a local day ends: the next midnight, also on days of a clock change."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def past_day(text: str, today: date) -> date:
    """Read the day from a query string: yesterday if missing, invalid, or not over yet."""
    yesterday = today - timedelta(days=1)
    day = read_day(text, earliest=EARLIEST_COUNTED)
    if day and day <= yesterday:
        return day
    return yesterday


def read_query(query: Any) -> tuple[datetime, int]:
    """Read a query string: the instant its day ended, and the place of a phase, 0 for all."""
    organization = directory()
    day = past_day(query.get("day", ""), clock.now().astimezone(organization.zone).date())
    phase = query.get("phase", "")
    phases = {str(place): place for place in range(1, len(pipeline_setup().phases) + 1)}
    return close_of(day, organization.zone), phases.get(phase, 0)


def ids(query: QueryDict, member: Member) -> Iterable[int]:
    """Return the ids of the stays, the longest first."""
    at, phase = read_query(query)
    keys: Iterable[int] = LONGEST_FIRST.of(spanning(at, member, phase)).values_list("pk", flat=True).iterator(20_000)
    return keys


def headings() -> list[str]:
    """Return the headings."""
    return [
        *(_("Number"), _("Lead"), _("Pipeline"), _("Phase"), _("Step"), _("Step entered"), _("Level"), _("Rep")),
        *(_("Now"), _("Reason"), _("Step now"), _("Rep now")),
    ]


def rows_of(query: QueryDict, pks: Sequence[int], member: Member) -> Iterator[Row]:
    """Return the rows of these stays."""
    at, phase = read_query(query)
    there = spanning(at, member, phase).in_bulk(pks)
    reader = reader_at(member, at)
    drawn = shapes()
    return (_build_row(lead, reader, drawn) for lead in leads_at([there[pk] for pk in pks if pk in there], at))


def _build_row(lead: PastLead, reader: Reader, drawn: dict[int, Shape]) -> Row:
    then = lead.then
    now = lead.now
    setup = pipeline_setup()
    place = setup.phase_of(then.stage_id)
    return [
        *(then.number, then.title, setup.pipelines[then.pipeline_id].name),
        *(setup.phases[place - 1].name if place else "", step_of(then), then.entered_at.astimezone(reader.zone)),
        *(level_words(then, reader), owner_of(then)),
        *(str(JobState(now.state).label), now.ended_reason, step_of(now), owner_of(now)),
    ]


def level_words(job: Job, reader: Reader) -> str:
    """Format the lateness: "1d 2h of 3d allowed."."""
    return ClockWords(job, reader).sentence


def none(pks: Sequence[int], member: Member) -> Iterator[Row]:
    """Return no rows, as without a day there are none."""
    return iter(())


PAST = Exportable(
    kind="past",
    label=_("Leads of a past day"),
    permission="reports.past",
    page="reports:past",
    ids=ids,
    headings=headings,
    rows=none,
    rows_of=rows_of,
)
