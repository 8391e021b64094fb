"""The lead of a call: found or opened when it counts, and dropped when a member says that the call was no lead."""

from django.utils.translation import gettext as _

from comms.models import Message
from crm.jobs.creation.job_creation import BY_MESSAGE, open_job
from crm.jobs.models import Job, JobState
from crm.people.models import Person
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from leads.models import Lead, Touch, TouchKind, TrackedCall
from leads.sources.attribution import attribute
from leads.sources.kept.upkeep import note_jobs
from leads.sources.utm import UtmFields

COUNTED = "call.counted"


def give_lead(call: TrackedCall, *, by: Member | None) -> Lead:
    """Give a counted call its lead: the one it had, the caller's open one, else a new one, with the call's source."""
    if call.lead:
        lead = call.lead
        if call.has_ended_lead and lead.job.state == JobState.DROPPED:
            lead.job.reopen(by=by)
    else:
        lead = _find_or_open_lead(call, by=by)
        call.lead = lead
    call.has_ended_lead = False
    call.save(update_fields=["lead", "has_opened_lead", "has_ended_lead"])
    attribute(
        lead,
        UtmFields(),
        call.at,
        fallback=call.source,
        campaign=call.campaign,
        is_certain=True,
    )
    note_jobs({lead.pk})
    data = {"message": call.message_id, "number": call.number.name, "seconds": call.seconds}
    events.record(COUNTED, subject=call, by=by, data=data, job_id=lead.pk)
    return lead


def _find_or_open_lead(call: TrackedCall, *, by: Member | None) -> Lead:
    message = Message.objects.select_related("person", "job", "brand").get(pk=call.message_id)
    job = message.job
    if job is None or not job.is_open:
        job = _open_job(message, call, by=by)
        call.has_opened_lead = True
        message.job = job
        message.save(update_fields=["job"])
        # The caller has it in hand, and goes on with it.
        call.message.job = job
    lead: Lead = Lead.objects.get_or_create(job=job, defaults={"rep_id": job.member_id})[0]
    return lead


def _open_job(message: Message, call: TrackedCall, *, by: Member | None) -> Job:
    brand = message.brand
    if brand.archived_at:
        brand = directory().default_brand
    person: Person | None = message.person
    return open_job(
        title=person.name if person else message.address or _("Caller without a number"),
        person=person,
        company=person.company if person else None,
        brand=brand,
        source=call.source,
        by=by,
        cause=BY_MESSAGE,
    )


def note_conversion(call: TrackedCall) -> None:
    """Store a call of a customer we have as the last touch of their open lead, which keeps its first one."""
    job = call.message.job
    if job is None or not job.is_open:
        return
    lead: Lead = Lead.objects.get_or_create(job=job, defaults={"rep_id": job.member_id})[0]
    if not Touch.objects.filter(lead=lead, kind=TouchKind.FIRST).exists():
        # A lead that somebody entered came by the source they chose.
        campaign_id = lead.campaign_id
        Touch.objects.create(
            lead=lead, kind=TouchKind.FIRST, at=job.came_in_at, source_id=job.source_id, campaign_id=campaign_id
        )
    attribute(lead, UtmFields(), call.at, fallback=call.source, campaign=call.campaign)
    call.lead = lead
    call.save(update_fields=["lead"])


def drop_lead(call: TrackedCall, reason: str, *, by: Member | None) -> bool:
    """Drop the lead that a call opened, unless somebody has worked on it; returns whether it was dropped."""
    if call.lead is None or not call.has_opened_lead:
        return False
    job = call.lead.job
    job.lock()
    if not job.is_open or job.stage_id is not None:
        return False
    job.drop(reason, by=by)
    call.has_ended_lead = True
    call.save(update_fields=["has_ended_lead"])
    return True
