"""Header blocks: split into fields, unfolded and decoded, tolerant of damage."""

import re
from dataclasses import dataclass, field

from libs.inbound_mail.message import MailHeaders
from libs.inbound_mail.reading.charsets import decode
from libs.inbound_mail.reading.encoded_words import decode_words, one_line
from libs.inbound_mail.reading.limits import MailLimits

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,20}:")
# What a header may begin with where lines are out of order: there, not every word with a colon is one.
_KNOWN = re.compile(
    rb"(?:x-[!-9;-~]{1,100}|from|to|cc|bcc|subject|date|message-id|in-reply-to|references|reply-to|sender|received"
    rb"|return-path|delivered-to|mime-version|content-[a-z-]{1,40}|list-[a-z-]{1,40}|arc-[a-z-]{1,40}|dkim-[a-z-]{1,40}"
    rb"|thread-[a-z]{1,20}|auto-submitted|precedence|importance|resent-[a-z-]{1,20}|authentication-results|user-agent"
    rb"):",
    re.IGNORECASE,
)
_ADDRESSES = frozenset({"from", "to", "cc", "bcc", "reply-to", "sender", "resent-from", "resent-to", "return-path"})


@dataclass(slots=True)
class HeaderBlock:
    """The fields of a part as unfolded bytes, and the start of its body. `repaired`: it was malformed."""

    fields: list[tuple[str, bytes]] = field(default_factory=list)
    body: int = 0
    repaired: bool = False
    cut: bool = False

    def first(self, name: str) -> bytes:
        return next((value for key, value in self.fields if key.lower() == name), b"")


def read_block(raw: bytes, start: int, end: int, limits: MailLimits) -> HeaderBlock:
    """Parse fields up to the empty line, or the first line that can't be part of a header."""
    block = HeaderBlock(body=start)
    lines: list[tuple[str, list[bytes]]] = []
    at = start
    while at < end:
        stop = raw.find(b"\n", at, end)
        if stop < 0:
            after = end
        else:
            after = stop + 1
        line = raw[at : min(after, at + limits.header_value)].rstrip(b"\r\n")
        if at - start > limits.header_block or len(lines) >= limits.header_fields:
            block.cut = True
            after = _end_of_block(raw, at, end)
            block.body = after
            break
        if not line.strip(b" \t\0"):
            if not line or not _goes_on(raw, after, end) or not lines:
                block.body = after
                break
        elif not _take_line(line, lines, block, raw, after, end):
            block.body = at
            break
        at = block.body = after
    block.fields = [(name, b" ".join(pieces)[: limits.header_value]) for name, pieces in lines]
    return block


def _take_line(
    line: bytes, lines: list[tuple[str, list[bytes]]], block: HeaderBlock, raw: bytes, after: int, end: int
) -> bool:
    """Take a line as a field or its continuation; False if the body has begun."""
    if line[:1] in b" \t":
        if lines:
            lines[-1][1].append(line.strip(b" \t"))
        return bool(lines) or _is_field(raw, after, end)
    if match := _FIELD.match(line):
        lines.append((match[1].decode("ascii"), [line[match.end() :].strip(b" \t")]))
        return True
    if not lines and line.startswith((b"From ", b">From ")):
        return True
    block.repaired = True
    if not _KNOWN.match(raw[after : min(after + 120, end)]):
        return False
    # Folded without a blank, or rubbish between two fields.
    if lines:
        lines[-1][1].append(line.strip(b" \t"))
    return True


def _goes_on(raw: bytes, at: int, end: int) -> bool:
    """True if the header continues after a blank line."""
    return raw[at : at + 1] in (b" ", b"\t") or bool(_KNOWN.match(raw[at : min(at + 120, end)]))


def _is_field(raw: bytes, at: int, end: int) -> bool:
    return bool(_FIELD.match(raw[at : min(at + 220, end)]))


def _end_of_block(raw: bytes, at: int, end: int) -> int:
    ends = [place + len(mark) for mark in (b"\n\n", b"\n\r\n") if (place := raw.find(mark, at, end)) >= 0]
    return min(ends, default=end)


def decode_headers(fields: list[tuple[str, bytes]], hint: str = "") -> MailHeaders:
    """Decode all fields. Addresses keep their encoded words, which are parsed by syntax."""
    return MailHeaders((name, value_text(name, value, hint)) for name, value in fields)


def value_text(name: str, value: bytes, hint: str = "") -> str:
    text = raw_text(value, hint)
    if name.lower() in _ADDRESSES:
        return one_line(text)
    return one_line(decode_words(text))


def raw_text(value: bytes, hint: str = "") -> str:
    """Return a field's bytes as text, decoding non-ASCII by the email's charset or by its letters."""
    if value.isascii() and b"\x1b" not in value:
        return value.decode("ascii")
    return decode(value, "", hint)
