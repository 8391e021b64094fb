"""Erase a person: every app blanks its data about them. The remaining rows do not identify the person.

An app says by a `PersonalData` what it holds and how that is blanked. Events stay, for they hold ids alone; so do
suppressions, by the keyed hash of the address (comms/gate/consent/erasure.py), so that nobody is written to again by
mistake.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint, DuplicateCandidate, Merge, Person
from crm.platform import features
from crm.platform.events import events
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

_BLANKED = ("company", "language", "own_fields", "unconfirmed_since", "erased_at")


@dataclass(frozen=True)
class ErasureSubject:
    """The person to erase: all merged record ids, all contact values, and the replacement name."""

    people: frozenset[int]
    values: tuple[str, ...]
    name: str
    by: Member


def _no_hold(people: frozenset[int]) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class PersonalData(Feature):
    """An app's data about people: how to count it, blank it, and report a reason it must be kept."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "personal_data"

    name: str
    label: str | Promise
    # Of these people, by id.
    count: Callable[[frozenset[int]], int]
    erase: Callable[[ErasureSubject], None]
    # A sentence where something must be kept; blank where nothing must.
    hold: Callable[[frozenset[int]], str] = _no_hold


def holdings(person: Person) -> list[tuple[str, int]]:
    """Return (label, count) of everything that would be erased of a person."""
    people = _record_ids(person)
    return [(str(data.label), data.count(people)) for data in features.of(PersonalData)]


def hold_of(person: Person) -> str:
    """Return the reason a person may not be erased now; blank if they may."""
    people = _record_ids(person)
    return next((why for data in features.of(PersonalData) if (why := data.hold(people))), "")


@transaction.atomic
def erase(person: Person, *, by: Member) -> None:
    """Erase a person permanently. Idempotent. Raises Refused if the record is merged, or data must be kept."""
    person.lock()
    if person.erased_at is not None:
        return
    if person.merged_into_id:
        raise Refused(_("This record is part of another. Erase that one."))
    if why := hold_of(person):
        raise Refused(why)
    people = _record_ids(person)
    values = ContactPoint.objects.filter(person_id__in=people).values_list("value", flat=True)
    with translation.override(directory().tenant.language):
        subject = ErasureSubject(people, tuple(sorted(set(values))), _("Erased person"), by)
    for data in features.of(PersonalData):
        data.erase(subject)
    person.refresh_from_db()
    events.record("person.erased", subject=person, by=by, data={"records": sorted(people)})


def _record_ids(person: Person) -> frozenset[int]:
    """Return the ids of a person's record and of all that were merged into it."""
    ids = {person.pk}
    new = {person.pk}
    while new:
        new = set(Person.objects.filter(merged_into_id__in=new).values_list("pk", flat=True)) - ids
        ids |= new
    return frozenset(ids)


def count_points(people: frozenset[int]) -> int:
    """Count a person's addresses and numbers."""
    return int(ContactPoint.objects.filter(person_id__in=people).count())


def erase_points(subject: ErasureSubject) -> None:
    """Blank the person records: name, contact points, company, language, own fields, and the data of merges."""
    ContactPoint.objects.filter(person_id__in=subject.people).delete()
    for ends in ("one", "other"):
        DuplicateCandidate.objects.filter(**{f"{ends}_id__in": subject.people}).delete()
    Merge.objects.filter(kept_id__in=subject.people).update(doubles={}, gained={}, taken_back_at=clock.now())
    for record in Person.objects.filter(pk__in=subject.people):
        record.name = subject.name
        record.company = None
        record.language = ""
        record.own_fields = {}
        record.unconfirmed_since = None
        record.erased_at = clock.now()
        record.save(update_fields=["name", "name_key", *_BLANKED])
