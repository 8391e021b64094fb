"""Build the rows of the list: plain values from follow-ups, their jobs and the cached configuration."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.models import Job, Priority
from crm.jobs.models.visibility import limited_to
from crm.jobs.next_step.description import lateness
from crm.kernel import formats
from crm.people.models import ContactPoint
from crm.platform.models import AccessLog, Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.shell.record_pages import record_link
from followups.links.record_names import LinkedRecords
from followups.models import FollowUp, FollowUpOutcome, FollowUpSeries, FollowUpStatus
from followups.models.follow_up_row import UNDATED
from followups.models.kind_setup import kinds
from followups.recurrence.words import short_rule
from followups.time_choices import Bounds

PRIORITY_CSS: dict[int, str] = {
    Priority.URGENT: "high",
    Priority.HIGH: "high",
    Priority.NORMAL: "medium",
    Priority.LOW: "low",
}
# From here on a late one is red.
FAR = timedelta(days=2)


@dataclass(frozen=True)
class FollowUpListRow:
    """One follow-up as the list shows it."""

    follow_up: FollowUp
    icon: str
    kind: str
    # How long the type takes, as a rule.
    minutes: int
    due: str
    due_css: str
    about: str
    # What and for whom, where a button is heard without its row.
    spoken: str
    about_url: str
    number: int | None
    priority: str
    priority_css: str
    who: str
    state: str
    # The customer's number, to call or text; as one dials it and as one reads it.
    phone: str = ""
    phone_words: str = ""
    # Where the customer is written to; blank for who may not.
    write_url: str = ""
    # The ticket, appointment, document or property it is about, beside its lead or customer.
    record: str = ""
    record_url: str = ""
    # How often it repeats: "every 2 weeks".
    repeats: str = ""

    @property
    def is_open(self) -> bool:
        return self.follow_up.is_open


@dataclass
class FollowUpGroup:
    """The rows under one heading of the list, and their count on all pages."""

    key: str
    name: str
    count: str | None
    rows: list[FollowUpListRow] = field(default_factory=list)
    # The rows as HTML (row_html.py).
    body: str = ""


class FollowUpRowBuilder:
    """Builds rows for one reader; reads the jobs and the customers' numbers once each.

    `in_list`: with customers' numbers and rules of repetition, which only the list shows.
    """

    def __init__(
        self, request: TenantRequest, reader: Reader, found: Sequence[FollowUp], *, in_list: bool = True
    ) -> None:
        self.reader = reader
        self.members = directory().members
        self.jobs = _jobs_of(found)
        self.slug = request.tenant.slug
        self.leads = reverse("leads:list", args=[request.tenant.slug])
        self.member = request.member
        # Looked up once: a translation or a permission costs as much as a row's words.
        self.kinds = kinds()
        self.priorities = {one.value: str(one.label) for one in Priority}
        self.kind_labels = cache(lambda code: self.kinds.of(code).label)
        self.only_jobs_of = limited_to(self.member)
        self.write_prefix, self.write_suffix = _write_parts(self.member, self.slug)
        self.linked = LinkedRecords(found, request.member, self.slug)
        self.phones: dict[int, str] = {}
        self.repeats: dict[int, str] = {}
        if in_list:
            self.phones = self._phones(found)
            series = FollowUpSeries.objects.in_bulk({row.series_id for row in found if row.series_id})
            self.repeats = {pk: short_rule(row) for pk, row in series.items()}

    def row(self, follow_up: FollowUp) -> FollowUpListRow:
        """Build the row of a follow-up."""
        kind = self.kinds.of(follow_up.kind)
        job = self.jobs.get(follow_up.job_id or 0)
        due, css = self.due(follow_up)
        about, about_url = self._about_link(follow_up, job)
        record, record_url = self.linked.link(self.linked.record(follow_up))
        phone = ""
        if follow_up.is_open:
            phone = self.phones.get((job.person_id if job else follow_up.person_id) or 0, "")
        return FollowUpListRow(
            follow_up=follow_up,
            icon=kind.icon,
            kind=self.kind_labels(follow_up.kind),
            minutes=follow_up.minutes,
            due=due,
            due_css=css,
            about=about or record,
            spoken=" · ".join(filter(None, [follow_up.subject, job.title if job else about or record])),
            about_url=about_url or record_url,
            number=job.number if job and self._sees(job) else None,
            priority=self.priorities[follow_up.priority],
            priority_css=PRIORITY_CSS[follow_up.priority],
            who=self.members[follow_up.assignee_id].name if follow_up.assignee_id else "",
            state=self._state(follow_up),
            phone=phone,
            phone_words=formats.phone(phone, self.reader.country) if phone else "",
            write_url=self._write_url(follow_up, job) if follow_up.is_open else "",
            record=record if about else "",
            record_url=record_url if about else "",
            repeats=self.repeats.get(follow_up.series_id or 0, ""),
        )

    def _about_link(self, follow_up: FollowUp, job: Job | None) -> tuple[str, str]:
        """Return the name and URL of its lead, else of its customer, if the reader may see them."""
        if job is None:
            return self.linked.link(self.linked.person(follow_up))
        if self._sees(job):
            return self._about(job), f"{self.leads}{job.number}/"
        return self._about(job), ""

    def _write_url(self, follow_up: FollowUp, job: Job | None) -> str:
        if job is None:
            person = self.linked.person(follow_up)
            return record_link(person, "write", by=self.member, slug=self.slug) if person else ""
        if self.write_prefix and self._sees(job):
            return f"{self.write_prefix}{job.number}{self.write_suffix}"
        return ""

    def _phones(self, found: Sequence[FollowUp]) -> dict[int, str]:
        """Read the first number of each customer the reader may see, and record it in the access log."""
        open_rows = [row for row in found if row.is_open]
        called = [job for row in open_rows if (job := self.jobs.get(row.job_id or 0)) and self._sees(job)]
        customers = [person for row in open_rows if not row.job_id and (person := self.linked.person(row))]
        people = {job.person_id for job in called if job.person_id} | {person.pk for person in customers}
        if not people:
            return {}
        points = ContactPoint.objects.filter(person_id__in=people, kind=ContactPoint.PointKind.PHONE).order_by("-pk")
        phones = dict(points.values_list("person_id", "value"))
        AccessLog.objects.note_reads({job for job in called if job.person_id in phones}, by=self.member)
        AccessLog.objects.note_reads({person for person in customers if person.pk in phones}, by=self.member)
        return phones

    def _sees(self, job: Job) -> bool:
        """True if the reader may see the job: a follow-up may be assigned to a rep who does not."""
        return self.only_jobs_of is None or job.member_id in (self.only_jobs_of, None)

    def _about(self, job: Job) -> str:
        reader = self.reader
        if job.value is None or not self._sees(job):
            value = ""
        else:
            value = formats.money(job.value, job.currency, reader.country, reader.language)
        return " · ".join(part for part in (job.title, value) if part)

    def due(self, follow_up: FollowUp) -> tuple[str, str]:
        """Return the due time in words, and the level of its lateness: "2d" late, "3:00 PM", "Wed, 9:00 AM"."""
        at = follow_up.due_at
        reader = self.reader
        if at is None:
            return _("no date"), ""
        if follow_up.is_overdue(reader.now):
            return lateness(at, reader), "crit" if reader.now - at >= FAR else "late"
        if at.astimezone(reader.zone).date() == reader.today:
            return reader.time(at), ""
        return reader.near(at), ""

    def _state(self, follow_up: FollowUp) -> str:
        """Return the state in words if it is not the default: its outcome, or that it was started."""
        if follow_up.status == FollowUpStatus.COMPLETED:
            return str(FollowUpOutcome(follow_up.outcome).label)
        if follow_up.status == FollowUpStatus.PENDING:
            return ""
        return str(FollowUpStatus(follow_up.status).label)


def _write_parts(member: Member, slug: str) -> tuple[str, str]:
    """Return the URL of the composer of a job, before and after its number; blank for who may not write."""
    prefix, _number, suffix = record_link(Job(number=0), "write", by=member, slug=slug).rpartition("0")
    return prefix, suffix


def _jobs_of(follow_ups: Sequence[FollowUp]) -> dict[int, Job]:
    """Return the jobs of follow-ups by id; read if they were not joined."""
    job_field: Any = FollowUp._meta.get_field("job")
    with_job = [row for row in follow_ups if row.job_id]
    if all(job_field.is_cached(row) for row in with_job):
        return {row.job.pk: row.job for row in with_job if row.job}
    return Job.objects.in_bulk({row.job_id for row in with_job})


def group_by_time(
    found: Iterable[FollowUp], maker: FollowUpRowBuilder, bounds: Bounds, counts: Mapping[str, str]
) -> list[FollowUpGroup]:
    """Group open follow-ups by time: overdue, today, later this week, later, and those without a date."""
    kept: dict[str, FollowUpGroup] = {}
    for follow_up in found:
        key = _time_group(follow_up, bounds)
        if key not in kept:
            kept[key] = FollowUpGroup(key, _group_name(key), counts.get(key))
        kept[key].rows.append(maker.row(follow_up))
    return list(kept.values())


def _time_group(follow_up: FollowUp, bounds: Bounds) -> str:
    if not follow_up.is_open:
        return follow_up.status
    at = follow_up.sort_at
    if at < bounds.now:
        return "overdue"
    if at < bounds.day_end:
        return "today"
    if at < bounds.week_end:
        return "week"
    if at == UNDATED:
        return "undated"
    return "later"


def _group_name(key: str) -> str:
    names = {
        "overdue": _("Overdue"),
        "today": _("Today"),
        "week": _("Later this week"),
        "later": _("Later"),
        "undated": _("Without a date"),
    }
    if key in names:
        return names[key]
    return str(FollowUpStatus(key).label)
