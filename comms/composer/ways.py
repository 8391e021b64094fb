"""By which ways a customer can be written to: medium, the brand's channel, their address, and what the gate says."""

from dataclasses import dataclass

from comms import gate
from comms.gate.candidate import Candidate
from comms.gate.verdict import Verdict
from comms.models import Channel, Medium, Message, Purpose
from crm.jobs.models import Job
from crm.people.models import ContactPoint
from crm.platform.models import Member

# In the order they are offered.
WRITTEN = (Medium.EMAIL, Medium.SMS, Medium.WHATSAPP)
_POINTS = {
    Medium.EMAIL: ContactPoint.Kind.EMAIL,
    Medium.SMS: ContactPoint.Kind.PHONE,
    Medium.WHATSAPP: ContactPoint.Kind.PHONE,
}


@dataclass(frozen=True)
class Way:
    """One way to write to a customer."""

    medium: Medium
    channel: Channel
    points: tuple[ContactPoint, ...]
    # Of the first point, for a text written by hand and sent now.
    verdict: Verdict


def ways(job: Job, *, by: Member) -> list[Way]:
    """Return the ways to write to a job's customer, those that can be used first of all in the usual order."""
    if job.person_id is None:
        return []
    points = list(ContactPoint.objects.filter(person_id=job.person_id).order_by("-verified_at", "pk"))
    channels = list(Channel.objects.in_use().of_brands().filter(brand_id=job.brand_id, medium__in=WRITTEN))
    found = []
    for medium in WRITTEN:
        theirs = tuple(point for point in points if point.kind == _POINTS[medium])
        ours = _channel(channels, medium, job)
        if theirs and ours:
            found.append((medium, ours, theirs))
    verdicts = gate.preview_all([_candidate(job, ours, theirs[0], by) for _medium, ours, theirs in found])
    return [Way(*each, verdict) for each, verdict in zip(found, verdicts, strict=True)]


def _candidate(job: Job, channel: Channel, point: ContactPoint, by: Member) -> Candidate:
    return Candidate(
        medium=channel.medium,
        address=point.value,
        brand_id=channel.brand_id,
        channel=channel,
        declared_purpose=Purpose.SERVICE,
        author_id=by.pk,
        person_id=job.person_id,
        job_id=job.pk,
    )


def _channel(channels: list[Channel], medium: Medium, job: Job) -> Channel | None:
    """Return the brand's channel of a medium: the one they last wrote to, else support's, never one of no reply."""
    of_medium = [each for each in channels if each.medium == medium and each.role != Channel.Role.NOREPLY]
    heard = last_received(job, medium)
    order = [Channel.Role.SUPPORT, Channel.Role.SALES, Channel.Role.ADMIN]
    return min(
        of_medium,
        key=lambda each: (each.pk != (heard.channel_id if heard else None), order.index(Channel.Role(each.role))),
        default=None,
    )


def last_received(job: Job, medium: str) -> Message | None:
    """Return the last message of the job's customer on a medium, which an email answers."""
    rows = Message.objects.filter(job_id=job.pk, medium=medium, direction="in", automatic="")
    newest: Message | None = rows.newest_first().first()
    return newest
