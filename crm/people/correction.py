"""Correct a customer's name, addresses and numbers, and the own fields of customers and properties.

The events name the changed fields, never their values.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint, Person, Property
from crm.platform.database.bulk_write import save_all
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member
from crm.platform.models.changed_fields import set_fields

CORRECTED = {Person: "person.corrected", Property: "property.corrected"}


class PointTaken(Exception):
    """The address or number is confirmed as another customer's."""


@transaction.atomic
def rename(person: Person, name: str, *, by: Member) -> None:
    """Rename the person. Records nothing if the name is unchanged."""
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.name != name[:200]:
        person.name = name[:200]
        person.save(update_fields=["name", "name_key"])
        _record(person, "name", by)


@transaction.atomic
def add_point(person: Person, kind: str, value: str, *, by: Member, note: str = "") -> None:
    """Add a contact point with a normalised value. Records nothing if it is known. Raises PointTaken."""
    if _is_anothers(person, kind, value):
        raise PointTaken
    _point, created = ContactPoint.objects.get_or_create(
        person=person, kind=kind, value=value, defaults={"note": note, "source": "typed"}
    )
    if created:
        _record(person, kind, by)


@transaction.atomic
def replace_point(person: Person, kind: str, wrong: str, right: str, *, by: Member, note: str | None = None) -> None:
    """Correct an address or number, which must be verified again, and its note unless None. Raises PointTaken."""
    if _is_anothers(person, kind, right):
        raise PointTaken
    points = ContactPoint.objects.select_for_update().filter(person=person, kind=kind)
    point = points.filter(value=wrong).first()
    if point and note is None:
        note = point.note
    if point is None or (wrong, point.note) == (right, note):
        return
    if wrong != right and points.filter(value=right).exists():
        point.delete()
    else:
        if wrong == right:
            point.verified_at = point.verified_at
        else:
            point.verified_at = None
        point.value = right
        point.note = note
        point.save(update_fields=["value", "note", "verified_at"])
    _record(person, kind, by)


@transaction.atomic
def remove_point(person: Person, kind: str, value: str, *, by: Member) -> None:
    """Remove an address or number. Records nothing if it is already gone."""
    deleted, _by_model = ContactPoint.objects.filter(person=person, kind=kind, value=value).delete()
    if deleted:
        _record(person, kind, by)


@transaction.atomic
def set_own_fields(record: Person | Property, values: dict[str, str], *, by: Member | None) -> None:
    """Set the values of the tenant's own fields of a customer or property. Records nothing if they are unchanged."""
    record.lock()
    changed = set_fields(record, {"own_fields": values})
    if changed:
        record.save(update_fields=changed)
        _record(record, "own_fields", by)


def save_own_fields(records: Sequence[Person | Property], *, by: Member | None, data: Mapping[str, Any]) -> None:
    """Save the own fields of many locked customers, or properties, that were changed. `data` goes into the events."""
    save_all(records, ["own_fields"])
    drafts = [EventDraft(CORRECTED[type(record)], record, {"fields": ["own_fields"], **data}) for record in records]
    events.record_all(drafts, by=by)


def details_of(person_id: int) -> dict[str, Any] | None:
    """Return a person's correctable details as JSON for undo: name, own fields, every contact point with its note."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        return None
    points = ContactPoint.objects.filter(person=person).order_by("kind", "value")
    plain = [
        [each.kind, each.value, each.note, each.source, each.verified_at.isoformat() if each.verified_at else None]
        for each in points
    ]
    return {"person": person_id, "name": person.name, "own_fields": person.own_fields, "points": plain}


def site_details_of(site_id: int) -> dict[str, Any] | None:
    """Return the own fields of a property as JSON for undo."""
    values = Property.objects.filter(pk=site_id).values_list("own_fields", flat=True).first()
    if values is None:
        return None
    return {"site": site_id, "own_fields": values}


@transaction.atomic
def restore_site(details: dict[str, Any], *, by: Member) -> None:
    """Restore the own fields of a property."""
    set_own_fields(Property.objects.get(pk=details["site"]), details["own_fields"], by=by)


@transaction.atomic
def restore(details: dict[str, Any], *, by: Member) -> None:
    """Restore a person's details. Raises Refused if an address is meanwhile confirmed as another person's."""
    person = Person.objects.select_for_update(no_key=True).get(pk=details["person"])
    rename(person, details["name"], by=by)
    set_own_fields(person, details.get("own_fields", person.own_fields), by=by)
    there = {(point.kind, point.value): point for point in ContactPoint.objects.filter(person=person)}
    wanted = {(kind, value): rest for kind, value, *rest in details["points"]}
    kinds = set[str]()
    for (kind, _value), point in there.items():
        if (kind, point.value) not in wanted:
            point.delete()
            kinds.add(kind)
    for (kind, value), (note, source, verified) in wanted.items():
        fields = {"note": note, "verified_at": datetime.fromisoformat(verified) if verified else None}
        point = there.get((kind, value))
        if point and all(getattr(point, name) == old for name, old in fields.items()):
            continue
        if _is_anothers(person, kind, value):
            raise Refused(_("This is confirmed as another customer’s. Compare the two records."))
        fresh = {**fields, "source": source}
        ContactPoint.objects.update_or_create(fresh, person=person, kind=kind, value=value)
        kinds.add(kind)
    for kind in sorted(kinds):
        _record(person, kind, by)


def _is_anothers(person: Person, kind: str, value: str) -> bool:
    verified = ContactPoint.objects.filter(kind=kind, value=value, verified_at__isnull=False)
    return bool(verified.exclude(person=person).exists())


def _record(record: Person | Property, field: str, by: Member | None) -> None:
    events.record(CORRECTED[type(record)], subject=record, by=by, data={"fields": [field]})
