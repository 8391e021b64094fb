"""Announce a new lead to the members who may take it, until it is taken or its first contact is made."""

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from crm.web.shell.announcements import MOST, News
from crm.web.shell.record_pages import record_url
from leads.assignment import SELL
from leads.models import FirstContact
from leads.response.first_contact import OPENED


def new_leads(member: Member) -> list[News]:
    """Return the newest of these leads, except those the member entered."""
    if not allows(member, "jobs.claim"):
        return []
    waiting = FirstContact.objects.filter(_theirs_to_take(member), contacted_at=None, due_at__gt=clock.now())
    seen = Job.objects.visible_to(member).open()
    rows = waiting.filter(job__in=seen).select_related("job").order_by("-opened_at", "-pk")[: 2 * MOST]
    jobs = [row.job for row in rows if _is_offered(row, member)]
    if not jobs:
        return []
    ids = [job.pk for job in jobs]
    entered = Event.objects.filter(kind=OPENED, subject_kind="jobs.job", subject_id__in=ids, actor=member)
    own = set(entered.values_list("subject_id", flat=True))
    return [_build_news(job) for job in jobs if job.pk not in own]


def _theirs_to_take(member: Member) -> Q:
    """Filter leads assigned to the member that they have not taken, and unassigned ones for sellers and managers."""
    assigned = Q(job__member=member, taken_at=None)
    if allows(member, SELL) or allows(member, "jobs.assign"):
        return assigned | Q(job__member=None)
    return assigned


def _is_offered(row: FirstContact, member: Member) -> bool:
    """True if the lead is announced to the member: one offered to a team is announced to that team only."""
    return row.job.member_id is not None or not row.offered_to or member.pk in row.offered_to


def _build_news(job: Job) -> News:
    slug = directory().tenant.slug
    if job.member_id:
        text = _("New lead for you:")
    else:
        text = _("New lead:")
    return News(f"{slug}-lead-{job.number}", text, job.title, record_url(job, slug))
