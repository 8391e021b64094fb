"""Schedule the next update of each sold job, and reschedule it when one is sent or the job stops or resumes."""

from collections.abc import Collection, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from portal.models import CustomerUpdate, UpdatePlan
from portal.models.update_plan import schedule_drafts
from portal.updates.drafting.drafts import rewrite_drafts

# What may begin, end or interrupt the work on a job; and what a draft tells of, that is there already.
LIFE = (
    *("lead.won", "job.moved", "job.reopened", "job.finished", "job.lost", "job.dropped"),
    *("job.paused", "job.resumed", "job.undone", "milestone.completed"),
)
NEWS = (
    *("appointment.booked", "appointment.rescheduled", "appointment.cancelled", "appointment.confirmed"),
    *("appointment.completed", "appointment.missed", "appointment.reopened", "appointment.asked"),
    *("appointment.offered", "appointment.released"),
    *("milestone.reopened", "milestone.undone", "project.scheduled", "project.held", "project.resumed"),
    *("document.added", "document.shown", "document.hidden", "document.archived"),
    *("document_request.asked", "document_request.received", "document_request.accepted"),
    *("document_request.refused", "document_request.withdrawn"),
)


def follow_jobs(events: Sequence[Event]) -> None:
    """Start, stop or reschedule the updates of the jobs of these events. Idempotent."""
    ids = {event.job_id or event.subject_id for event in events}
    settle_plans(ids, restarted={event.job_id for event in events if event.job_id and _concerns_customer(event)})


def follow_news(events: Sequence[Event]) -> None:
    """Draft updates again when there is more to report."""
    rewrite_drafts(sorted({event.job_id for event in events if event.job_id}))


def settle_plans(job_ids: Collection[int], restarted: Collection[int] = ()) -> None:
    """Recompute the plans of these jobs."""
    plans = UpdatePlan.lock_all(UpdatePlan.objects.filter(job_id__in=job_ids))
    planned = {plan.job_id for plan in plans}
    sold = [job for job in Job.objects.filter(pk__in=job_ids).exclude(pk__in=planned) if job.is_sold and job.is_open]
    if sold:
        UpdatePlan.begin_all(sold)
    changed = UpdatePlan.settle_all(plans, restarted)
    withdraw_drafts([plan.job_id for plan in changed])
    leave_out([plan.job_id for plan in changed if plan.next_due_at is None])
    rewrite_drafts(sorted(planned - {plan.job_id for plan in changed}))


def withdraw_drafts(job_ids: Collection[int]) -> None:
    """Delete unedited drafts of these jobs that were not missed, before they are rescheduled."""
    drafts = CustomerUpdate.objects.filter(
        kind=CustomerUpdate.Kind.REGULAR,
        state=CustomerUpdate.State.DRAFT,
        edited_at__isnull=True,
        missed_at__isnull=True,
    )
    letters = {digest or pk for pk, digest in drafts.filter(job_id__in=job_ids).values_list("pk", "digest_id")}
    letters &= set(drafts.filter(pk__in=letters).values_list("pk", flat=True))
    rows = CustomerUpdate.objects.filter(Q(pk__in=letters) | Q(digest_id__in=letters))
    jobs = list(rows.values_list("job_id", flat=True))
    rows.delete()
    schedule_drafts(UpdatePlan.objects.filter(job_id__in=jobs))


def leave_out(job_ids: Collection[int]) -> None:
    """Drop edited or missed drafts of jobs that have ended or are on hold."""
    with override(directory().tenant.language):
        reason = _("The work has ended or is on hold.")
    CustomerUpdate.objects.filter(
        job_id__in=job_ids, kind=CustomerUpdate.Kind.REGULAR, state=CustomerUpdate.State.DRAFT
    ).update(state=CustomerUpdate.State.SKIPPED, reason=reason)


def _concerns_customer(event: Event) -> bool:
    """True if customers see it: a visible milestone was reached, or a step with a customer text entered."""
    if event.kind == "milestone.completed":
        return event.data.get("visibility") == "customer"
    stage = None
    if event.kind == "job.moved":
        stage = pipeline_setup().stages.get(event.data.get("to") or 0)
    return stage is not None and stage.is_told
