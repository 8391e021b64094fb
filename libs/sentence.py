"""Translatable sentences of a library without Django."""

from collections.abc import Mapping
from typing import Any, Self


class Sentence(str):
    """An English sentence with its template and values: `Sentence("%(count)d rows are empty.") % {"count": 3}`.

    Modules import it as `_`, so that gettext's tools find the templates. A value may be a sentence itself.
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, values: Mapping[str, Any] | None = None) -> Self:
        sentence = super().__new__(cls, str.__mod__(template, values) if values else template)
        sentence.template = template
        sentence.values = values or {}
        return sentence

    def __mod__(self, values: Any, /) -> "Sentence":
        return Sentence(self.template, values)
