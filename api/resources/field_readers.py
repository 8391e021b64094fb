"""Read the fields of many records: `Serializer.to_representation` of DRF, with what it asks of each field asked once.

For each field of each record, DRF looks up where the value comes from, what kind of value it is, and the time zone.
docs/what-we-replace.md has the figures.
"""

from collections.abc import Callable
from typing import Any

from rest_framework.serializers import DateTimeField, Serializer, SerializerMethodField

RecordReader = Callable[[Any], Any]


def build_reader(serializer: Serializer) -> RecordReader:
    """Return the function that shows a record. It raises AttributeError for a record without a field's attribute."""
    fields = [(str(field.field_name), *_source_and_reader(field), field) for field in serializer._readable_fields]

    def read_record(record: Any) -> dict[str, Any]:
        values = {}
        for name, source, show, field in fields:
            if source is None:
                values[name] = show(record)
                continue
            value = getattr(record, source)
            if callable(value):
                # A method whose result is shown.
                value = field.get_attribute(record)
            values[name] = value if value is None else show(value)
        return values

    return read_record


def _source_and_reader(field: Any) -> tuple[str | None, RecordReader]:
    """Return the attribute that a field shows, None for the record itself, and the function that shows its value."""
    show: RecordReader = field.to_representation
    if isinstance(field, SerializerMethodField):
        return None, getattr(field.parent, field.method_name)
    if type(field) is DateTimeField and not hasattr(field, "format"):
        zone = field.default_timezone()
        show = lambda at: at.astimezone(zone).isoformat().replace("+00:00", "Z")  # noqa: E731
    elif isinstance(field, Serializer) and type(field).to_representation is Serializer.to_representation:
        show = build_reader(field)
    if field.source == "*":
        return None, show
    return field.source, show
