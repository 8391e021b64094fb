"""Signatures, "Sent from my iPhone" and disclaimers below the author's text.

Folded only where it is certain. "Kind regards, Jan" is theirs and stays.
"""

import re
from collections.abc import Sequence

from libs.inbound_mail.lexicon import load_words
from libs.inbound_mail.reply.lines import LineKind, ReplyLine, join_lines

_WORDS = load_words("signatures")
_CLOSINGS = frozenset(_WORDS["closings"])
_ON_BEHALF_OF = frozenset(_WORDS["on_behalf_of"])
_SCANNED, _SENT_FROM, _NOTICE_BEGINS = (tuple(_WORDS[name]) for name in ("scanned", "sent_from", "notice_begins"))
# Lines a signature may have below "-- ", where a program put it there, and below "--" that anybody may have typed.
_LONGEST = 40
_LONGEST_TYPED = 15
# Lines at the end of what is written, among which a notice or contact details begin.
_LAST = 60
# Lines of contact details below a closing and a name.
_LONGEST_CONTACT = 14
_WIDEST_CONTACT = 90
_SENTENCE = 9
_TAGLINE = 160
_LINK = re.compile(r"https?://\S{1,300}|www\.\S{1,300}|<[^<>]{0,300}>|\[[^\[\]]{0,300}\]")
_PHONE = re.compile(r"\+?\(?\d[\d ().\-/\xa0]{6,20}\d")
_WORD = re.compile(r"\w+")
_AROUND = " \t\xa0\u200b()<>[]*_«»\"'|.-–—"


def fold_signature(lines: Sequence[ReplyLine]) -> None:
    """Mark the signature among lines that are not quoted."""
    for begin, end in _unquoted_sections(lines):
        _fold_section(lines[begin:end], is_first=not any(line.kind is LineKind.TEXT for line in lines[:begin]))


def _unquoted_sections(lines: Sequence[ReplyLine]) -> list[tuple[int, int]]:
    """Return the sections between quotations."""
    sections = []
    begin = None
    for index, line in enumerate([*lines, ReplyLine("", LineKind.QUOTE)]):
        if line.kind is LineKind.QUOTE:
            if begin is not None:
                sections.append((begin, index))
            begin = None
        elif begin is None:
            begin = index
    return sections


def _fold_section(lines: Sequence[ReplyLine], *, is_first: bool) -> None:
    for index, line in enumerate(lines):
        if line.kind is LineKind.TEXT and is_tagline(line) and _stands_alone(lines, index):
            line.kind = LineKind.SIGNATURE
    if (begin := _find_delimiter(lines, is_first=is_first)) is not None:
        _mark_signature(lines[begin:])
    for find in (_find_list_footer, _find_disclaimer, _find_contact_details):
        if (begin := find(lines)) is not None:
            _mark_signature(lines[begin:])


def _mark_signature(lines: Sequence[ReplyLine]) -> None:
    for line in lines:
        if line.kind is LineKind.TEXT:
            line.kind = LineKind.SIGNATURE


def _stands_alone(lines: Sequence[ReplyLine], index: int) -> bool:
    """True if a line is a separate paragraph, or forms one with other signature lines."""
    if index:
        before = lines[index - 1].kind
    else:
        before = LineKind.BLANK
    after = None
    if index + 1 < len(lines):
        after = lines[index + 1]
    follows = after is None or after.kind is not LineKind.TEXT or is_tagline(after)
    return follows and (before is not LineKind.TEXT or _rest_is_blank(lines, index + 1))


def _rest_is_blank(lines: Sequence[ReplyLine], index: int) -> bool:
    return all(line.kind is not LineKind.TEXT or is_tagline(line) for line in lines[index : index + 20])


def is_tagline(line: ReplyLine) -> bool:
    """True for lines a phone or program adds: "Verstuurd vanaf mijn iPhone", "Get Outlook for iOS"."""
    if len(line.text) > _TAGLINE:
        return False
    # A link is taken off, but what is wrapped in brackets altogether is what it says.
    bare = line.bare.strip(_AROUND)
    text = " ".join(_LINK.sub(" ", bare).casefold().replace("’", "'").split()).strip(_AROUND)
    words = _WORD.findall(text)
    if not words or len(words) > 24:
        return False
    if text.startswith(_SCANNED):
        return True
    if any(phrase in text for phrase in _WORDS["outlook"]):
        return len(words) <= 8
    if not text.startswith(_SENT_FROM) and not text.endswith((" gesendet", " geschickt", " verschickt", " verzonden")):
        return False
    names_device = any(device in f" {text} " for device in _WORDS["devices"])
    return names_device and (len(words) <= 9 or any(excuse in text for excuse in _WORDS["excuses"]))


