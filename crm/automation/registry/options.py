"""Options: form with the options of a trigger or action, stored as the submitted texts."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms


class Options(forms.Form):
    """Base class of option forms. A field's `label` is the word before it in the rule's sentence, or blank.

    A choice stores a value that stays the same when its name changes, such as an id; what it names may be gone when
    the rule is read again, so `clean` refuses it then, and the rule says so instead of doing something else.
    """

    use_required_attribute = False

    # Required choices that begin empty where there are several: a colleague, a webhook. No first one is meant.
    asked: ClassVar[tuple[str, ...]] = ()

    # The fields that hold a length of time together: its count and its unit. A sentence says "1 day", not "1 days".
    span: ClassVar[tuple[str, str] | None] = None

    def __init__(self, data: Mapping[str, Any] | None = None, *, prefix: str = "") -> None:
        super().__init__(data, prefix=prefix or None, label_suffix="")

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Return the initial value of a field, or its first choice if it is required."""
        initial = super().get_initial_for_field(field, field_name)
        if initial is not None or not field.required or not isinstance(field, forms.ChoiceField):
            return initial
        values = choice_values(field)
        if field_name in self.asked and len(values) > 1:
            return None
        return next(iter(values), None)

    def stored_values(self) -> dict[str, str]:
        """Return the submitted values of a valid form by field name, for storage."""
        return {name: str(self[name].value() or "") for name in self.fields}

    def problem(self) -> str:
        """Return the first error of the form; blank if it is valid."""
        return next((str(message) for messages in self.errors.values() for message in messages), "")


class NoOptions(Options):
    """Options of a trigger or action that has none."""


def choice_values(field: Any) -> list[str]:
    """Return the values of a choice field in order, including those within groups."""
    values: list[str] = []
    for value, label in field.choices:
        is_group = isinstance(label, list | tuple)
        values += [str(one) for one, _words in label] if is_group else [str(value)]
    return values
