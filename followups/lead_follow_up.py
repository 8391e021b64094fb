"""Plan a follow-up of a lead from the line typed on a form of a lower app: a new lead, a logged call."""

from datetime import datetime

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from followups.models import FollowUp
from followups.models.kind_setup import kinds
from followups.planning.new_follow_up import describe_planned
from followups.planning.typed_wish import SERIES, parse_wish
from followups.quick_entry.line_text import NotUnderstood
from followups.quick_entry.parse import parse_line
from followups.recurrence.typed_series import plan_typed_series


def read_line(*, text: str, now: datetime, month_first: bool, **_: object) -> tuple[str, datetime] | None:
    """Parse a line typed on another app's form into subject and due time.

    None where it tells no moment to come, or asks for a repetition: that is shown to a person, who plans it.
    """
    kind_setup = kinds()
    try:
        parsed = parse_line(
            text.replace("\0", ""), now, month_first=month_first, own=kind_setup.words, hidden=kind_setup.hidden
        )
    except NotUnderstood:
        return None
    if parsed.repeats:
        return None
    return (parsed.subject, parsed.at)


def plan_line(*, job: Job, text: str, by: Member, cause: str = "", once: str = "", **_: object) -> str:
    """Plan it for the lead's member, else for the author. Raises Refused if the line cannot be parsed.

    `once`: what becomes of a line that asks for a repetition: a series (SERIES), or one follow-up; blank if not chosen.
    """
    if not allows(by, "followups.work"):
        return ""
    reader = Reader.of(by, clock.now())
    wish = parse_wish(text, reader, once=bool(once))
    if wish.rule and once == SERIES:
        first = plan_typed_series(
            kind=wish.kind,
            subject=wish.task or wish.subject,
            rule=wish.rule,
            first_at=wish.due_at,
            by=by,
            about=job,
            priority=job.priority,
        )
        return describe_planned(first, reader)
    owner = directory().members.get(job.member_id or 0) or by
    planned = FollowUp.plan(
        kind=wish.kind,
        subject=wish.subject,
        due_at=wish.due_at,
        by=by,
        job=job,
        assignee=owner,
        priority=job.priority,
        cause=cause,
    )
    return describe_planned(planned, reader)
