"""Plan a follow-up before a document's date, move it with the date, and cancel it when a new one arrives.

One a document: its origin names the document and the date, so that a date is told of once (X3).
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from crm.documents.models import Document
from crm.jobs.models import Job
from crm.kernel import clock, formats
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from followups.models import FollowUp
from followups.models.kind import FollowUpKind

EVENTS = (
    *("document.expiring", "document.dated", "document.replaced", "document.archived", "document.restored"),
    *("document.classified", "document.undone"),
)
CAUSE = "document"
_MORNING = time(9)


def plan_for_documents(changed: Sequence[Event]) -> None:
    """Plan, reschedule or cancel the follow-ups of these documents. Idempotent."""
    ids = sorted({event.subject_id for event in changed})
    rows = Document.objects.filter(pk__in=ids).select_related("kind", "job", "person").order_by("job_id", "pk")
    for row in rows:
        _plan_for_document(row)


def _plan_for_document(row: Document) -> None:
    at = row.warn_at
    planned = FollowUp.objects.open().filter(origin__startswith=f"document:{row.pk}:").order_by("pk")
    if at is None:
        for one in planned:
            one.cancel(by=None, cause=CAUSE)
    elif row.warned_of != row.expires_on:
        for one in planned:
            if at > clock.now():
                one.reschedule(at, by=None, cause=CAUSE)
    elif not FollowUp.objects.filter(origin=_origin_of_document(row)).exists() and not planned.exists():
        _create_follow_up(row)


def _origin_of_document(row: Document) -> str:
    return f"document:{row.pk}:{row.expires_on}"


def _create_follow_up(row: Document) -> None:
    """Plan it for the next morning, assigned to the lead's owner, else to the document's keeper."""
    organization = directory()
    job = row.job
    assert row.expires_on is not None, "its date comes near"
    today = clock.now().astimezone(organization.zone).date()
    with translation.override(organization.tenant.language):
        day = formats.long_day(row.expires_on, today, organization.tenant.country)
        subject = _("%(title)s expires on %(day)s") % {"title": row.title[:80], "day": day}
    FollowUp.plan(
        kind=FollowUpKind.DOCUMENTS,
        subject=subject,
        due_at=datetime.combine(today + timedelta(days=1), _MORNING, organization.zone),
        by=None,
        about=row,
        assignee=_choose_assignee(row, job),
        cause=CAUSE,
        origin=_origin_of_document(row),
    )


def _choose_assignee(row: Document, job: Job | None) -> Member | None:
    members = directory().members
    candidates = (members.get(pk) for pk in (job.member_id if job else None, row.created_by_id) if pk)
    return next((member for member in candidates if member and member.active), None)
