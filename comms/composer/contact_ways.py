"""Ways to contact a customer: medium, the brand's channel, and their addresses or numbers."""

from dataclasses import dataclass

from comms.channels.registry import provider_of
from comms.composer.matter import Matter
from comms.models import Channel, Medium
from crm.people.models import ContactPoint

# In the order they are offered.
WRITTEN = (Medium.EMAIL, Medium.SMS, Medium.WHATSAPP)
_POINTS = {
    Medium.EMAIL: (ContactPoint.PointKind.EMAIL,),
    Medium.SMS: (ContactPoint.PointKind.PHONE,),
    Medium.WHATSAPP: (ContactPoint.PointKind.PHONE, ContactPoint.PointKind.WHATSAPP),
}
# Of a household's last messages these many say which address they write from.
_LATEST = 20
_ROLES = (Channel.Role.SUPPORT, Channel.Role.SALES, Channel.Role.ADMIN)


@dataclass(frozen=True)
class ContactWay:
    """One way to write to a customer."""

    medium: Medium
    channel: Channel
    points: tuple[ContactPoint, ...]

    @property
    def takes_files(self) -> bool:
        """True if its provider carries files."""
        carrier = provider_of(self.channel)
        return carrier is not None and self.medium in carrier.carries_files


def ways(matter: Matter) -> list[ContactWay]:
    """Return the ways to contact a matter's customer, in the usual order."""
    if matter.forwards:
        mailboxes = Channel.objects.in_use().of_brands().filter(brand=matter.brand, medium=Medium.EMAIL)
        mailbox = _best_channel(list(mailboxes), Medium.EMAIL, matter)
        if mailbox:
            return [ContactWay(Medium.EMAIL, mailbox, ())]
        return []
    if matter.person is None:
        return []
    points = _contact_points(matter)
    channels = _usable_channels(matter)
    usable = []
    for medium in WRITTEN:
        theirs = tuple(point for point in points if point.kind in _POINTS[medium])
        ours = _best_channel([channel for channel in channels if channel.medium == medium], medium, matter)
        if theirs and ours:
            usable.append(ContactWay(medium, ours, theirs))
    return usable


def _usable_channels(matter: Matter) -> list[Channel]:
    """Return the brand's channels; for private mail the owner's, as answers must not use a shared address."""
    in_use = Channel.objects.in_use().filter(medium__in=WRITTEN)
    if matter.mailbox_owner_id is not None:
        return list(in_use.filter(owner=matter.mailbox_owner_id))
    return list(in_use.of_brands().filter(brand=matter.brand))


def _contact_points(matter: Matter) -> list[ContactPoint]:
    """Return the contact points of the person, then of their household, last used first."""
    if not matter.household:
        return list(ContactPoint.objects.filter(person=matter.person).verified_first())
    points = list(ContactPoint.objects.filter(person__in=matter.people).select_related("person").verified_first())
    used = list(dict.fromkeys(matter.received.values_list("address", flat=True)[:_LATEST]))
    places = {address: place for place, address in enumerate(used)}
    order = [one.pk for one in matter.people]
    points.sort(key=lambda point: (places.get(point.value, len(used)), order.index(point.person_id)))
    unique: dict[tuple[str, str], ContactPoint] = {}
    for point in points:
        unique.setdefault((point.kind, point.value), point)
    return list(unique.values())


def _best_channel(channels: list[Channel], medium: Medium, matter: Matter) -> Channel | None:
    """Return the channel for a medium: the one they last wrote to, else support's; never a no-reply one."""
    usable = [channel for channel in channels if channel.role in _ROLES or channel.owner_id]
    last_received = None
    if len(usable) > 1:
        last_received = matter.last_received(medium)
    heard_by = None
    if last_received:
        heard_by = last_received.channel_id
    return min(usable, key=lambda each: (each.pk != heard_by, _role_rank(each), each.pk), default=None)


def _role_rank(channel: Channel) -> int:
    role = Channel.Role(channel.role)
    if role in _ROLES:
        return _ROLES.index(role)
    return len(_ROLES)
