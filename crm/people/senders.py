"""Find the sender of a message or call by contact value and name. Unknown senders are created unconfirmed.

A point identifies a person only where the names agree
(docs/rules.md#k19). Nobody is ever merged by it: whoever might be one of its
other holders becomes a record of their own, and the pair is suggested.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.people.identity.names import names_agree
from crm.people.identity.points import NoIdentity, PointRule, is_crowded, match_name, own_points
from crm.people.lookup import lock_contact_values
from crm.people.models import ContactPoint, DuplicateCandidate, Person
from crm.platform.database.bulk_write import insert_all
from crm.platform.organization.readable_address import readable_address

# How we came by a point, and how long a person's name may be.
SOURCE = "message"
LONGEST_NAME = 200


@dataclass(frozen=True)
class Sender:
    """Sender: the person, the matching point, and the reason. No person if the point identifies none."""

    person: Person | None
    point: ContactPoint | None
    why: str
    is_new: bool = False


def find_sender(
    kind: str, value: str, name: str, *, create: bool = True, among: QuerySet[Person] | None = None
) -> Sender:
    """Find the person with a normalised contact value and a name ("" for none), or create them unconfirmed.

    `among`: whom the asker may see; of anybody else they learn nothing, and get a record of their own.
    """
    points, sender = _find_holder(kind, value, name, among)
    if sender or not create:
        return sender or Sender(None, None, _("It matches no known customer."))
    # Two who write at once from an address nobody knew are one person.
    lock_contact_values([value])
    points, sender = _find_holder(kind, value, name, among)
    if sender:
        return sender
    point = _create(kind, value, name, [point.person_id for point in points])
    return Sender(point.person, point, _("It matches no known customer of that name: confirm who it is."), is_new=True)


def _find_holder(
    kind: str, value: str, name: str, among: QuerySet[Person] | None
) -> tuple[list[ContactPoint], Sender | None]:
    """Return the points with this value, and the sender if known; without a person if the value identifies none."""
    points = list(ContactPoint.objects.reached_at(value).select_related("person").order_by("pk"))
    against = PointRule(own_points()).against(kind, value)
    if against is None and is_crowded([name, *(point.person.name for point in points)]):
        against = NoIdentity.SHARED
    if against and against is not NoIdentity.ROLE:
        return points, Sender(None, None, against.sentence)
    seen = points
    if among is not None:
        people = set(among.filter(pk__in=[point.person_id for point in points]).values_list("pk", flat=True))
        seen = [point for point in points if point.person_id in people]
    holder = _choose_holder(seen, name, by_role=against is NoIdentity.ROLE)
    return points, Sender(holder.person, holder, _why(holder)) if holder else None


def _choose_holder(points: list[ContactPoint], name: str, *, by_role: bool) -> ContactPoint | None:
    """Return the point confirmed by a holder of that name, else the point of the holder the name matches, or None."""
    confirmed = next((point for point in points if point.verified_at), None)
    if confirmed and names_agree(name, confirmed.person.name):
        return confirmed
    at = match_name(name, [(point.person.name, at) for at, point in enumerate(points)], by_role=by_role)
    if at is None:
        return None
    return points[at]


def _why(point: ContactPoint) -> str:
    if point.verified_at:
        return _("They confirmed that it is theirs.")
    return _("It is their address or number, and the name matches.")


def _create(kind: str, value: str, name: str, others: Iterable[int]) -> ContactPoint:
    person: Person = Person.objects.create(
        name=(name or readable_address(value))[:LONGEST_NAME], unconfirmed_since=clock.now()
    )
    point: ContactPoint = ContactPoint.objects.create(person=person, kind=kind, value=value, source=SOURCE)
    reason = DuplicateCandidate.DuplicateReason.MESSAGE.value
    now = clock.now()
    pairs = [{"one_id": pk, "other_id": person.pk, "reason": reason, "found_at": now} for pk in sorted(set(others))]
    insert_all(DuplicateCandidate, pairs, ignore_conflicts=True)
    return point
