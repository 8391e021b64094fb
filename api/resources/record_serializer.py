"""RecordSerializer: how a record is shown. `?fields=` leaves out the others."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

from rest_framework import serializers

from api.resources.field_readers import RecordReader, build_reader


class RecordSerializer(serializers.Serializer):
    """The fields of a record, or those of them that were asked for."""

    def __init__(self, *args: Any, shown_fields: Collection[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if shown_fields:
            for name in set(self.fields) - set(shown_fields):
                self.fields.pop(name)

    @cached_property
    def _read(self) -> RecordReader:
        return build_reader(self)

    def to_representation(self, instance: Any) -> Any:
        try:
            return self._read(instance)
        except AttributeError:
            return super().to_representation(instance)


class NamedSerializer(serializers.Serializer):
    """A record that another one names."""

    id = serializers.UUIDField(source="uid")
    name = serializers.CharField()


def named_record(row: Any) -> dict[str, str]:
    """Return what NamedSerializer shows of a row. Lists call it for each record: making a serializer takes longer."""
    return {"id": str(row.uid), "name": row.name}
