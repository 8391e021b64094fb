"""Open a hand-off when a job is sold; withdraw it when the sale is revoked or the job ends.

Of a sale that a person or a rule made: an import brings work that was sold long ago, and records no sale.
"""

from collections.abc import Sequence

from crm.jobs.models import Job
from crm.kernel import formats
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from leads.models import Lead
from service.models import HandOff, Promise


def open_sold(won: Sequence[Event]) -> None:
    """Open hand-offs of won leads whose job is still open."""
    leads = Lead.objects.filter(pk__in=[event.subject_id for event in won], won_at__isnull=False)
    leads_by_id = {lead.pk: lead for lead in leads.select_related("job", "rep")}
    for event in won:
        lead = leads_by_id.get(event.subject_id)
        if lead and lead.job.is_open:
            _open_hand_off(lead, _event_actor(event))


def _open_hand_off(lead: Lead, by: Member | None) -> None:
    """Open a hand-off, with the price as its first promise."""
    job = lead.job
    hand_off = HandOff.open(job, seller=lead.rep or job.member, by=by)
    if job.value is not None and hand_off.is_unanswered and not hand_off.promises.exists():
        tenant = directory().tenant
        price = formats.money(job.value, job.currency, tenant.country, tenant.language)
        Promise.add(hand_off, Promise.Kind.PRICE, price, by=None)


def withdraw_unsold(withdrawn: Sequence[Event]) -> None:
    """Withdraw the hand-offs of leads that are no longer won."""
    ids = [event.subject_id for event in withdrawn]
    kept = set(Lead.objects.filter(pk__in=ids, won_at__isnull=False).values_list("pk", flat=True))
    _withdraw_hand_offs({event.subject_id: event for event in withdrawn if event.subject_id not in kept})


def withdraw_ended(ended: Sequence[Event]) -> None:
    """Withdraw the hand-offs of jobs that were lost or dropped."""
    over = {event.subject_id: event for event in ended}
    still_open = Job.objects.filter(pk__in=over, ended_at=None).values_list("pk", flat=True)
    for pk in list(still_open):
        del over[pk]
    _withdraw_hand_offs(over)


def follow_reopened(reopened: Sequence[Event]) -> None:
    """Reopen the hand-offs of reopened jobs that are sold and not accepted yet."""
    jobs = {event.subject_id: event for event in reopened}
    for row in HandOff.objects.filter(job_id__in=jobs, state="withdrawn").select_related("job", "seller"):
        if row.job.is_sold and row.job.is_open:
            HandOff.open(row.job, seller=row.seller, by=_event_actor(jobs[row.job_id]))


def _withdraw_hand_offs(events: dict[int, Event]) -> None:
    for row in HandOff.objects.waiting_for_answer().filter(job_id__in=events).order_by("pk"):
        row.withdraw(by=_event_actor(events[row.job_id]))


def _event_actor(event: Event) -> Member | None:
    if event.actor_id:
        return directory().members.get(event.actor_id)
    return None
