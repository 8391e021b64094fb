"""Lexicons of labels by language, read from `lexicons/*.toml` (docs/rules.md#k12). Pure."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from assistant.reading.folding import fold_text
from assistant.reading.phrases import PhraseIndex
from assistant.reading.vocabulary import VALUES

_FOLDER = Path(__file__).parent / "lexicons"
LANGUAGES = ("en", "nl")
SENTIMENT = "sentiment"
# Words that tell the languages apart.
_COMMON = {
    "en": frozenset(
        """
        the a an i you we my your is are was have has had do does did can could would will please and of for with to in
        that this it not no yes on be at from me our us they he she if when what how thanks thank hi hello but so
        """.split()
    ),
    "nl": frozenset(
        """
        de het een ik je jij u uw jullie we wij mijn ons onze is zijn was heb heeft had kan kunt kunnen zou wil graag
        en van voor met te dat dit niet geen op bij uit er naar hij zij als wanneer wat hoe bedankt dank maar dus nog
        al ja om aan ook mag moet wordt
        """.split()
    ),
}


class PhraseValue(NamedTuple):
    """The meaning of a phrase: a label of a facet with its weight, or a share of sentiment (`facet` "sentiment")."""

    facet: str
    label: str
    weight: float
    begins_negated: bool


class LabelLexicon(NamedTuple):
    """The phrases of a language, and its words of negation and emphasis."""

    phrases: PhraseIndex
    negations: frozenset[str]
    intensifiers: frozenset[str]


@cache
def label_lexicon(language: str) -> LabelLexicon:
    """Read the lexicon of a language. Raises ValueError for a label that does not exist."""
    read = _read_file(language)
    negations = frozenset(_phrases(read["words"]["negations"]))
    intensifiers = frozenset(_phrases(read["words"]["intensifiers"]))
    return LabelLexicon(PhraseIndex(_values(read, negations)), negations, intensifiers)


def _values(read: dict[str, Any], negations: frozenset[str]) -> Iterator[tuple[str, PhraseValue]]:
    for facet, values in VALUES.items():
        for label, by_weight in read.get(facet, {}).items():
            if label not in values and label != "low":
                raise ValueError(f"no label {facet}.{label}")
            for weight, phrases in by_weight.items():
                for phrase in _phrases(phrases):
                    yield phrase, PhraseValue(facet, label, float(weight), phrase.split()[0] in negations)
    for weight, phrases in read[SENTIMENT].items():
        for phrase in _phrases(phrases):
            yield phrase, PhraseValue(SENTIMENT, "", float(weight), phrase.split()[0] in negations)


@cache
def read_orders() -> PhraseIndex:
    """Read the phrases of sentences that talk to a program."""
    return PhraseIndex((phrase, phrase) for phrase in _phrases(_read_file("machine")["words"]["phrases"]))


def _read_file(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _phrases(text: str) -> list[str]:
    """Split a list of phrases and fold them as messages are folded."""
    phrases = [" ".join(fold_text(phrase).split()) for phrase in text.replace("\n", " ").split(",")]
    return list(dict.fromkeys(phrase for phrase in phrases if phrase))


def languages_of(words: list[str], stated: str = "") -> tuple[str, ...]:
    """Return the languages to read a message in: the likelier one, or both if its words do not say.

    `stated`: the customer's language, which decides if the words do not.
    """
    counts = {language: sum(word in common for word in words) for language, common in _COMMON.items()}
    best = max(counts.values())
    likely = tuple(language for language in LANGUAGES if counts[language] == best)
    if len(likely) > 1 and stated[:2] in likely:
        return (stated[:2],)
    return likely
