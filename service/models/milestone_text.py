"""MilestoneText: what a customer reads of a milestone before and after it is reached, in a language."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused

LONGEST = 200
# [coming, done] by language.
MilestoneTexts = Mapping[str, Iterable[str]]


class MilestoneText(NamedTuple):
    """`coming`: "Your new roof goes on", until it is reached; `done`: "Your new roof is on", from then on."""

    coming: str = ""
    done: str = ""


def milestone_text(texts: MilestoneTexts, name: str, languages: Iterable[str]) -> MilestoneText:
    """Return the text in the first of these languages that has one, else in any; where one is blank: the name."""
    for language in (*languages, *texts):
        if language in texts:
            text = MilestoneText(*texts[language])
            return MilestoneText(text.coming or name, text.done or name)
    return MilestoneText(name, name)


def tidy_texts(texts: Mapping[str, MilestoneText]) -> dict[str, list[str]]:
    """Return texts as they are kept, without languages that say nothing. Raises Refused for one that is too long."""
    tidied = {}
    for language, text in texts.items():
        lines = [" ".join(line.split()) for line in text]
        if any(len(line) > LONGEST for line in lines):
            raise Refused(_("The text has %(most)s characters at most.") % {"most": LONGEST})
        if any(lines):
            tidied[language] = lines
    return tidied
