"""Build a message from a template key: the brand's channel, the customer's address and language."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from comms.channels.directory import channels_in_use
from comms.gate.rules.channel import takes_no_texts
from comms.library.catalogue import catalogue, choose
from comms.library.composition import compose
from comms.library.context import subject_of
from comms.library.seeding import create_missing
from comms.models import Channel, Medium, Message, TemplateVersion
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.models import Brand, Member, StoredFile

_POINTS = {
    "email": (ContactPoint.PointKind.EMAIL,),
    "sms": (ContactPoint.PointKind.PHONE,),
    "whatsapp": (ContactPoint.PointKind.PHONE, ContactPoint.PointKind.WHATSAPP),
}
# Of several channels of a brand the one customers may answer.
_ROLES = (Channel.Role.SUPPORT, Channel.Role.SALES, Channel.Role.ADMIN)
# By a kind of address, the media that reach it, the plainest first.
MEDIA = {
    ContactPoint.PointKind.EMAIL: (Medium.EMAIL,),
    ContactPoint.PointKind.PHONE: (Medium.SMS, Medium.WHATSAPP),
    ContactPoint.PointKind.WHATSAPP: (Medium.WHATSAPP,),
}


def channel_of(brand_id: int, medium: str) -> Channel | None:
    """Return the brand's channel for a medium: support's first, never a no-reply one."""
    channels = [one for one in channels_in_use() if one.medium == medium and one.brand_id == brand_id]
    usable = [one for one in channels if not one.owner_id and one.role in _ROLES]
    return min(usable, key=lambda one: (_ROLES.index(Channel.Role(one.role)), one.pk), default=None)


def point_of(person_id: int | None, medium: str) -> ContactPoint | None:
    """Return a customer's address or number for a medium: verified ones first, and no landline for texts."""
    if person_id:
        return points_of([person_id], medium).get(person_id)
    return None


def points_of(person_ids: Iterable[int], medium: str) -> dict[int, ContactPoint]:
    """Return `point_of` by customer, in one query. Customers that the medium doesn't reach are left out."""
    points = ContactPoint.objects.filter(person_id__in=set(person_ids), kind__in=_POINTS[medium])
    first: dict[int, ContactPoint] = {}
    for point in points.verified_first("kind", "pk"):
        if reaches(medium, point):
            first.setdefault(point.person_id, point)
    return first


def reaches(medium: str, point: ContactPoint) -> bool:
    """True if a medium can reach this kind of address or number."""
    return medium != Medium.SMS or not takes_no_texts(point.value)


def queue_to(
    point: ContactPoint,
    key: str,
    *,
    brand: Brand,
    job: Job | None = None,
    by: Member | None = None,
    given: Mapping[str, Any] | None = None,
    useful_until: datetime | None = None,
    occasion: str = "",
    files: Sequence[StoredFile] = (),
) -> Message:
    """Queue a template message to one address or number. Raises Refused without a channel or text.

    `occasion`: what it is about, where the same text may go again about something else. `files`: attached.
    """
    way = way_to(point, key, brand)
    if way is None:
        raise Refused(_("%(brand)s has no channel and text that reach %(address)s.") % _refusal_values(brand, point))
    channel, version = way
    subject = subject_of(
        brand=brand, language=version.language, person=point.person, job=job, sender=by, given=dict(given or {})
    )
    message: Message = Message.queue(
        channel=channel,
        address=point.value,
        address_name=point.person.name,
        by=by,
        contact_point=point,
        person=point.person,
        job=job,
        useful_until=useful_until,
        occasion=occasion,
        files=files,
        **compose(version, subject, address=point.value).fields,
    )
    return message


def way_to(point: ContactPoint, key: str, brand: Brand) -> tuple[Channel, TemplateVersion] | None:
    """Return the channel and text to reach an address or number with a template; None if there is none."""
    template = catalogue().find(key, brand.pk) or create_missing(key)
    if template is None:
        return None
    for medium in MEDIA[ContactPoint.PointKind(point.kind)]:
        channel = None
        if reaches(medium, point):
            channel = channel_of(brand.pk, medium)
        chosen = None
        if channel:
            chosen = choose(template, medium, person=point.person, brand=brand)
        if channel is not None and chosen is not None:
            return channel, chosen.version
    return None


def _refusal_values(brand: Brand, point: ContactPoint) -> dict[str, str]:
    return {"brand": brand.name, "address": point.value}
