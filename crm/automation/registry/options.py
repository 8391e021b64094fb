"""Options: the form of what can be set on a trigger or an action. Stored as the texts the form would send again."""

from collections.abc import Mapping
from typing import Any

from django import forms


class Options(forms.Form):
    """Base class of option forms. A field's `label` is the word in front of it in the rule's sentence, or blank.

    A choice stores a value that stays the same when its name changes, such as an id; what it names may be gone when
    the rule is read again, so `clean` refuses it then, and the rule says so instead of doing something else.
    """

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, prefix: str = "") -> None:
        super().__init__(data, prefix=prefix or None, label_suffix="")

    def stored(self) -> dict[str, str]:
        """Return what was sent, by field, as it is stored; of a valid form."""
        return {name: str(self[name].value() or "") for name in self.fields}

    def problem(self) -> str:
        """Return what is wrong, in a sentence; blank for nothing."""
        return next((str(message) for messages in self.errors.values() for message in messages), "")


class NoOptions(Options):
    """Nothing to set."""
