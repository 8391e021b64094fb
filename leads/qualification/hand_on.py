"""Decline a lead politely, and refer it to a partner if the customer agrees."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from comms.addresses import address_key
from comms.gate.consent import consents
from comms.models import Consent, Medium, Message, Purpose, SenderProfile
from comms.outbox.by_template import MEDIA, channel_of, point_of
from crm.jobs.losses.closing_reason import ClosingReason, end
from crm.jobs.losses.setup import lost_reasons
from crm.jobs.models import Job
from crm.jobs.models.losses import Ends, LostReason
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.events import events
from crm.platform.models import Brand, Event, Member
from crm.platform.organization.configuration import directory
from leads.models.qualification import Doubt, HandOff, Partner

# The reason it is closed for (crm/jobs/losses/setup.py), and the longest text of a message.
CANNOT = "cannot"
LONGEST = 4000


@dataclass(frozen=True)
class Texts:
    """The messages to the customer and to the partner; a blank one is not sent."""

    customer: str
    partner: str


def propose_texts(job: Job, partner: Partner | None) -> Texts:
    """Propose both texts in the brand's language, for a member to edit."""
    brand = directory().brands[job.brand_id]
    with override(brand.language):
        names = {"name": job.title, "brand": brand.name, "partner": partner.name if partner else ""}
        opening = _("Thank you for asking us. We have looked at it, and it is not something we can do well.") % names
        if partner is None:
            return Texts(opening, "")
        handed = _("%(partner)s does such work. As agreed, we gave them your name and number; they contact you.")
        lines = [
            _("We have a customer for you: %(name)s. They agreed that you contact them.") % names,
            *(f"{point.get_kind_display()}: {point.value}" for point in _contact_points_of(job)),
            *([_("Place: %(place)s") % {"place": job.place}] if job.place else []),
        ]
        return Texts(f"{opening} {handed % names}", "\n".join(lines))


def _contact_points_of(job: Job) -> list[ContactPoint]:
    if job.person_id:
        return list(ContactPoint.objects.filter(person_id=job.person_id).order_by("pk"))
    return []


@transaction.atomic
def hand_on(
    job: Job, partner: Partner | None, texts: Texts, *, consent: str = "", by: Member, version: str | None = None
) -> HandOff:
    """Message customer and partner, and close the lead as one we can't do; without a partner it is declined.

    Raises Refused for a closed lead, a partner without the customer's consent, or where there is no way to write.
    """
    job.lock()
    job.expect_version(version)
    if not job.is_open:
        raise Refused(_("It is closed. Reopen it first."))
    if partner and not consent.strip():
        raise Refused(_("Say where the customer agreed: without that nobody gets their name and number."))
    if partner and partner.archived_at:
        raise Refused(_("That partner is archived. Choose another."))
    if partner and not texts.partner.strip():
        raise Refused(_("Write a message to the partner."))
    if partner:
        _note_agreement(partner, directory().brands[job.brand_id], by)
    row: HandOff = HandOff.objects.create(
        job=job,
        partner=partner,
        by=by,
        consent=consent.strip()[:160] if partner else "",
        to_partner=_queue_message(job, partner.point, texts.partner, by=by) if partner else None,
        to_customer=_tell_customer(job, texts.customer, by=by),
    )
    end(job, ClosingReason(_cant_do_it_reason(), note=partner.name if partner else ""), by=by)
    for doubt in Doubt.objects.filter(pk=job.pk):
        doubt.settle(by=by)
    events.record("lead.handed_on", subject=row, by=by, data={"partner": row.partner_id}, job_id=job.pk)
    return row


def _note_agreement(partner: Partner, brand: Brand, by: Member) -> None:
    """Record that the partner accepts our leads by mail, unless a consent of theirs is recorded already."""
    consent_rows = Consent.objects.filter(key=address_key(partner.email), brand=brand)
    if consent_rows.filter(medium=Medium.EMAIL, purpose=Purpose.SERVICE).exists():
        return
    consents.record(
        partner.email,
        brand=brand,
        medium=Medium.EMAIL,
        purpose=Purpose.SERVICE,
        given=True,
        wording=_("Accepts leads that we refer, by email: an agreement noted on the partner"),
        source=Consent.Source.PAPER,
        by=by,
    )


def _cant_do_it_reason() -> LostReason:
    offered = [top for top, _parts in lost_reasons().live_groups(Ends.LOST)]
    reason_found = next((reason for reason in offered if reason.code == CANNOT), None)
    if reason_found is None:
        raise Refused(_("There is no reason “Can’t do it” any more: restore it in the settings first."))
    return reason_found


def _tell_customer(job: Job, text: str, *, by: Member) -> Message | None:
    if not text.strip():
        return None
    for medium, *_others in MEDIA.values():
        point = point_of(job.person_id, medium)
        if point and channel_of(job.brand_id, medium):
            return _queue_message(job, point, text, by=by)
    raise Refused(_("The customer can’t be reached in writing. Leave the text empty and call them."))


def _queue_message(job: Job, point: ContactPoint, text: str, *, by: Member) -> Message:
    """Queue a message; the partner's without the lead, so that a reply is not taken for the customer's."""
    brand = directory().brands[job.brand_id]
    medium = MEDIA[ContactPoint.PointKind(point.kind)][0]
    channel = channel_of(brand.pk, medium)
    if channel is None:
        raise Refused(_("%(brand)s has no address to write from.") % {"brand": brand.name})
    is_mail = point.kind == ContactPoint.PointKind.EMAIL
    message: Message = Message.queue(
        channel=channel,
        address=point.value,
        by=by,
        undo=True,
        contact_point=point,
        person=point.person,
        job=job if point.person_id == job.person_id else None,
        purpose=Purpose.SERVICE,
        subject=_mail_subject(job, brand) if is_mail else "",
        text=_add_signature(text.strip()[:LONGEST], brand) if is_mail else text.strip()[:LONGEST],
    )
    return message


def _mail_subject(job: Job, brand: Brand) -> str:
    with override(brand.language):
        return _("Request %(number)s: %(name)s") % {"number": job.number, "name": job.title}


def _add_signature(text: str, brand: Brand) -> str:
    signature = SenderProfile.of(brand).signature.strip()
    return f"{text}\n\n{signature or brand.name}"


def take_back(undone: Sequence[Event]) -> None:
    """Withdraw the hand-off of leads whose end was undone, or that were reopened (subscriber)."""
    for event in undone:
        if event.kind == "job.reopened" or event.data.get("of") == "job.lost":
            for row in HandOff.objects.filter(job_id=event.job_id, withdrawn_at=None).order_by("pk"):
                row.withdraw(by=directory().members.get(event.actor_id or 0))
