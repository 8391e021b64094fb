"""Redactor: replaces personal data in texts before they are sent, and puts it back into the answer.

“Call me on 813 555 0142” becomes “Call me on [phone 1]”. The same value has the same word in all texts of a request.
Web addresses are always replaced, and never put back.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from phonenumbers import Leniency, PhoneNumberMatcher

from assistant.models import AssistantSetup, TextSharing
from assistant.reading.amounts import AMOUNT


class PersonalPart(NamedTuple):
    """A part of a text to replace; `shared_by`: the field of AssistantSetup that decides about it."""

    begin: int
    end: int
    word: str
    shared_by: str


_URL = re.compile(r"\b(?:https?://|www\.)\S+", re.I)
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
# Groups of digits that are no number of a valid length may be one of a phone all the same.
_DIGITS = re.compile(r"(?<![\w/.,-])\+?\(?\d[\d ().-]{7,}\d\b")
_DATE = re.compile(r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b|\b\d{1,2}[:.]\d{2}\b")
# Claim, policy and customer numbers: by a word before them, or by their form, digits with or without letters.
_NAMED_NUMBER = re.compile(
    r"\b(?:claim|policy|polis|schade|dossier|file|kenmerk|account|klant)(?:\s?-?(?:number|nummer|nr|no|id))?\.?"
    r"\s?(?:is|:|#)?\s{0,2}#?([A-Z0-9][A-Z0-9/.-]*\d[A-Z0-9/.-]*\b)",
    re.I,
)
_NUMBER = re.compile(r"(?<![A-Z0-9/-])[/-]*+(?=(?:[A-Z/-]*+\d){5})[A-Z0-9]+(?:[-/][A-Z0-9]+)*\b", re.I)
_STREET_ENDS = "street|st|avenue|ave|road|rd|drive|dr|lane|ln|court|ct|place|pl|boulevard|blvd|circle|way|terrace|trail"
_STREET = re.compile(
    rf"\b\d{{1,6}}[a-z]? (?:[A-Z][\w.'’-]* ){{1,4}}(?:{_STREET_ENDS})\b\.?(?:,? (?:apt|unit|#) ?\w+)?", re.I
)
_DUTCH_STREET = re.compile(
    r"(?<![\w'’-])(?=[\w'’-]*[A-Z])[\w'’-]*(?:straat|laan|weg|plein|gracht|kade|singel|dijk|hof|pad|dreef|markt|steeg)"
    r" \d{1,5}\s?[a-zA-Z]?\b"
)
_POSTCODE = re.compile(r"\b\d{4} ?[A-Z]{2}\b|\b[A-Z]{2} \d{5}(?:-\d{4})?\b")
_WORD_IN_BRACKETS = re.compile(r"\[(?:phone|mail|address|number|iban|price|name|customer|colleague|link) ?\d*\]")


class Redactor:
    """Replaces the personal parts of all texts of one request.

    `hidden` counts the replaced parts by kind, `kept_back` the texts that were left out.
    """

    def __init__(self, setup: AssistantSetup, country: str, names: Mapping[str, str] | None = None) -> None:
        self.setup = setup
        self.country = country
        self.hidden: Counter[str] = Counter()
        self.kept_back: Counter[str] = Counter()
        self._words: dict[tuple[str, str], str] = {}
        self._values: dict[str, str] = {}
        # Longer ones first: "Anna Maria Smith" before "Anna".
        self._names = sorted(((name, word) for name, word in (names or {}).items() if name.strip()), key=_longest_first)

    def redact(self, text: str, *, is_trusted: bool = False) -> str | None:
        """Return a text with personal parts replaced; None if it has a part that may never be sent.

        `is_trusted`: the organization's own template, whose web addresses may stand in an answer.
        """
        parts = list(self._personal_parts(text))
        never = [part for part in parts if part.shared_by and getattr(self.setup, part.shared_by) == TextSharing.NEVER]
        if never:
            self.kept_back[never[0].shared_by] += 1
            return None
        pieces: list[str] = []
        place = 0
        for part in sorted(part for part in parts if self._is_hidden(part)):
            value = text[part.begin : part.end]
            word = self._word_for(part.word, value)
            if is_trusted or part.word != "link":
                self._values[word] = value
            pieces += [text[place : part.begin], word]
            place = part.end
        return "".join([*pieces, text[place:]])

    def restore(self, text: str) -> str:
        """Put the replaced values back into an answer; unknown words and web addresses stay as they are."""
        return _WORD_IN_BRACKETS.sub(lambda match: self._values.get(match.group(), match.group()), text)

    def _is_hidden(self, part: PersonalPart) -> bool:
        return part.shared_by == "" or getattr(self.setup, part.shared_by) == TextSharing.HIDDEN

    def _word_for(self, kind: str, value: str) -> str:
        self.hidden[kind.partition(" ")[0]] += 1
        key = (kind, " ".join(value.casefold().split()))
        if key not in self._words:
            count = sum(1 for used_kind, _value in self._words if used_kind == kind) + 1
            self._words[key] = f"[{kind} {count}]"
        return self._words[key]

    def _personal_parts(self, text: str) -> Iterator[PersonalPart]:
        """Find the parts in the order of their precedence; of two that overlap the first is kept."""
        taken: list[tuple[int, int]] = []
        for part in self._all_parts(text):
            if all(part.end <= begin or part.begin >= end for begin, end in taken):
                taken.append((part.begin, part.end))
                yield part

    def _all_parts(self, text: str) -> Iterator[PersonalPart]:
        yield from _parts(_URL.finditer(text), "link", "")
        yield from _parts(_EMAIL.finditer(text), "mail", "contacts")
        yield from _parts(_IBAN.finditer(text), "iban", "numbers")
        yield from _parts(AMOUNT.finditer(text), "price", "prices")
        yield from _parts(_NAMED_NUMBER.finditer(text), "number", "numbers", group=1)
        for match in PhoneNumberMatcher(text, self.country, leniency=Leniency.POSSIBLE):
            yield PersonalPart(match.start, match.end, "phone", "contacts")
        for pattern in (_STREET, _DUTCH_STREET, _POSTCODE):
            yield from _parts(pattern.finditer(text), "address", "contacts")
        dates = [match.span() for match in _DATE.finditer(text)]
        for pattern, word, shared_by in ((_DIGITS, "phone", "contacts"), (_NUMBER, "number", "numbers")):
            matches = (match for match in pattern.finditer(text) if match.span() not in dates)
            yield from _parts(matches, word, shared_by)
        for name, word in self._names:
            shared_by = "contacts" if word == "address" else "names"
            yield from _parts(re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.I), word, shared_by)


def _longest_first(pair: tuple[str, str]) -> int:
    return -len(pair[0])


def _parts(matches: Iterable[re.Match[str]], word: str, shared_by: str, group: int = 0) -> Iterator[PersonalPart]:
    return (PersonalPart(*match.span(group), word, shared_by) for match in matches)
