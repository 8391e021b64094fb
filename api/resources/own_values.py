"""The tenant's own fields of jobs, customers and properties, by their names."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from api.requests.problems import conflict_at
from api.resources.fields import TextField
from api.resources.named_setup import find_named
from crm.jobs.fields.record_form import fill_in_typed
from crm.jobs.fields.setup import OwnFieldHolder, own_fields_of, value_of
from crm.jobs.fields.values import LONGEST
from crm.kernel.refusal import Refused
from crm.platform.models import Member


class OwnValuesField(serializers.DictField):
    """Values of own fields by name, as they are typed; a blank one clears it."""

    def __init__(self, **options: Any) -> None:
        words = "Values of your own fields, by their names. A blank one clears the field."
        child = TextField(max_length=LONGEST, allow_blank=True)
        super().__init__(child=child, help_text=words, **options)


def own_values_of(record: OwnFieldHolder) -> dict[str, str]:
    """Return what a record has in its live own fields, by their names."""
    values = ((field.name, value_of(record, field)) for field in own_fields_of(type(record)).live)
    return {name: value for name, value in values if value}


def fill_in_own_values(record: OwnFieldHolder, values: Mapping[str, str], *, by: Member) -> None:
    """Set own fields of a record. Raises Problem (409) for a name that no field has, or a value it does not take."""
    for name, value in values.items():
        pointer = f"/own_fields/{name.replace('~', '~0').replace('/', '~1')}"
        field = find_named(own_fields_of(type(record)).live, name, pointer)
        try:
            fill_in_typed(field, record, value, by=by)
        except Refused as why:
            raise conflict_at(pointer, str(why)) from None
