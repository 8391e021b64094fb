"""Translatable sentences of a library without Django."""

from collections.abc import Mapping
from typing import Any, Self


class Sentence(str):
    """An English sentence with its template and values: `Sentence("%(count)s rows are empty.") % {"count": 3}`.

    Modules import it as `_`, so that gettext's tools find the templates. A value may be a sentence itself. A number
    has its thousands grouped: with a comma here, as the reader's language does in a translation.
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, values: Mapping[str, Any] | None = None) -> Self:
        sentence = super().__new__(cls, str.__mod__(template, _english_values(values)) if values else template)
        sentence.template = template
        sentence.values = values or {}
        return sentence

    def __mod__(self, values: Any, /) -> "Sentence":
        return Sentence(self.template, values)


def _english_values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
