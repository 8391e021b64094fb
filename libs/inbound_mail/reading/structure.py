"""The tree of an email's parts, by byte positions, without copying.

A boundary that is missing or wrong is guessed from the body. Each level is gone through once, and levels and parts are
counted, so that no nesting takes more than linear time.
"""

import re
from dataclasses import dataclass, field

from libs.inbound_mail.reading.headers import HeaderBlock, raw_text, read_block
from libs.inbound_mail.reading.limits import MailLimits
from libs.inbound_mail.reading.parameters import header_parameters

_BOUNDARY_LINE = re.compile(rb"^--([^\s-][^\r\n]{0,200}|-{1,60}[^\s-][^\r\n]{0,200})\r?\n", re.MULTILINE)
_PART_BEGINS = re.compile(rb"\s{0,4}content-(?:type|transfer-encoding|disposition):", re.IGNORECASE)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,120}")
_LOOKED_AT = 20_000


@dataclass(slots=True)
class MimePart:
    """A part of an email: fields, type, and the position of its body; with children if multipart."""

    block: HeaderBlock
    type: str
    parameters: dict[str, str]
    start: int
    end: int
    children: list["MimePart"] = field(default_factory=list)
    # It has parts that are not read: it stands too deep, or too many came before.
    unread: bool = False

    @property
    def charset(self) -> str:
        return self.parameters.get("charset", "")


@dataclass(slots=True)
class Structure:
    """The email being parsed, its limits, and the state so far."""

    raw: bytes
    limits: MailLimits
    parts: int = 0
    too_deep: bool = False
    too_many: int = 0
    guessed: bool = False

    def read(self, start: int, end: int, depth: int = 0, usual: str = "text/plain") -> MimePart:
        """Parse a part and its children."""
        block = read_block(self.raw, start, end, self.limits)
        kind, parameters = _content_type(block, usual)
        self.parts += 1
        part = MimePart(block, kind, parameters, min(block.body, end), end)
        if kind.startswith("multipart/") or (depth == 0 and self._looks_like_parts(part)):
            self._split_part(part, depth)
        return part

    def _looks_like_parts(self, part: MimePart) -> bool:
        """True if the body begins with a boundary and a part's header, although its own header is lost."""
        head = self.raw[part.start : min(part.start + 600, part.end)].lstrip()
        match = _BOUNDARY_LINE.match(head)
        return bool(match and _PART_BEGINS.match(head, match.end()) and part.type.startswith("text/"))

    def _split_part(self, part: MimePart, depth: int) -> None:
        spans = self._child_spans(part)
        if not spans:
            # Nothing to split it by: it is read as text.
            part.type = "text/plain"
            return
        if depth >= self.limits.depth:
            self.too_deep = part.unread = True
            return
        usual = "text/plain"
        if part.type == "multipart/digest":
            usual = "message/rfc822"
        for start, end in spans:
            if self.parts >= self.limits.parts:
                self.too_many += 1
                continue
            part.children.append(self.read(start, end, depth + 1, usual))
        if not part.type.startswith("multipart/"):
            part.type = "multipart/mixed"

    def _child_spans(self, part: MimePart) -> list[tuple[int, int]]:
        declared = part.parameters.get("boundary", "").encode("utf-8", "replace")
        spans = []
        if declared:
            spans = self._spans_between(part, declared)
        if not spans and declared.strip() != declared:
            spans = self._spans_between(part, declared.strip())
        if not spans and (guess := self._guess_boundary(part)):
            spans = self._spans_between(part, guess)
            self.guessed = self.guessed or bool(spans)
        return spans

    def _guess_boundary(self, part: MimePart) -> bytes:
        head = self.raw[part.start : min(part.start + _LOOKED_AT, part.end)]
        for match in _BOUNDARY_LINE.finditer(head):
            if _PART_BEGINS.match(head, match.end()):
                return match[1].rstrip()
        return b""

    def _spans_between(self, part: MimePart, boundary: bytes) -> list[tuple[int, int]]:
        """Return the positions of the parts between boundaries; an unclosed one ends with its parent."""
        raw = self.raw
        mark = b"--" + boundary
        spans: list[tuple[int, int]] = []
        begun = -1
        if raw.startswith(mark, part.start, part.end):
            at = part.start
        else:
            at = self._next_boundary(mark, part.start, part.end)
        while at >= 0:
            stop = raw.find(b"\n", at, part.end)
            if stop < 0:
                stop = part.end
            behind = raw[at + len(mark) : min(stop, at + len(mark) + 80)].strip()
            if behind in (b"", b"--"):
                if begun >= 0:
                    spans.append((begun, _before_line(raw, at, begun)))
                begun = -1
                if behind == b"":
                    begun = min(stop + 1, part.end)
                if behind == b"--":
                    break
            at = self._next_boundary(mark, max(stop - 1, at + 1), part.end)
        if begun >= 0 and begun < part.end:
            spans.append((begun, part.end))
        return spans

    def _next_boundary(self, mark: bytes, start: int, end: int) -> int:
        index = self.raw.find(b"\n" + mark, start, end)
        if index >= 0:
            return index + 1
        return -1


def _before_line(raw: bytes, at: int, least: int) -> int:
    """Return the end before the line break that belongs to a boundary."""
    if at > least and raw[at - 1 : at] == b"\n":
        at -= 1
    if at > least and raw[at - 1 : at] == b"\r":
        at -= 1
    return at


def _content_type(block: HeaderBlock, usual: str) -> tuple[str, dict[str, str]]:
    values = [raw_text(value) for name, value in block.fields if name.lower() == "content-type"]
    for value in values:
        kind, parameters = header_parameters(value)
        if _TYPE.fullmatch(kind):
            return kind, parameters
        if kind in {"text", "html", "plain"}:
            return "text/html" if kind == "html" else "text/plain", parameters
        if kind.startswith("multipart") or "boundary" in parameters:
            return "multipart/mixed", parameters
    return usual if not values else "text/plain", {}
