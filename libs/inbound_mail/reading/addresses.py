"""Address lists (RFC 5322 §3.4), tolerant of malformed ones: one pass, no exceptions."""

import re
from dataclasses import dataclass, field

from libs.inbound_mail.message import MailAddress
from libs.inbound_mail.reading.encoded_words import decode_words, one_line

_LONGEST_NAME = 300
_LONGEST_ADDRESS = 320
_LONGEST_PHRASE = 2_000
_SPECIAL = re.compile(r"[\",;:<>()\\]")
_AT_WORD = re.compile(r"[^\s<>,;:\"()]{1,200}@[^\s<>,;:\"()@]{1,255}")
_WRAPS = "\"'<>[](){} \t.,;:`"


@dataclass(slots=True)
class _AddressReader:
    """The state of an address list being parsed."""

    text: str
    most: int
    found: list[MailAddress] = field(default_factory=list)
    left_out: int = 0
    at: int = 0
    words: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    angle: str | None = None
    # "Jansen, Piet <…>": what stood before the comma may be the beginning of the name.
    before: str = ""
    quotes_end: bool = False
    comments_end: bool = False

    def read(self) -> None:
        while self.at < len(self.text):
            special = _SPECIAL.search(self.text, self.at)
            if special is None:
                self.words.append(self.text[self.at :])
                break
            if special.start() > self.at:
                self.words.append(self.text[self.at : special.start()])
            self.at = special.end()
            self._read_special(special[0])
        self._end_address(last=True)

    def _read_special(self, character: str) -> None:
        if character == '"':
            self.words.append(self._read_quoted())
        elif character == "(":
            self._read_comment()
        elif character == "<":
            self._read_angle()
        elif character in ",;":
            self._end_address(last=character == ";")
        elif character == ":":
            # The name of a group, or "mailto:".
            self.words = []
            self.before = ""

    def _read_quoted(self) -> str:
        if self.quotes_end:
            return ""
        at = self.at
        while (end := self.text.find('"', at)) >= 0 and self.text[end - 1] == "\\" and not self._is_escaped_evenly(end):
            at = end + 1
        if end < 0:
            # No quote closes any more: none of those left is one.
            self.quotes_end = True
            return ""
        inside = self.text[self.at : end]
        self.at = end + 1
        if self.text[self.at : self.at + 1] == "@":
            return f'"{inside}"'
        return re.sub(r"\\(.)", r"\1", inside)

    def _is_escaped_evenly(self, at: int) -> bool:
        count = 0
        while at - 1 - count >= 0 and self.text[at - 1 - count] == "\\":
            count += 1
        return count % 2 == 0

    def _read_comment(self) -> None:
        if self.comments_end:
            return
        depth = 1
        at = self.at
        while depth:
            match = _PARENTHESIS.search(self.text, at)
            if match is None:
                self.comments_end = True
                return
            depth += {"(": 1, ")": -1}.get(match[0], 0)
            at = match.end()
        self.comments.append(self.text[self.at : at - 1])
        self.at = at

    def _read_angle(self) -> None:
        end = self.text.find(">", self.at, self.at + 2_000)
        if end < 0:
            end = min((p for c in ",;" if (p := self.text.find(c, self.at)) >= 0), default=len(self.text))
            inside = self.text[self.at : end]
            self.at = end
        else:
            inside = self.text[self.at : end]
            self.at = end + 1
            # "<<jan@example.nl>>"
            while self.text[self.at : self.at + 1] == ">":
                self.at += 1
        if "<" in inside:
            head, _, inside = inside.rpartition("<")
            self.words.append(head)
        if self.angle is None or "@" in inside:
            if self.angle and "@" not in "".join(self.words):
                self._end_address(last=True)
            self.angle = inside

    def _end_address(self, *, last: bool) -> None:
        name = " ".join("".join(self.words)[:_LONGEST_PHRASE].split())
        address = ""
        if self.angle is not None:
            address = tidy(self.angle)
        if not address and self.angle is not None and "@" in self.angle:
            address = tidy(decode_words(self.angle))
        if not address and "@" in name:
            address, name = _find_bare_address(name)
        if address:
            if self.before and self.angle is not None and name:
                full = f"{self.before}, {name}"
            else:
                full = name
            self._add_address(full or " ".join(self.comments), address)
            self.before = ""
        else:
            if last or self.angle is not None:
                self.before = ""
            else:
                self.before = ", ".join(filter(None, (self.before, name)))[:200]
        self.words = []
        self.comments = []
        self.angle = None

    def _add_address(self, name: str, address: str) -> None:
        if len(self.found) >= self.most:
            self.left_out += 1
            return
        self.found.append(MailAddress(display_name(name), address))


_PARENTHESIS = re.compile(r"\\.|[()]")


def read_addresses(text: str, most: int = 1_000) -> tuple[list[MailAddress], int]:
    """Return the addresses of a list, and the number left out over the limit."""
    reader = _AddressReader(text, most)
    reader.read()
    if not reader.found and "=?" in text and "@" in (whole := one_line(decode_words(text))):
        # All of it in one encoded word, against the rules.
        reader = _AddressReader(whole, most)
        reader.read()
    return reader.found, reader.left_out


def tidy(raw: str) -> str:
    """Return an address with its domain in lower case; "" if it is none."""
    text = one_line(raw).strip(_WRAPS if not raw.strip().startswith('"') else " \t<>.,;:")
    if text[:7].lower() in {"mailto:", "smtp:"}:
        text = text.partition(":")[2]
    if text.startswith("@") and ":" in text:
        # A route: "@relay.example,@other.example:jan@example.nl".
        text = text.rpartition(":")[2]
    if "@[" in text and not text.endswith("]"):
        # An address by number keeps its brackets.
        text += "]"
    local, at, domain = text.rpartition("@")
    local = local.strip()
    if not local.startswith('"'):
        local = "".join(local.split())
    domain = "".join(domain.split()).strip(".>'\"").lower()
    if not at or not local or not domain or len(local) + len(domain) > _LONGEST_ADDRESS:
        return ""
    if any(c in domain for c in '@<>()"\\/') or (any(c in local for c in '<>()",;\\') and local[0] != '"'):
        return ""
    return f"{local}@{domain}"


def display_name(raw: str) -> str:
    """Return a display name: decoded, on one line, without added quotes."""
    name = one_line(decode_words(raw))
    while len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return name.strip("<>").strip()[:_LONGEST_NAME]


def _find_bare_address(text: str) -> tuple[str, str]:
    """Find a bare address in words: "Jan Smit jan@example.nl", "jan @ example.nl"."""
    match = _AT_WORD.search(text) or _AT_WORD.search(joined := re.sub(r" ?@ ?", "@", text))
    if not match:
        return tidy(text), ""
    if match.string is text:
        whole = match.string
    else:
        whole = joined
    return tidy(match[0]), f"{whole[: match.start()]} {whole[match.end() :]}".strip(" -–|[]'\"")
