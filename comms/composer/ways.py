"""By which ways a customer can be written to: medium, the brand's channel, and their addresses or numbers."""

from dataclasses import dataclass

from comms.channels.registry import provider_of
from comms.composer.matter import Matter
from comms.models import Channel, Medium
from crm.people.models import ContactPoint

# In the order they are offered.
WRITTEN = (Medium.EMAIL, Medium.SMS, Medium.WHATSAPP)
_POINTS = {
    Medium.EMAIL: (ContactPoint.Kind.EMAIL,),
    Medium.SMS: (ContactPoint.Kind.PHONE,),
    Medium.WHATSAPP: (ContactPoint.Kind.PHONE, ContactPoint.Kind.WHATSAPP),
}
# Of a household's last messages these many say which address they write from.
_LATEST = 20
_ROLES = (Channel.Role.SUPPORT, Channel.Role.SALES, Channel.Role.ADMIN)


@dataclass(frozen=True)
class Way:
    """One way to write to a customer."""

    medium: Medium
    channel: Channel
    points: tuple[ContactPoint, ...]

    @property
    def takes_files(self) -> bool:
        """Whether its provider carries files."""
        carrier = provider_of(self.channel)
        return carrier is not None and self.medium in carrier.carries_files


def ways(matter: Matter) -> list[Way]:
    """Return the ways to write to a matter's customer, in the usual order."""
    if matter.forwards:
        mailboxes = Channel.objects.in_use().of_brands().filter(brand=matter.brand, medium=Medium.EMAIL)
        mailbox = _channel(list(mailboxes), Medium.EMAIL, matter)
        if mailbox:
            return [Way(Medium.EMAIL, mailbox, ())]
        return []
    if matter.person is None:
        return []
    points = _points(matter)
    channels = _channels(matter)
    found = []
    for medium in WRITTEN:
        theirs = tuple(point for point in points if point.kind in _POINTS[medium])
        ours = _channel([channel for channel in channels if channel.medium == medium], medium, matter)
        if theirs and ours:
            found.append(Way(medium, ours, theirs))
    return found


def _channels(matter: Matter) -> list[Channel]:
    """Return the brand's channels, or of private mail the owner's own: an answer must not leave by a shared address."""
    in_use = Channel.objects.in_use().filter(medium__in=WRITTEN)
    if matter.mailbox_owner_id is not None:
        return list(in_use.filter(owner=matter.mailbox_owner_id))
    return list(in_use.of_brands().filter(brand=matter.brand))


def _points(matter: Matter) -> list[ContactPoint]:
    """Return the addresses and numbers of the person, then those of their household; last used ones first there."""
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


def _channel(channels: list[Channel], medium: Medium, matter: Matter) -> Channel | None:
    """Return the brand's channel of a medium: the one they last wrote to, else support's, never one of no reply."""
    usable = [channel for channel in channels if channel.role in _ROLES or channel.owner_id]
    heard = None
    if len(usable) > 1:
        heard = matter.last_received(medium)
    heard_by = None
    if heard:
        heard_by = heard.channel_id
    return min(usable, key=lambda each: (each.pk != heard_by, _rank(each), each.pk), default=None)


def _rank(channel: Channel) -> int:
    role = Channel.Role(channel.role)
    if role in _ROLES:
        return _ROLES.index(role)
    return len(_ROLES)
