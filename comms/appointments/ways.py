"""The medium for an appointment message: one that reaches the customer and that the gate would allow.

For what is asked, planned and sent alike: a landline takes no text, a STOP may hold for one medium alone, WhatsApp
wants an approved text. The gate decides again when the message leaves.
"""

from collections.abc import Iterable
from datetime import datetime

from comms.appointments.sending import occasion_of, point_of, way_of
from comms.gate import preview
from comms.gate.candidate import SendCandidate, UsedTemplate
from comms.gate.verdict import Outcome
from comms.models import Medium
from crm.jobs.models.appointments import Appointment
from crm.kernel.refusal import Refused

# What is tried where the wanted one reaches nobody.
ANY = (Medium.EMAIL, Medium.WHATSAPP, Medium.SMS)


def refusal(
    row: Appointment, medium: str, key: str, at: datetime, *, until: datetime | None = None, asked: bool = False
) -> str:
    """Return why a template would be refused by a medium at an instant; empty if it would be sent."""
    try:
        channel, point, chosen = way_of(row, medium, key)
    except Refused as why:
        return str(why)
    template = chosen.version.template
    candidate = SendCandidate(
        medium=medium,
        address=point.value,
        brand_id=row.job.brand_id,
        channel=channel,
        template=UsedTemplate(template.pk, template.name, template.purpose, chosen.version.is_approved_by_whatsapp),
        person_id=row.person_id,
        job_id=row.job_id,
        send_at=at,
        useful_until=until,
        occasion=occasion_of(row, asked=asked),
    )
    verdict = preview(candidate, at)
    if verdict.outcome in (Outcome.SEND, Outcome.DEFER):
        return ""
    return verdict.words


def first(row: Appointment, media: Iterable[str], key: str, at: datetime, *, until: datetime | None = None) -> str:
    """Return the first of these media by which it would be sent at an instant; empty for none."""
    return next((medium for medium in media if not refusal(row, medium, key, at, until=until)), "")


def stand_ins(row: Appointment, medium: str) -> list[str]:
    """Return the media to try instead if the customer can't be reached by the given one.

    None for whom there is none of its kind: who gave no email address is not written twice by WhatsApp instead.
    """
    is_there = point_of(row, Medium.EMAIL if medium == Medium.EMAIL else Medium.WHATSAPP)
    if is_there:
        return [one for one in ANY if one != medium]
    return []
