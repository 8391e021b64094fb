"""What a customer will read of a new time: the template's text, as it would be made now."""

from copy import copy
from datetime import datetime

from comms.appointments.type_templates import template_key
from comms.appointments.words import said_of
from comms.library.catalogue import catalogue, choose
from comms.library.composition import compose
from comms.library.context import subject_of
from crm.jobs.models.appointments import Appointment
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint


def text_of(row: Appointment, starts_at: datetime, medium: str, point: ContactPoint) -> str:
    """Return the words of the message about a new time; blank where there is no text for it."""
    moved, brand = copy(row), row.job.brand
    moved.starts_at = starts_at
    template = catalogue().find(template_key(row, "moved"), brand.pk)
    chosen = choose(template, medium, person=row.person, brand=brand) if template else None
    if chosen is None:
        return ""
    given = said_of(moved, chosen.version.language)
    subject = subject_of(brand=brand, language=chosen.version.language, person=row.person, job=row.job, given=given)
    try:
        return str(compose(chosen.version, subject, address=point.value).fields.get("text", ""))
    except Refused:
        return ""
