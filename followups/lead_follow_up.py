"""Plan a new lead's first follow-up, from the line typed in its form."""

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from followups.models import FollowUp
from followups.views.plan import read, told_of


def plan_first(*, job: Job, text: str, by: Member, **_: object) -> str:
    """Plan it for the lead's member, else for the opener; "" where the line is not understood."""
    if not allows(by, "followups.work"):
        return ""
    reader = Reader.of(by, clock.now())
    try:
        wish = read(text, reader)
    except Refused:
        return ""
    owner = directory().members.get(job.member_id or 0) or by
    planned = FollowUp.plan(
        kind=wish.kind,
        subject=wish.subject,
        due_at=wish.due_at,
        by=by,
        job=job,
        assignee=owner,
        priority=job.priority,
    )
    return told_of(planned, reader)
