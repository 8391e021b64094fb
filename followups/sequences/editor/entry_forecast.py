"""EntryForecast: the leads that would enter a sequence now, when each would get the first message, and who may not."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.urls import reverse

from crm.jobs.models import Job
from crm.kernel import formats
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from followups.sequences.editor.entry_rules import present_leads
from followups.sequences.editor.walk_through import WalkLine, first_messages
from followups.sequences.enrolling import EntryPreview, EntryRefusal, preview_entry
from followups.sequences.models import Enrolment, EnrolmentEntry, Sequence
from followups.sequences.setup import read_version

# Leads shown with the time of their first message.
SHOWN = 3
MOST_NAMES = 3
# In the filter of the list (entry_filter.py): those who would enter.
ENTERS = "in"


class ForecastLine(NamedTuple):
    """A lead that would enter."""

    name: str
    url: str
    when: str
    note: str


@dataclass(frozen=True)
class RefusedGroup:
    """Leads that may not enter for one reason; `holder`: the sequence that holds their customers."""

    count: int
    reason: str
    # The list of these leads.
    url: str
    names: list[tuple[str, str]]
    holder: Sequence | None


@dataclass(frozen=True)
class EntryForecast:
    """Who would enter now, and who would not."""

    count: int = 0
    first: str = ""
    lines: list[ForecastLine] = field(default_factory=list)
    refused: list[RefusedGroup] = field(default_factory=list)
    numbers: str = ""
    # The list of those who would enter.
    url: str = ""

    @property
    def more(self) -> int:
        """How many would enter besides those shown."""
        return self.count - len(self.lines)

    @property
    def refused_count(self) -> int:
        return sum(group.count for group in self.refused)


def forecast_entry(sequence: Sequence, member: Member, reader: Reader, slug: str) -> EntryForecast:
    """Return who would enter now by the sequence's triggers, limited to the leads a member sees."""
    return forecast_of(sequence, _new_leads(sequence, member, slug), reader, slug, EnrolmentEntry.RULE)


def preview_entry_by_triggers(sequence: Sequence, member: Member, slug: str) -> EntryPreview:
    """Return the leads that would enter now by the sequence's triggers, and those that may not."""
    return preview_entry(sequence, _new_leads(sequence, member, slug), entry=EnrolmentEntry.RULE)


def _new_leads(sequence: Sequence, member: Member, slug: str) -> list[Job]:
    """Return the leads for which a trigger of the sequence holds, except those in it."""
    jobs = present_leads(sequence, member, slug)
    inside = Enrolment.objects.inside().filter(sequence=sequence).of_jobs([job.pk for job in jobs])
    already = set(inside.values_list("job_id", flat=True))
    return [job for job in jobs if job.pk not in already]


def forecast_of(sequence: Sequence, jobs: list[Job], reader: Reader, slug: str, entry: str) -> EntryForecast:
    """Return which of some leads would enter a sequence now."""
    assert sequence.version is not None, "a sequence is added with a version"
    preview = preview_entry(sequence, jobs, entry=entry)
    samples = preview.jobs[:SHOWN]
    messages = first_messages(read_version(sequence.version), samples, reader.now)
    samples.sort(key=lambda job: _time_of(messages.get(job.pk), reader.now))
    first = next((messages[job.pk] for job in samples if job.pk in messages), None)
    return EntryForecast(
        len(preview.jobs),
        _line_time(first, reader),
        [_forecast_line(job, messages.get(job.pk), reader, slug) for job in samples],
        _refused_groups(sequence, preview.refused, slug),
        ",".join(str(job.number) for job in preview.jobs),
        _list_url(sequence, ENTERS, slug),
    )


def _time_of(line: WalkLine | None, now: datetime) -> datetime:
    if line:
        return line.at
    return now


def _line_time(line: WalkLine | None, reader: Reader) -> str:
    if line is None:
        return ""
    return reader.near(line.at)


def _forecast_line(job: Job, line: WalkLine | None, reader: Reader, slug: str) -> ForecastLine:
    notes = []
    if job.value:
        notes.append(formats.money(job.value, job.currency, reader.country, reader.language))
    if line and line.note:
        notes.append(line.note)
    return ForecastLine(job.title, record_url(job, slug), _line_time(line, reader), " · ".join(notes))


def _list_url(sequence: Sequence, part: str, slug: str) -> str:
    """Return the address of the list of leads that would enter by the triggers, or may not for a reason."""
    return f"{reverse('leads:list', args=[slug])}?closed=all&enters={sequence.pk}.{part}"


def _refused_groups(sequence: Sequence, refused: list[EntryRefusal], slug: str) -> list[RefusedGroup]:
    """Return the refusals by reason, the most frequent first."""
    ordered = sorted(refused, key=lambda one: one.key)
    groups = []
    for key, ones in groupby(ordered, key=lambda one: one.key):
        those = list(ones)
        names = [(one.job.title, record_url(one.job, slug)) for one in those[:MOST_NAMES]]
        groups.append(RefusedGroup(len(those), those[0].reason, _list_url(sequence, key, slug), names, those[0].holder))
    return sorted(groups, key=lambda group: -group.count)
