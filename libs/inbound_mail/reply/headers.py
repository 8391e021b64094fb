"""Header blocks and dividers that mail programs write above an answered or forwarded email."""

import re
from collections.abc import Sequence

from libs.inbound_mail.lexicon import load_words
from libs.inbound_mail.reply.lines import LOOKED_AT, ReplyLine

_WORDS = load_words("replies")
_FIELDS = {label: field for field, labels in _WORDS["fields"].items() for label in labels}
_ORIGINAL, _FORWARDED, _REPLY_ABOVE = (frozenset(_WORDS[name]) for name in ("original", "forwarded", "reply_above"))
_FIELD = re.compile(r"([^\W\d_][\w'’. -]{0,18})[*_ \t\xa0]{0,4}[:：](.{0,1})")
_DECORATION = " \t\xa0*_-–—=~#<>|:.\u200b[]"
# What Tobit's mail server writes, in every language.
_DAVID = ("original message processed by david",)
# Lines a header block may take, with wrapped ones and the blank ones some programs put between its fields.
_BLOCK = 16
_BLANKS = 2


def header_block_at(lines: Sequence[ReplyLine], index: int, *, ruled: bool = False) -> bool:
    """Return whether a header block begins here: From with date, recipient or subject.

    Who and about what alone are a form of a web site. Below a rule, who and when are enough.
    """
    if _field_name(lines[index]) not in {"from", "date", "to", "subject"}:
        return False
    fields: list[str] = []
    strangers = blanks = 0
    for line in lines[index : index + _BLOCK]:
        if line.is_blank:
            blanks += 1
            if blanks > _BLANKS:
                break
            continue
        field = _field_name(line)
        if field and (field not in fields or field == "other"):
            blanks = 0
            fields.append(field)
        elif (strangers := strangers + 1) > 3 or blanks:
            break
    kinds = set(fields)
    return {"from", "date"} <= kinds and (ruled or bool(kinds & {"to", "subject"}))


def _field_name(line: ReplyLine) -> str:
    match = _FIELD.match(line.bare.lstrip("*_> \t\xa0"))
    if match:
        return _FIELDS.get(" ".join(match.group(1).casefold().split()).rstrip(" *_"), "")
    return ""


def divides(line: ReplyLine) -> bool:
    """True for dividers such as `-----Original Message-----` and "reply above this line"."""
    bare = line.bare
    if bare.lstrip("> ").startswith("##-") and bare.endswith("-##"):
        return True
    words = _plain_field(bare)
    if words.startswith(_DAVID):
        return True
    return words in _REPLY_ABOVE or (words in _ORIGINAL and _is_ruled(bare))


def passes_on(line: ReplyLine) -> bool:
    """True for dividers such as `---------- Forwarded message ---------`."""
    bare = line.bare
    return _plain_field(bare) in _FORWARDED and (_is_ruled(bare) or bare.endswith((":", "：")))


def is_rule(line: ReplyLine, *, shortest: int = 5) -> bool:
    """True for a horizontal rule, as Outlook draws above a header block."""
    bare = line.bare
    return len(bare) >= shortest and len(line.text) <= LOOKED_AT and not bare.strip("_-–—=* ")


def _is_ruled(bare: str) -> bool:
    bare = bare.lstrip("> *")
    return bare.startswith(("--", "__", "==", "––", "—", "**", "- -"))


def _plain_field(bare: str) -> str:
    if len(bare) < 120:
        return " ".join(bare.strip(_DECORATION).casefold().split())
    return ""


def begins_with_field(text: str) -> bool:
    """True if a text begins with a header field, as in "Van: Jan de Vries"."""
    return _field_name(ReplyLine(text)) in {"from", "date", "to", "subject"}
