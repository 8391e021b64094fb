"""Options: the form of what can be set on a trigger or an action. Stored as the texts the form would send again."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms


class Options(forms.Form):
    """Base class of option forms. A field's `label` is the word in front of it in the rule's sentence, or blank.

    A choice stores a value that stays the same when its name changes, such as an id; what it names may be gone when
    the rule is read again, so `clean` refuses it then, and the rule says so instead of doing something else.
    """

    use_required_attribute = False

    # Required choices that begin empty where there are several: a colleague, a webhook. No first one is meant.
    asked: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Mapping[str, Any] | None = None, *, prefix: str = "") -> None:
        super().__init__(data, prefix=prefix or None, label_suffix="")

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Return what a field begins with: its own initial value, or the first choice where one is required."""
        initial = super().get_initial_for_field(field, field_name)
        if initial is not None or not field.required or not isinstance(field, forms.ChoiceField):
            return initial
        values = choice_values(field)
        if field_name in self.asked and len(values) > 1:
            return None
        return next(iter(values), None)

    def stored_values(self) -> dict[str, str]:
        """Return what was sent, by field, as it is stored; of a valid form."""
        return {name: str(self[name].value() or "") for name in self.fields}

    def problem(self) -> str:
        """Return what is wrong, in a sentence; blank for nothing."""
        return next((str(message) for messages in self.errors.values() for message in messages), "")


class NoOptions(Options):
    """Nothing to set."""


def choice_values(field: Any) -> list[str]:
    """Return the values of a choice field in their order, those within groups included."""
    values: list[str] = []
    for value, label in field.choices:
        is_group = isinstance(label, list | tuple)
        values += [str(one) for one, _words in label] if is_group else [str(value)]
    return values
