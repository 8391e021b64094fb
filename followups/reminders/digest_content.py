"""Contents of a member's daily digest: what is overdue, then what is due today, the most urgent first."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.mail_bar import mail_bar
from crm.jobs.customers.customer_list import CUSTOMERS
from crm.jobs.models import Job, Priority
from crm.jobs.next_step.description import lateness
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.accounts.outbox import queue_mail
from crm.platform.models import Member, User
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.web.reader import Reader
from followups.models import FollowUp
from followups.models.kind_setup import kinds
from followups.neglect.models import Neglect

# Lines of a section; of more it says how many.
MOST = 25


class DigestLine(NamedTuple):
    """One follow-up in the digest."""

    subject: str
    kind: str
    due: str
    is_late: bool
    priority: str
    job: str
    status: str
    bar: SafeString
    url: str


class DigestSection(NamedTuple):
    """A heading, its lines, and how many more there are."""

    title: str
    lines: list[DigestLine]
    more: int


def mail_digest(member: Member) -> int:
    """Queue the digest of a member, in their language, unless it is empty; return how many follow-ups it lists."""
    user: User = User.objects.get(pk=member.user_id)
    organization = directory()
    with translation.override(user.language or member.language or organization.tenant.language):
        reader = Reader.of(member, clock.now())
        sections = list_sections(member, reader)
        count = sum(len(section.lines) + section.more for section in sections)
        if not count:
            return 0
        context = _build_context(member, reader, sections)
        subject = _subject(sections, reader)
        body = render_to_string("followups/reminders/digest.txt", context)
        html = render_to_string("followups/reminders/digest.html", context | {"subject": subject})
    queue_mail(to=user.email, subject=subject, body=body.strip(), html=html, user=user, tenant_id=required_tenant_id())
    return count


def list_sections(member: Member, reader: Reader) -> list[DigestSection]:
    """Return what is overdue and what is due today, without empty sections. Five queries."""
    tomorrow = datetime.combine(reader.today + timedelta(days=1), time(), reader.zone)
    mine = FollowUp.objects.open().filter(assignee=member).order_by("priority", "sort_at", "pk")
    overdue = mine.filter(sort_at__lt=reader.now)
    today = mine.filter(sort_at__gte=reader.now, sort_at__lt=tomorrow)
    listed = [(_("Overdue"), list(overdue[:MOST]), overdue), (_("Today"), list(today[:MOST]), today)]
    ids = {row.job_id for _title, rows, _all in listed for row in rows if row.job_id}
    jobs = Job.objects.visible_to(member).in_bulk(ids)
    return [
        DigestSection(title, [_build_line(row, jobs, reader) for row in rows], _count_more(rows, query))
        for title, rows, query in listed
        if rows
    ]


def count_neglected(member: Member) -> int:
    """Count the member's visible customers without contact for longer than planned. One query."""
    if not allows(member, CUSTOMERS.permission):
        return 0
    rows = Neglect.objects.lasting().visible_to(member)
    return int(rows.order_by().values("person_id").distinct().count())


def _count_more(rows: list[FollowUp], query: Any) -> int:
    if len(rows) < MOST:
        return 0
    return int(query.count()) - MOST


def _build_line(row: FollowUp, jobs: Mapping[int, Job], reader: Reader) -> DigestLine:
    organization = directory()
    job = jobs.get(row.job_id or 0)
    is_late = row.is_overdue(reader.now)
    assert row.due_at is not None
    due = reader.time(row.due_at)
    if is_late:
        due = _("%(time)s late") % {"time": lateness(row.due_at, reader)}
    priority = ""
    if row.priority < Priority.NORMAL:
        priority = str(Priority(row.priority).label)
    status = ""
    bar = SafeString("")
    if job:
        words = ClockWords(job, reader)
        bar = mail_bar(words)
        step = pipeline_setup().stages.get(job.stage_id or 0)
        status = ": ".join(filter(None, [step.name if step else "", words.sentence]))
    return DigestLine(
        subject=row.subject,
        kind=kinds().of(row.kind).label,
        due=due,
        is_late=is_late,
        priority=priority,
        job=job.title if job else "",
        status=status,
        bar=bar,
        url=settings.SITE_URL + reverse("followups:follow_up", args=[organization.tenant.slug, row.uid]),
    )


def _subject(sections: Iterable[DigestSection], reader: Reader) -> str:
    late = today = 0
    for section in sections:
        count = len(section.lines) + section.more
        if section.lines[0].is_late:
            late = count
        else:
            today = count
    parts = []
    if late:
        parts.append(ngettext("%(n)s overdue", "%(n)s overdue", late) % {"n": late})
    if today:
        parts.append(ngettext("%(n)s today", "%(n)s today", today) % {"n": today})
    return _("%(day)s: %(what)s") % {"day": reader.date(reader.today), "what": ", ".join(parts)}


def _build_context(member: Member, reader: Reader, sections: list[DigestSection]) -> dict[str, Any]:
    tenant = directory().tenant
    return {
        "neglected": count_neglected(member),
        "neglected_url": settings.SITE_URL + reverse("people:list", args=[tenant.slug]) + "?neglected=1",
        "member": member,
        "organization": tenant.name,
        "day": reader.date(reader.today),
        "sections": sections,
        "language": reader.language,
        "list_url": settings.SITE_URL + reverse("followups:list", args=[tenant.slug]),
        "settings_url": settings.SITE_URL + reverse("followups:reminders", args=[tenant.slug]),
    }
