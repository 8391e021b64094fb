"""The opening of a call: a sentence about the last thing that happened between the customer and us."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from comms.models import Direction, Medium, Message
from crm.jobs.models import ContactOutcome, Job
from crm.jobs.models.appointments import Appointment
from crm.jobs.models.appointments.appointment import CAUSE
from crm.jobs.models.appointments.states import AppointmentState
from crm.people.identity.first_name import first_name
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from followups.models import FollowUp

# What is longer ago opens no conversation.
FRESH = timedelta(days=60)
LONGEST = 140
_CONTACTED = "job.contacted"


class Occasion(NamedTuple):
    """Something that happened, and the sentence that begins a call with it."""

    at: datetime
    sentence: str


def opening_sentence(follow_up: FollowUp, job: Job | None, name: str, member: Member, reader: Reader) -> str:
    """Return what to say first: who calls, and the latest occasion; "" without one that is fresh."""
    messages = _messages_with(follow_up, job, member, reader.now - FRESH)
    occasions = [*_message_occasions(messages, reader), *_job_occasions(job, reader)]
    if not occasions:
        return ""
    brand = directory().default_brand
    if job:
        brand = directory().brands[job.brand_id]
    values = {"name": first_name(name), "member": first_name(member.name) or member.name, "brand": brand.name}
    greeting = _("This is %(member)s from %(brand)s.")
    if values["name"]:
        greeting = _("%(name)s, this is %(member)s from %(brand)s.")
    return f"{greeting % values} {max(occasions).sentence}"


def _messages_with(follow_up: FollowUp, job: Job | None, member: Member, since: datetime) -> Any:
    """Return the messages with the customer that the member may read, newest first."""
    messages = Message.objects.readable_by(member).filter(at__gte=since, spam_since=None, automatic="")
    if job:
        return messages.filter(job=job).newest_first()
    if follow_up.person_id and not follow_up.job_id:
        return messages.filter(person_id=follow_up.person_id).newest_first()
    return messages.none()


def _message_occasions(messages: Any, reader: Reader) -> list[Occasion]:
    """Return their last message, and our last one if they clicked a link in it or have not answered."""
    occasions = []
    written = messages.exclude(medium=Medium.CALL)
    theirs = written.answers().exclude(text="").filter(revoked_at=None).first()
    if theirs:
        words = Truncator(" ".join(theirs.text.split())).chars(LONGEST)
        sentence = _("You wrote to us %(day)s: “%(text)s”")
        occasions.append(Occasion(theirs.at, sentence % {"day": reader.day(theirs.at), "text": words}))
    ours = written.filter(direction=Direction.OUT, state=Message.State.SENT).first()
    if ours is None or (theirs and theirs.at > ours.at):
        return occasions
    day = {"day": reader.day(ours.at)}
    if ours.delivery == Message.Delivery.CLICKED:
        occasions.append(Occasion(ours.at, _("You had a look at what we sent you %(day)s.") % day))
    else:
        occasions.append(Occasion(ours.at, _("Did you see what we wrote to you %(day)s?") % day))
    return occasions


def _job_occasions(job: Job | None, reader: Reader) -> list[Occasion]:
    """Return the last conversation with the customer of a job, and the last visit to them."""
    if job is None:
        return []
    since = reader.now - FRESH
    occasions = []
    spoken = Event.objects.of(job).filter(kind=_CONTACTED, at__gte=since, data__outcome=ContactOutcome.REACHED)
    talk = spoken.exclude(data__cause=CAUSE).order_by("-pk").first()
    # One that was withdrawn is not the last contact any more.
    if talk and job.touched_at and job.touched_at >= talk.at:
        occasions.append(Occasion(talk.at, _("We spoke %(day)s.") % {"day": reader.day(talk.at)}))
    visits = Appointment.objects.filter(
        job_id=job.pk, state=AppointmentState.DONE, starts_at__gte=since, starts_at__lt=reader.now
    )
    visit = visits.select_related("type").order_by("-starts_at").first()
    if visit:
        values = {"appointment": visit.type.name, "day": reader.day(visit.starts_at)}
        occasions.append(Occasion(visit.starts_at, _("We met %(day)s: %(appointment)s.") % values))
    return occasions
