"""Translate the sentences of packages in `libs`, which know no language but English."""

from typing import Any

from django.utils.translation import gettext

from crm.kernel.formats import whole_number
from libs.sentence import Sentence


def translate_sentence(sentence: Sentence) -> str:
    """Return a sentence in the active language, with its values filled in and its numbers grouped."""
    text = gettext(sentence.template)
    if sentence.values:
        return text % {name: _value_text(value) for name, value in sentence.values.items()}
    return text


def _value_text(value: Any) -> Any:
    if isinstance(value, int):
        return whole_number(value)
    return value
