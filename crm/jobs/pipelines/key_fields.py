"""KeyField: a fact of a lead that a step may require: a test for presence, its label, and the form that sets it.

Apps add them by a `KeyFieldSource`. The list of leads filters by them (`missing:is:value`), a step shows up to five
of them and asks for any of them before a lead goes on, and the quality of the data is counted by them.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import BooleanField, Case, Q, Value, When
from django.utils.functional import Promise

from crm.platform import features
from crm.platform.features import Feature

Text = str | Promise


@dataclass(frozen=True)
class KeyField:
    """A fact that is present or missing."""

    key: str
    # "Value", and what is said where it is missing: "No value".
    label: Text
    missing: Text
    # The condition on jobs under which it is there.
    is_there: Callable[[], Q]
    # The form part that fills it in (crm/jobs/quality/corrections.py), or the purpose of a RecordLink of the job.
    part: str = ""
    link: str = ""
    # From the phase of this place on every open lead is to have it, whatever its steps ask; None: where one asks.
    from_phase: int | None = None


@dataclass(frozen=True)
class KeyFieldSource(Feature):
    """The key fields of an app, for the current tenant."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "key_fields"

    name: str
    read: Callable[[], Iterable[KeyField]]


def key_fields() -> dict[str, KeyField]:
    """Return all key fields by key, in order."""
    return {one.key: one for source in features.of(KeyFieldSource) for one in source.read()}


def present(rows: Any, ids: Collection[int], keys: Collection[str]) -> dict[int, frozenset[str]]:
    """Return which of these fields are present, by job id: one statement over `rows`, a queryset of jobs."""
    fields = key_fields()
    wanted = [key for key in keys if key in fields]
    columns = {
        f"field{at}": Case(When(fields[key].is_there(), then=Value(True)), default=False, output_field=BooleanField())
        for at, key in enumerate(wanted)
    }
    rows_found = rows.filter(pk__in=list(ids)).order_by().annotate(**columns).values_list("pk", *columns)
    return {
        pk: frozenset(key for key, there in zip(wanted, values, strict=True) if there) for pk, *values in rows_found
    }
