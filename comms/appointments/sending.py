"""Build a message about an appointment: the brand's channel, the customer's address, the template."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from comms.appointments.appointment_values import appointment_values
from comms.library.catalogue import TextChoice, catalogue, choose
from comms.library.composition import compose
from comms.library.context import subject_of
from comms.models import Channel, Medium, Message
from comms.outbox import by_template
from crm.jobs.models.appointments import Appointment
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.models import StoredFile


def channel_of(row: Appointment, medium: str) -> Channel | None:
    """Return the brand's channel for a medium."""
    return by_template.channel_of(row.job.brand_id, medium)


def point_of(row: Appointment, medium: str) -> ContactPoint | None:
    """Return the customer's address or number for a medium, verified ones first."""
    return by_template.point_of(row.person_id, medium)


def way_of(row: Appointment, medium: str, key: str) -> tuple[Channel, ContactPoint, TextChoice]:
    """Return channel, address and template text for a medium. Raises Refused with what is missing."""
    channel = channel_of(row, medium)
    point = point_of(row, medium)
    brand = row.job.brand
    if channel is None:
        raise Refused(_("%(brand)s has no channel for it.") % {"brand": brand.name})
    if point is None and medium == Medium.SMS and point_of(row, Medium.WHATSAPP):
        raise Refused(_("Their number can’t receive texts."))
    if point is None:
        raise Refused(_("The customer has no email address or phone number."))
    template = catalogue().find(key, brand.pk)
    chosen = None
    if template:
        chosen = choose(template, medium, person=row.person, brand=brand)
    if chosen is None:
        raise Refused(_("There is no approved template “%(key)s” for it.") % {"key": key})
    return channel, point, chosen


def occasion_of(row: Appointment, *, asked: bool = False) -> str:
    """Return the key of what a message is about: the appointment at this time, or the time in question."""
    return f"appointment:{row.pk}:{row.sequence}" + (f":{row.asked_time:%Y%m%dT%H%M}" if asked else "")


def queue(
    row: Appointment,
    medium: str,
    key: str,
    *,
    useful_until: datetime | None = None,
    files: Sequence[StoredFile] = (),
    undo: bool = False,
    asked: bool = False,
) -> Message:
    """Queue the message of a template key; the gate decides when it is sent. Raises Refused if it can't be.

    `asked`: it speaks of the time the customer is asked about.
    """
    channel, point, chosen = way_of(row, medium, key)
    brand = row.job.brand
    values = appointment_values(row, chosen.version.language, asked=asked)
    subject = subject_of(brand=brand, language=chosen.version.language, person=row.person, job=row.job, given=values)
    message: Message = Message.queue(
        channel=channel,
        address=point.value,
        address_name=row.person.name if row.person else "",
        contact_point=point,
        person=row.person,
        job=row.job,
        useful_until=useful_until,
        occasion=occasion_of(row, asked=asked),
        files=files if medium == Medium.EMAIL else (),
        undo=undo,
        **compose(chosen.version, subject, address=point.value).fields,
    )
    return message
