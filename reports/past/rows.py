"""The rows of the past list: those of the lead list, read-only, with the lead's present state."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.jobs.list.rows import LeadRowMaker, html
from crm.jobs.models import Job, JobState
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from reports.past.leads import PastLead


def reader_at(member: Member, at: datetime) -> Reader:
    """Return a reader at the last second of a day, so that "today" is that day."""
    return Reader.of(member, at - timedelta(seconds=1))


def rows_html(leads: Iterable[PastLead], slug: str, reader: Reader) -> SafeString:
    """Render the rows without actions; the next-step column has the lead's present state."""
    maker = LeadRowMaker(slug, reader, with_owner=True, columns=("next",))
    rows = []
    for lead in leads:
        row = maker.row(lead.then)
        row.to = row.to_name = row.step_url = row.step_icon = row.step_css = ""
        row.step = now_words(lead)
        rows.append(html(row))
    return mark_safe("".join(rows))  # noqa: S308 - html() escapes what people typed


def now_words(lead: PastLead) -> str:
    """Describe the present state of a lead: "Lost · too dear", "Quote sent · Dana Whitfield", "the same"."""
    now = lead.now
    parts = [_step_words(now) if _has_moved(lead) else ""]
    if now.state == JobState.OPEN and now.member_id != lead.then.member_id:
        parts.append(owner_of(now))
    return " · ".join(filter(None, parts)) or _("the same")


def _has_moved(lead: PastLead) -> bool:
    return lead.now.state != JobState.OPEN or lead.now.stage_id != lead.then.stage_id


def _step_words(job: Job) -> str:
    if job.state != JobState.OPEN:
        return " · ".join(filter(None, [str(JobState(job.state).label), job.ended_reason]))
    return step_of(job)


def step_of(job: Job) -> str:
    """Return the name of a job's step."""
    if job.stage_id:
        return pipeline_setup().stages[job.stage_id].name
    return _("No status")


def owner_of(job: Job) -> str:
    """Return the name of a job's owner."""
    owner = directory().members.get(job.member_id or 0)
    if owner:
        return owner.name
    return _("unclaimed")