def _find_delimiter(lines: Sequence[ReplyLine], *, is_first: bool) -> int | None:
    """Return where "-- " begins a signature (RFC 3676, 4.3); the trailing space may be missing."""
    words = (i for i, line in enumerate(lines) if line.kind is LineKind.TEXT and not _is_delimiter(line))
    begun = -1
    if is_first:
        begun = next(words, len(lines))
    delimiter = None
    below = 0
    has_sentence = False
    for index in range(len(lines) - 1, begun, -1):
        line = lines[index]
        if line.is_blank:
            continue
        if _is_delimiter(line):
            by_program = line.text.replace("\xa0", " ").rstrip("\r") == "-- "
            if below and (by_program or (below <= _LONGEST_TYPED and not has_sentence)):
                delimiter = index
        below += 1
        has_sentence = has_sentence or _is_sentence(line)
        if below > _LONGEST:
            break
    return delimiter


def _is_delimiter(line: ReplyLine) -> bool:
    return line.kind is LineKind.TEXT and line.bare in {"--", "---", "__"}


def _find_list_footer(lines: Sequence[ReplyLine]) -> int | None:
    """Return where a mailing list's footer begins: a rule, and the list's address."""
    for index in range(len(lines) - 1, max(-1, len(lines) - 12), -1):
        bare = lines[index].bare
        if len(bare) >= 20 and not bare.strip("_-") and index:
            below = join_lines(lines[index + 1 :]).casefold()
            listed = "mailing list" in below or "listinfo" in below or "unsubscribe" in below
            if listed and len(below) < 1_000:
                return index
            return None
    return None


def _is_sentence(line: ReplyLine) -> bool:
    bare = line.bare
    return bare.endswith((".", "?", "!")) and len(_WORD.findall(bare)) >= _SENTENCE


def _find_disclaimer(lines: Sequence[ReplyLine]) -> int | None:
    """Return where a legal notice begins that extends to the end."""
    begins = [
        i for i, line in enumerate(lines) if line.kind is LineKind.TEXT and i and lines[i - 1].kind is not LineKind.TEXT
    ]
    for index in begins:
        start = lines[index].bare.casefold().strip(_AROUND)
        if start.startswith(_NOTICE_BEGINS):
            below = join_lines(lines[index:])[:3_000].casefold()
            hits = sum(1 for word in _WORDS["notice_words"] if word in below)
            if hits >= 3 and _is_last(lines, index):
                return index
    return None


def _is_last(lines: Sequence[ReplyLine], index: int) -> bool:
    """True if nothing below looks like the author's text: no short paragraph with a question."""
    return not any(line.bare.endswith("?") and len(line.bare) < 80 for line in lines[index:])


def _find_contact_details(lines: Sequence[ReplyLine]) -> int | None:
    """Return where contact details begin, below a closing and a name, to the end of the section."""
    for index in range(max(0, len(lines) - _LAST), len(lines)):
        line = lines[index]
        if line.kind is not LineKind.TEXT or not _is_closing(line):
            continue
        name = next((i for i in range(index + 1, min(index + 4, len(lines))) if lines[i].kind is LineKind.TEXT), None)
        if name is None or not _is_name(lines[name]):
            continue
        below = [other for other in lines[name + 1 :] if other.kind is LineKind.TEXT]
        # A number alone may be what they were asked for.
        if 2 <= len(below) <= _LONGEST_CONTACT and _are_details(below):
            return name + 1
    return None


def _is_closing(line: ReplyLine) -> bool:
    """True for "Kind regards,", also in two languages: "Met vriendelijke groet / Kind regards,"."""
    parts = line.bare.casefold().replace("|", "/").split("/")
    texts = [" ".join(part.strip(_AROUND + ",!;:").split()) for part in parts]
    return len(line.bare) < 90 and all(text in _CLOSINGS for text in texts)


def _is_name(line: ReplyLine) -> bool:
    words = [word for word in line.bare.strip(_AROUND + ",").split() if word.casefold() not in _ON_BEHALF_OF]
    return 0 < len(words) <= 5 and words[0][:1].isupper() and not any(c in line.bare for c in "?!:@0123456789")


def _are_details(lines: Sequence[ReplyLine]) -> bool:
    """True for contact details: one is a number, link or address, and none a sentence."""
    proof = 0
    for line in lines:
        bare = line.bare
        if len(bare) > _WIDEST_CONTACT or "?" in bare or "!" in bare or _is_sentence(line):
            return False
        if bare.casefold().startswith(("ps", "p.s", "p.p.s", "nb")):
            return False
        detail = bool(_PHONE.search(bare)) or "@" in bare or "www." in bare or "http" in bare
        proof += detail
        if not detail and len(_WORD.findall(bare)) > _SENTENCE:
            return False
    return proof > 0
