"""Schedule of a document request: its next reminder, and whose turn it is on the job."""

from datetime import date, datetime, time, timedelta

from crm.documents.models.document_request_record import WAITING, DocumentRequestRecord
from crm.jobs.models import Job, Side
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due

DUE = "document_request.due"
# The customer is reminded so many days before the date, on the day itself, and the office hears a day after it.
_BEFORE = timedelta(days=2)
_MORNING = time(9)


def today() -> date:
    """Return today's date in the tenant's zone."""
    return clock.now().astimezone(directory().zone).date()


def schedule_reminder(request: DocumentRequestRecord) -> None:
    """Schedule the next reminder: two days before the due date, on it, or the day after. Cancel it if none is left."""
    at = None
    if request.is_waiting and request.due_on:
        at = _next_reminder(request.due_on)
    if at:
        due.schedule(DUE, request.pk, at)
    else:
        due.cancel(DUE, [request.pk])


def _next_reminder(due_on: date) -> datetime | None:
    now = clock.now()
    for day in (due_on - _BEFORE, due_on, due_on + timedelta(days=1)):
        at = datetime.combine(day, _MORNING, directory().zone)
        if at > now:
            return at
    return None


def update_job_and_reminder(request: DocumentRequestRecord, by: Member | None) -> None:
    """Schedule the next reminder, and update whose turn it is on the job."""
    schedule_reminder(request)
    _turn_job(request, by)


def _turn_job(request: DocumentRequestRecord, by: Member | None) -> None:
    """Set the job's turn: the customer's while any request waits for them, otherwise ours.

    While a message of theirs waits for our answer it stays ours, and its clock goes on.
    """
    job = Job.objects.get(pk=request.job_id)
    waits = type(request).objects.filter(job_id=request.job_id, state__in=WAITING).exists()
    if waits and job.side == Side.US and job.waiting_since is None:
        job.turn_to(Side.CUSTOMER, by=by)
    elif not waits and job.side == Side.CUSTOMER:
        job.turn_to(Side.US, by=by)
