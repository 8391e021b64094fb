"""Translate the sentences of packages in `libs`, which know no language but English."""

from django.utils.translation import gettext

from libs.sentence import Sentence


def translate_sentence(sentence: Sentence) -> str:
    """Return a sentence in the active language, with its values filled in."""
    text = gettext(sentence.template)
    if sentence.values:
        return text % sentence.values
    return text
