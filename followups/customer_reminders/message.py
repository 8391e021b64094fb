"""Build the reminder to a customer: the brand's channel, the customer's address, the template of the type."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from comms.gate import preview
from comms.gate.candidate import SendCandidate, UsedTemplate
from comms.gate.departure import departures_of
from comms.gate.verdict import Outcome
from comms.library.catalogue import TextChoice, catalogue, choose
from comms.library.composition import compose
from comms.library.context import subject_of
from comms.library.dates import long_day
from comms.models import Channel, Medium, Message, Purpose
from comms.outbox.by_template import channel_of, point_of, points_of
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from followups.customer_reminders.models import CustomerReminder, customer_reminder_settings
from followups.feed import meeting_urls_of
from followups.models import FollowUp
from followups.models.kind_setup import kinds
from followups.models.reminder import ReminderChannel

# What the origin of a reminder begins with.
ORIGIN = "followup.remind_customer:"
MEDIA = {
    ReminderChannel.EMAIL: Medium.EMAIL,
    ReminderChannel.TEXT: Medium.SMS,
    ReminderChannel.WHATSAPP: Medium.WHATSAPP,
}


def brand_of(row: FollowUp) -> Brand:
    """Return the brand that reminds the customer."""
    organization = directory()
    if row.job:
        return organization.brands[row.job.brand_id]
    if row.ticket:
        return organization.brands[row.ticket.brand_id]
    return organization.default_brand


@dataclass(frozen=True)
class WantedReminder:
    """A reminder to the customer of a follow-up by a channel, and when somebody wants it sent."""

    row: FollowUp
    channel: str
    at: datetime

    @property
    def medium(self) -> Medium:
        return MEDIA[ReminderChannel(self.channel)]


def departures(wanted: Sequence[WantedReminder]) -> list[datetime]:
    """Return when to send reminders, in their order: before the quiet hours they would fall into. docs/rules.md#k3."""
    now = clock.now()
    coming = [one for one in wanted if one.at >= now]
    people: dict[Medium, list[int]] = defaultdict(list)
    for one in coming:
        people[one.medium].append(one.row.person_id or 0)
    points = {medium: points_of(ids, medium) for medium, ids in people.items()}
    candidates = [_candidate(one, points[one.medium].get(one.row.person_id or 0)) for one in coming]
    times = dict(zip(coming, departures_of(candidates), strict=True))
    return [times.get(one, one.at) for one in wanted]


def _candidate(wanted: WantedReminder, point: ContactPoint | None) -> SendCandidate:
    row = wanted.row
    brand = brand_of(row)
    return SendCandidate(
        wanted.medium,
        point.value if point else "",
        brand.pk,
        channel_of(brand.pk, wanted.medium),
        declared_purpose=Purpose.TRANSACTIONAL,
        person_id=row.person_id,
        job_id=row.job_id,
        send_at=wanted.at,
        useful_until=row.due_at,
    )


def find_way(row: FollowUp, channel: str) -> tuple[Channel, ContactPoint, TextChoice]:
    """Return channel, address and text for a reminder. Raises Refused with what is missing."""
    medium = MEDIA[ReminderChannel(channel)]
    setting = customer_reminder_settings().get(row.kind)
    if setting is None:
        raise Refused(_("No text to the customer is chosen for this type."))
    brand = brand_of(row)
    sender = channel_of(brand.pk, medium)
    if sender is None:
        raise Refused(_("%(medium)s: %(brand)s has no sender") % {"medium": medium.label, "brand": brand.name})
    point = point_of(row.person_id, medium)
    if point is None:
        raise Refused(_("%(medium)s: the customer has no address or number") % {"medium": medium.label})
    template = catalogue().find(setting.template, brand.pk)
    chosen = None
    if template:
        chosen = choose(template, medium, person=row.person, brand=brand)
    if chosen is None:
        raise Refused(_("%(medium)s: the template has no approved text") % {"medium": medium.label})
    return sender, point, chosen


def refusal(row: FollowUp, reminder: CustomerReminder) -> str:
    """Return why a planned reminder would not be sent at its time, as of now; blank if it would be."""
    try:
        sender, point, chosen = find_way(row, reminder.channel)
    except Refused as why:
        return str(why)
    template = chosen.version.template
    candidate = SendCandidate(
        medium=sender.medium,
        address=point.value,
        brand_id=sender.brand_id,
        channel=sender,
        template=UsedTemplate(template.pk, template.name, template.purpose, chosen.version.is_approved_by_whatsapp),
        person_id=row.person_id,
        job_id=row.job_id,
        send_at=reminder.planned_at,
        useful_until=row.due_at,
        occasion=origin_of(reminder),
    )
    verdict = preview(candidate, reminder.planned_at)
    if verdict.outcome in (Outcome.SEND, Outcome.DEFER):
        return ""
    return verdict.words


def origin_of(reminder: CustomerReminder) -> str:
    """Return the origin of a reminder's message: once for each due time."""
    return f"{ORIGIN}{reminder.pk}:{reminder.due_at:%Y%m%d%H%M}"


def queue_reminder(row: FollowUp, reminder: CustomerReminder) -> Message:
    """Queue the message of a reminder; the gate decides when it leaves. Raises Refused if there is no way."""
    sender, point, chosen = find_way(row, reminder.channel)
    language = chosen.version.language
    brand = brand_of(row)
    subject = subject_of(
        brand=brand, language=language, person=row.person, job=row.job, given=_template_values(row, brand, language)
    )
    message: Message = Message.queue(
        channel=sender,
        address=point.value,
        address_name=row.person.name if row.person else "",
        contact_point=point,
        person=row.person,
        job=row.job,
        useful_until=row.due_at,
        origin=origin_of(reminder),
        occasion=origin_of(reminder),
        **compose(chosen.version, subject, address=point.value).fields,
    )
    return message


def _template_values(row: FollowUp, brand: Brand, language: str) -> dict[str, Any]:
    """Return the variables of the agreed time. Its subject is our own note, so the customer reads the type."""
    assert row.due_at is not None
    zone = subject_of(brand=brand, language=language).zone
    member = directory().members.get(row.assignee_id or 0)
    with translation.override(language):
        what = str(kinds().of(row.kind).label)
    return {
        "appointment.date": long_day(row.due_at.astimezone(zone).date(), language, brand.country),
        "appointment.time": formats.clock_time(row.due_at, zone, brand.country, language),
        "appointment.what": what,
        "appointment.who": member.name if member else "",
        "appointment.meeting_link": meeting_urls_of([row]).get(row.pk, ""),
        # Of booked appointments only; another appointment of the lead must not answer for this one.
        "appointment.link": "",
        "appointment.held_until": "",
    }
