"""OpenMatter: other open leads, conversations and follow-ups of the customer who is called."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url, visible_rows
from followups.models import FollowUp
from tickets.models import Ticket

# Of each kind; the customer's page has the rest.
MOST = 4


class OpenMatter(NamedTuple):
    """Something open of the same customer: its name, its page, who has it or when it is due, and its state."""

    name: str
    url: str
    note: str
    badge: str


def list_open_matters(follow_up: FollowUp, job: Job | None, member: Member, reader: Reader) -> list[OpenMatter]:
    """Return what else is open of the customer that the member may see. Three queries; none without a customer."""
    person_id = follow_up.person_id
    if follow_up.job_id:
        person_id = job.person_id if job else None
    if not person_id:
        return []
    slug = directory().tenant.slug
    jobs = visible_rows(Job, member).open().filter(person_id=person_id).exclude(pk=follow_up.job_id)
    tickets = visible_rows(Ticket, member).open().filter(person_id=person_id).exclude(pk=follow_up.ticket_id)
    planned = FollowUp.objects.visible_to(member).open().filter(person_id=person_id).exclude(pk=follow_up.pk)
    return [
        *(_job_matter(row, slug) for row in jobs.order_by("-pk")[:MOST]),
        *(_ticket_matter(row, reader, slug) for row in tickets.order_by("-pk")[:MOST]),
        *(_follow_up_matter(row, reader, slug) for row in planned.by_time()[:MOST]),
    ]


def _job_matter(job: Job, slug: str) -> OpenMatter:
    return OpenMatter(job.title, record_url(job, slug), f"#{job.number} · {_member_name(job.member_id)}", _("open"))


def _ticket_matter(ticket: Ticket, reader: Reader, slug: str) -> OpenMatter:
    name = ticket.subject or _("Conversation #%(number)s") % {"number": ticket.number}
    note = _member_name(ticket.member_id)
    badge = _("open")
    if ticket.waiting_since:
        values = {"day": reader.day(ticket.waiting_since), "name": note}
        note = _("waiting for our reply since %(day)s · %(name)s") % values
        badge = _("unanswered")
    return OpenMatter(name, record_url(ticket, slug), note, badge)


def _follow_up_matter(row: FollowUp, reader: Reader, slug: str) -> OpenMatter:
    due = _("no date")
    if row.due_at:
        due = reader.near(row.due_at)
    badge = ""
    if row.is_overdue(reader.now):
        badge = _("overdue")
    return OpenMatter(row.subject, record_url(row, slug), f"{due} · {_member_name(row.assignee_id)}", badge)


def _member_name(member_id: int | None) -> str:
    member = directory().members.get(member_id or 0)
    if member is None:
        return _("nobody has it")
    return member.name
