"""Attribution lines above a quotation ("On … wrote:"), over one to four lines.

Told by its words rather than by one pattern a program: an opener or an address, a date, a verb, and a colon. So the
next release that words it otherwise is understood, too, and a sentence that begins with "On Monday" is not taken for
one.
"""

import re
from collections.abc import Sequence

from libs.inbound_mail.lexicon import load_words
from libs.inbound_mail.reply.lines import LOOKED_AT, LineKind, ReplyLine

_WORDS = load_words("replies")
_OPENERS, _MONTHS, _NAME_FOLLOWS, _DATE_FOLLOWS = (
    frozenset(_WORDS[name]) for name in ("openers", "months", "name_follows", "date_follows")
)
WROTE = frozenset(_WORDS["wrote"])
_WROTE_UNSPACED = _WORDS["wrote_unspaced"]
# Lines it is wrapped over, at most.
_LINES = 4
_WORD = re.compile(r"[^\W\d_]+")
_TIME = re.compile(r"\d{1,2}[:.h]\d\d|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|20\d\d")
# A day at the beginning: 25.11.2026 10:00, Rita Rep пишет
_STARTS_WITH_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b")
_NUMBER = re.compile(r"\d{1,4}")
_DASHES = " \t*_-–—=~\xa0\u200b"
# What a wrapped line can't have at its end.
_SENTENCE_ENDS = (".", "!", "?", ":")
_LONGEST_NAME = 12
# What one without a colon ends with.
_ENDS = (*WROTE, ">", ")")


def attribution_at(lines: Sequence[ReplyLine], index: int) -> int:
    """Return how many lines from here on are an attribution; 0 for none."""
    if not _may_begin(lines[index].bare):
        return 0
    parts: list[str] = []
    for count, line in enumerate(lines[index : index + _LINES + 2], start=1):
        bare = line.bare
        if not bare:
            continue
        # Polymail writes the address on lines of its own, between angle brackets: the last begins as a quote does.
        if line.kind is LineKind.QUOTE and parts and "<" not in "".join(parts[-2:]):
            return 0
        parts.append(bare)
        if len(parts) > _LINES:
            return 0
        text = " ".join(parts)[:LOOKED_AT]
        if is_attribution(text) or (_is_above_quote(lines, index + count) and _lacks_colon(text)):
            if len(parts) == 1 or not _is_prose(lines, index, count):
                return count
            return 0
        if count > 1 and not lines[index + count - 2].bare and not bare.startswith("<"):
            return 0
    return 0


def _is_above_quote(lines: Sequence[ReplyLine], index: int) -> bool:
    """True if a marked quotation follows, as some programs then omit the colon."""
    below = next((line for line in lines[index : index + 3] if not line.is_blank), None)
    return below is not None and below.kind is LineKind.QUOTE


def _lacks_colon(text: str) -> bool:
    return _has_verb(text) and is_attribution(f"{text}:")


def _may_begin(bare: str) -> bool:
    first = _first_word(bare)
    return first in _OPENERS or "@" in bare or "<" in bare or bool(_TIME.search(bare)) or _has_verb(bare)


def _first_word(text: str) -> str:
    match = _WORD.search(text[:40])
    if match and not text[: match.start()].strip(_DASHES + "\"'"):
        return match.group().casefold()
    return ""


def _has_verb(text: str) -> bool:
    return any(word in WROTE for word in _folded_words(text)) or any(verb in text for verb in _WROTE_UNSPACED)


def _folded_words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text[:LOOKED_AT])]


def _is_prose(lines: Sequence[ReplyLine], index: int, count: int) -> bool:
    """True if the first line is a separate sentence above an attribution."""
    first = lines[index].bare
    rest = " ".join(line.bare for line in lines[index + 1 : index + count])
    if not is_attribution(rest):
        return False
    if first.endswith(_SENTENCE_ENDS) and not _TIME.search(first):
        return True
    return not (_first_word(first) in _OPENERS and _has_date(first))


def is_attribution(text: str) -> bool:
    """True if a whole text is an attribution."""
    dashed = text.startswith("--") and text.endswith("--")
    text = text.strip(_DASHES)
    closed = text.endswith((":", "：", ": >", ":>")) or dashed
    # Told of most lines by this alone: each is asked about with up to three below it.
    if not closed and not ("@" in text and text.casefold().endswith(_ENDS)):
        return False
    words = _folded_words(text)
    if any(verb in text for verb in _WROTE_UNSPACED):
        return closed and bool(_NUMBER.search(text))
    verbs = [position for position, word in enumerate(words) if word in WROTE]
    if not verbs:
        return _is_date_and_address(text, words, closed=closed)
    if not closed and not text.casefold().endswith(words[verbs[-1]]):
        return False
    who = "@" in text
    when = _has_date(text)
    ended = _is_end(words, verbs[-1], text)
    if _first_word(text) in _OPENERS or _STARTS_WITH_DATE.match(text):
        return when and ended and (closed or who)
    return ended and ((who and (closed or when)) or (dashed and len(words) < _LONGEST_NAME) or _is_via(words, text))


def _is_via(words: Sequence[str], text: str) -> bool:
    return "via" in words and len(words) < _LONGEST_NAME and text.endswith(":")


def _is_end(words: Sequence[str], verb: int, text: str) -> bool:
    """True if the text after the verb belongs to it: a name, an address, a date, or nothing."""
    behind = [word for word in words[verb + 1 :] if word != "uhr"]
    if len(behind) <= 1:
        return True
    if words[verb] in _NAME_FOLLOWS:
        return len(behind) <= _LONGEST_NAME or "@" in text
    return behind[0] in _DATE_FOLLOWS and len(behind) <= _LONGEST_NAME


def _is_date_and_address(text: str, words: Sequence[str], *, closed: bool) -> bool:
    """True for an attribution without verb: `2026-11-03 14:05 GMT+01:00 Jan de Vries <jan@example.com>:`."""
    begins = text[:1].isdigit() or (bool(words) and (words[0] in _OPENERS or "," in text[: len(words[0]) + 2]))
    ends = text.rstrip(":").endswith((">", ")")) and "<" in text and "@" in text
    year = any(number.startswith("20") and len(number) == 4 for number in _NUMBER.findall(text))
    return begins and ends and year and _has_date(text) and len(words) < 25 and (closed or text[:2] == "20")


def _has_date(text: str) -> bool:
    return bool(_TIME.search(text)) or (any(w in _MONTHS for w in _folded_words(text)) and bool(_NUMBER.search(text)))


def attribution_within(line: ReplyLine) -> int:
    """Return the start of an attribution appended to the author's text: `yes On 3 Nov 2026, x@y.nl wrote:`; or -1."""
    text = line.text[:LOOKED_AT].rstrip()
    if not text.endswith(":") or "@" not in text or len(line.text) > LOOKED_AT:
        return -1
    for opener in (" On ", "-On ", " Op ", " Am ", " Le ", " El ", " Il ", " Em "):
        at = text.rfind(opener)
        if at > 0 and is_attribution(text[at + 1 :]):
            return at + 1
    return -1
