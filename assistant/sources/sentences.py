"""Sentences of a message: split, without greetings; questions, requests, promises, amounts and days in them. Pure."""

import re
from collections.abc import Iterator

from assistant.reading.amounts import AMOUNT

LONGEST = 180
_ENDS = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|\n+")
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|hoi|beste|geachte|goedendag|dag"
    r"|goede(?:morgen|middag|n?avond)|thanks?|thank you|cheers|regards|kind regards|best(?: regards)?|bedankt"
    r"|dank(?: je| u)?(?: wel)?|groet(?:en|jes)?|met vriendelijke groet(?:en)?|mvg)"
    r"\b(?:[\s,.!]+[^\W\d_]+){0,3}[\s,.!]*$",
    re.I,
)
_REQUEST = re.compile(
    r"\b(?:please|could you|can you|would you|will you|let me know|send me|call me"
    r"|i(?: would|’d|'d)? (?:like|want|need)|kunt u|kun je|kunnen jullie|zou(?:den)? (?:u|je|jullie)"
    r"|wilt u|wil je|graag|bel me|laat (?:me|mij) (?:het )?weten)\b",
    re.I,
)
_PROMISE = re.compile(
    r"\b(?:(?:i|we)(?:’ll|'ll| will| shall| am going to| are going to)|you(?:’ll|'ll| will) (?:get|have|hear|receive)"
    r"|(?:ik|we|wij) (?:zal|zullen|kom|komen|bel|bellen|stuur|sturen|mail|mailen|laat|laten|ga|gaan)"
    r"|(?:u|je) (?:krijgt|hoort|ontvangt))\b",
    re.I,
)
_DAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:maan|dins|woens|donder|vrij|zater|zon)dag\b"
    r"|\b(?:tomorrow|tonight|morgen(?:ochtend|middag|avond)?|overmorgen|next week|volgende week)\b"
    r"|\b\d{1,2} (?:jan|feb|mar|mrt|apr|may|mei|jun|jul|aug|sep|oct|okt|nov|dec)[a-z]*\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}\b|\b\d{1,2}[:.]\d{2}(?: ?[ap]m)?\b",
    re.I,
)


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text without greetings and closings, each cut to a readable length."""
    for piece in _ENDS.split(text):
        sentence = " ".join(piece.split())
        if len(sentence) > 1 and not _GREETING.match(sentence):
            yield _cut(sentence)


def first_sentence(text: str) -> str:
    """Return the first sentence that says something; blank for none."""
    sentences = list(split_sentences(text))
    return next((one for one in sentences if len(one.split()) > 2), sentences[0] if sentences else "")


def asked_sentences(text: str) -> list[str]:
    """Return the questions and requests of a text, in their order."""
    return [one for one in split_sentences(text) if one.rstrip('"”’) ').endswith("?") or _REQUEST.search(one)]


def promised_sentences(text: str) -> list[str]:
    """Return the sentences by which the writer promises something."""
    return [one for one in split_sentences(text) if _PROMISE.search(one) and not one.endswith("?")]


def amounts_and_days(text: str) -> list[str]:
    """Return the amounts, days and times that a text names, each once."""
    matches = [match.group().strip() for pattern in (AMOUNT, _DAY) for match in pattern.finditer(text)]
    return list(dict.fromkeys(matches))


def _cut(sentence: str) -> str:
    if len(sentence) <= LONGEST:
        return sentence
    return sentence[:LONGEST].rsplit(" ", 1)[0] + "…"
