"""Merge two records of one person, by a person's decision, and undo it.

Every reference to the merged person is pointed to the one kept; columns are found by walking the models, so that no app
is forgotten. The merged record stays, and the Merge says what came from it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.core import serializers
from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import DuplicateCandidate, Merge, Person
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel, TenantOneToOneField

if TYPE_CHECKING:
    Key = TenantForeignKey[Any, Any] | TenantOneToOneField[Any, Any]

# These are about the two records themselves and keep pointing to each.
_ABOUT_RECORDS = (Person, Merge, DuplicateCandidate)
# What the kept person may take over from the other.
FIELDS = ("name", "company", "language")


@transaction.atomic
def merge(kept: Person, other: Person, *, by: Member, take: tuple[str, ...] = ()) -> Merge:
    """Merge `other` into `kept`. `take`: the FIELDS to take from `other`; fields empty in `kept` are always taken.

    Raises Refused for one and the same record, and when either has been merged away meanwhile.
    """
    locked = {
        row.pk: row for row in Person.objects.select_for_update().filter(pk__in=[kept.pk, other.pk]).order_by("pk")
    }
    if len(locked) < 2:
        raise Refused(_("That is the same record."))
    kept = locked[kept.pk]
    other = locked[other.pk]
    if kept.merged_into_id or other.merged_into_id:
        raise Refused(_("One of the two has been merged in the meantime."))
    done = Merge(kept=kept, merged=other, member=by, gained=_take_fields(kept, other, take))
    for model, field in keys_to_person():
        _repoint_rows(model, field, done)
    done.save()
    other.merged_into = kept
    other.save(update_fields=["merged_into"])
    DuplicateCandidate.objects.filter(one__in=locked, other__in=locked).update(decided_at=done.at, decided_by=by)
    moved = {name: len(ids) for name, ids in done.moved.items()}
    events.record("person.merged", subject=kept, by=by, data={"merged": other.pk, "moved": moved})
    # Ends what waits for a date of the merged record; the kept one has the date now.
    events.record("person.merged_away", subject=other, by=by, data={"kept": kept.pk})
    return done


@transaction.atomic
def unmerge(uid: UUID, *, by: Member) -> Merge:
    """Undo a merge: move its rows back, except those moved since. Later rows stay with the kept person.

    Raises Refused when the kept person has itself been merged away since. Again: nothing more.
    """
    done: Merge = Merge.objects.select_for_update().get(uid=uid)
    if done.taken_back_at:
        return done
    both = Person.objects.select_for_update().filter(pk__in=[done.kept_id, done.merged_id]).order_by("pk")
    people = {row.pk: row for row in both}
    kept = people[done.kept_id]
    other = people[done.merged_id]
    if kept.merged_into_id:
        raise Refused(_("The record that was kept has since been merged into another. Undo that merge first."))
    for model, field in keys_to_person():
        ids = done.moved.get(_field_key(model, field), [])
        if ids:
            model._base_manager.filter(pk__in=ids, **{field.attname: kept.pk}).update(**{field.attname: other.pk})
    for rows in done.doubles.values():
        for double in serializers.deserialize("json", rows):
            double.save()
    _give_back(kept, done.gained)
    other.merged_into = None
    other.save(update_fields=["merged_into"])
    done.taken_back_at = clock.now()
    done.save(update_fields=["taken_back_at"])
    DuplicateCandidate.objects.filter(one__in=people, other__in=people).update(decided_at=None, decided_by=None)
    events.record("person.taken_apart", subject=kept, by=by, data={"merged": other.pk})
    events.record("person.restored", subject=other, by=by, data={"kept": kept.pk})
    return done


def keys_to_person() -> "Iterator[tuple[type[TenantModel], Key]]":
    """List every column of every app that references a person, except those about the records themselves."""
    for model in apps.get_models():
        if issubclass(model, TenantModel) and model not in _ABOUT_RECORDS:
            for field in model._meta.local_fields:
                if isinstance(field, TenantForeignKey | TenantOneToOneField) and field.related_model is Person:
                    yield model, field


def _field_key(model: type[models.Model], field: "Key") -> str:
    return f"{model._meta.label_lower}.{field.name}"


def _repoint_rows(model: type[TenantModel], field: "Key", done: Merge) -> None:
    """Point one column's rows to the kept person. Rows the kept person already has are deleted as duplicates."""
    rows = model._base_manager.filter(**{field.attname: done.merged_id})
    doubles = []
    if _is_unique(model, field):
        doubles = [row for row in rows if _has_double(model, field, row, done.kept_id)]
    if doubles:
        done.doubles[model._meta.label_lower] = serializers.serialize("json", doubles)
        model._base_manager.filter(pk__in=[row.pk for row in doubles]).delete()
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if ids:
        done.moved[_field_key(model, field)] = ids
        rows.update(**{field.attname: done.kept_id})


def _unique_sets(model: type[models.Model], field: "Key") -> list[tuple[str, ...]]:
    """Return the sets of columns with a unique constraint that includes this column."""
    constraints = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    return [tuple(c.fields) for c in constraints if field.name in c.fields] + ([(field.name,)] if field.unique else [])


def _is_unique(model: type[models.Model], field: "Key") -> bool:
    return bool(_unique_sets(model, field))


def _has_double(model: type[TenantModel], field: "Key", row: Any, kept_id: int) -> bool:
    columns = {column.name: column.attname for column in model._meta.concrete_fields}
    for names in _unique_sets(model, field):
        same = {columns[name]: getattr(row, columns[name]) for name in names}
        if model._base_manager.filter(**same | {field.attname: kept_id}).exists():
            return True
    return False


def _take_fields(kept: Person, other: Person, take: tuple[str, ...]) -> dict[str, Any]:
    """Copy fields the kept person lacks, or that were chosen. Returns each column's value before and after."""
    gained = {}
    columns = {field.name: field.attname for field in Person._meta.concrete_fields}
    for name in FIELDS:
        column = columns[name]
        before = getattr(kept, column)
        theirs = getattr(other, column)
        if theirs and theirs != before and (name in take or not before):
            gained[column] = [before, theirs]
            setattr(kept, column, theirs)
    own = other.own_fields | kept.own_fields
    if own != kept.own_fields:
        gained["own_fields"] = [kept.own_fields, own]
        kept.own_fields = own
    if gained:
        kept.save()
    return gained


def _give_back(kept: Person, gained: dict[str, list[Any]]) -> None:
    """Restore the kept person's columns, except those edited since."""
    for column, (before, taken) in gained.items():
        if getattr(kept, column) == taken:
            setattr(kept, column, before)
    if gained:
        kept.save()
