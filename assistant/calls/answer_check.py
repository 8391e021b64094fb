"""Check the answer of a model: its JSON, its schema, its language, and what it may not contain.

An answer is never rendered as HTML. What looks like a link or markup is refused all the same: nobody should copy it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F, IntegerField
from django.db.models.expressions import Value
from django.db.models.functions import Length, Lower, StrIndex

from assistant.models import CallVerdict
from crm.platform.models import Tenant
from crm.platform.tenancy.context import required_tenant_id

LONGEST = 20_000
# The beginning of a tag or the middle of a link is enough.
_MARKUP = re.compile(r"</?[a-z!]|&#?\w{1,32};|\]\(|```", re.I)
_LINK = re.compile(
    r"https?:|www\.|javascript:|data:\w{1,32}/|[\w-]\.(?:com|net|org|io|nl|eu|info|biz|ru|cn|xyz|top)\b", re.I
)
_WORD = re.compile(r"[^\W\d_]+")
# Words that tell languages apart; an answer in one of the others was not asked for.
_COMMON = {
    "en": "the and is of to that was for with has have not will they are she he by this been",
    "nl": "de het een en van dat niet is op te voor met heeft zijn ze hij wordt om bij nog",
    "de": "der die das und ist nicht den ein eine mit von sich auf wird wurde sie hat dem auch",
    "fr": "le la les des est et une dans que pour pas sur avec qui ce elle il au du nous",
    "es": "el los las es y una que por con para del se no su lo como más ha esta en",
    "it": "il di che è un una per non con del sono della gli ha si nel alla le dei ma",
    "pt": "o os as é e um uma que não do da em para com por foi seu mais ao dos",
}
_COMMON_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_FEWEST_WORDS = 8


class InvalidAnswer(Exception):
    """An answer can't be used; `verdict`: a CallVerdict."""

    def __init__(self, verdict: str) -> None:
        super().__init__(verdict)
        self.verdict = verdict


def read_answer(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Parse an answer and validate it against its schema. Raises InvalidAnswer."""
    from jsonschema import Draft202012Validator  # slow to import, and only workers need it

    if len(text) > LONGEST:
        raise InvalidAnswer(CallVerdict.OVERSIZED)
    try:
        answer = json.loads(text)
    except ValueError:
        raise InvalidAnswer(CallVerdict.INVALID) from None
    if not isinstance(answer, dict) or not Draft202012Validator(dict(schema)).is_valid(answer):
        raise InvalidAnswer(CallVerdict.INVALID)
    return answer


def check_language(texts: Iterable[str], language: str) -> None:
    """Raise InvalidAnswer if texts of a language are mostly in another one; a few words say nothing."""
    words = [word.casefold() for text in texts for word in _WORD.findall(text)]
    if language not in _COMMON_WORDS or len(words) < _FEWEST_WORDS:
        return
    counts = {name: sum(word in common for word in words) for name, common in _COMMON_WORDS.items()}
    is_latin = sum(word.isascii() for word in words) > len(words) / 2
    if not is_latin or counts[language] * 2 < max(counts.values()):
        raise InvalidAnswer(CallVerdict.LANGUAGE)


def has_markup(text: str) -> bool:
    """True if a text contains HTML, Markdown, a web address, or something that looks like one."""
    return bool(_MARKUP.search(text) or _LINK.search(text))


def names_other_tenant(text: str, sources: Iterable[str]) -> bool:
    """True if a text names another organization of this installation that its sources do not name."""
    others = Tenant.objects.exclude(pk=required_tenant_id()).annotate(length=Length("name")).filter(length__gte=4)
    place = StrIndex(Value(text.casefold()), Lower(F("name")), output_field=IntegerField())
    names = others.annotate(place=place).filter(place__gt=0).values_list("name", flat=True)[:20]
    folded = [source.casefold() for source in sources]
    return any(all(name.casefold() not in source for source in folded) for name in names)


_PROPER = re.compile(r"(?<![.!?:“\"(]\s)(?<!^)(?<![.!?])\b[A-Z][\w’'-]*\w\b")
_NUMERIC = re.compile(r"\d[\d.,:/-]*\d|\d")


def unsupported_facts(text: str, sources: Iterable[str]) -> Iterator[str]:
    """Yield names and numbers of a text that none of its sources contains, in their order."""
    words = {word.casefold() for source in sources for word in re.findall(r"[\w’'-]+", source)}
    joined = " ".join(sources)
    numbers = {digits_of(number) for number in _NUMERIC.findall(joined)}
    for match in re.finditer(rf"{_NUMERIC.pattern}|{_PROPER.pattern}", text):
        fact = match.group()
        if fact[0].isdigit():
            if digits_of(fact) not in numbers:
                yield fact
        elif fact.casefold().removesuffix("’s").removesuffix("'s") not in words and fact.casefold() not in words:
            yield fact


def digits_of(number: str) -> str:
    """Return the digits of a number, without separators and a trailing ".00"."""
    return re.sub(r"\D", "", re.sub(r"[.,]0{2}$", "", number))
