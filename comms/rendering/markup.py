"""The markup of an email's body: paragraphs, lists, **bold**, [links](https://…). To HTML and plain text.

What a variable wrote stands between marks and is never read as markup: a customer called “[here](http://…)” stays a
name. A link goes to the web, to an address or to a number; anything else is left as it was written.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from comms.rendering.liquid_text import CLOSE, GAP, OPEN, without_marks

_ITEM = re.compile(r"(?:[-*]|\d{1,3}[.)]) (.*)")
_NUMBERED = re.compile(r"\d{1,3}[.)] ")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\s]{1,1500})\)")
_BOLD = re.compile(r"\*\*([^*\n]{1,1000})\*\*")
_VALUE = re.compile(f"([{OPEN}{GAP}])([^{OPEN}{CLOSE}{GAP}]*+){CLOSE}?")
_HELD = re.compile(r"\ue003(\d{1,6})\ue004")
_SCHEMES = ("https://", "http://", "mailto:", "tel:")

Shown = Callable[[str, bool], str]


@dataclass(frozen=True)
class TextBlock:
    """A paragraph or list, as lines of inline markup."""

    kind: str  # p, ul, ol
    lines: list[str]


def safe_url(written: str) -> str:
    """Return the address of a link if allowed, else blank. Marks of variables are removed."""
    url = without_marks(written).strip()
    if not url.lower().startswith(_SCHEMES) or any(sign in url for sign in "\"'<> \n\r\t\\"):
        return ""
    return url


def blocks(written: str) -> Iterator[TextBlock]:
    """Split a text into paragraphs and lists."""
    for part in written.replace("\r\n", "\n").split("\n\n"):
        kind = ""
        lines: list[str] = []
        for line in filter(None, (line.strip() for line in part.split("\n"))):
            item = _ITEM.fullmatch(line)
            if item:
                if _NUMBERED.match(line):
                    now = "ol"
                else:
                    now = "ul"
            else:
                now = "p"
            if lines and now != kind:
                yield TextBlock(kind, lines)
                lines = []
            kind = now
            lines.append(item[1] if item else line)
        if lines:
            yield TextBlock(kind, lines)


def to_html(written: str, shown: Shown | None = None) -> SafeString:
    """Render a text as HTML. `shown` renders a variable's value; its second argument: the value is missing."""
    made = []
    for block in blocks(written):
        lines = [inline(line, shown) for line in block.lines]
        if block.kind == "p":
            made.append(f"<p>{'<br>'.join(lines)}</p>")
        else:
            made.append(f"<{block.kind}>{''.join(f'<li>{line}</li>' for line in lines)}</{block.kind}>")
    return mark_safe("".join(made))  # noqa: S308 - every part of it was escaped


def inline(line: str, shown: Shown | None = None) -> SafeString:
    """Render one line as HTML: bold, links and values."""
    parts: list[str] = []

    def hold(html: str) -> str:
        parts.append(html)
        return f"\ue003{len(parts) - 1}\ue004"

    def link(found: re.Match[str]) -> str:
        url = safe_url(release(found[2], as_text=True))
        if url:
            return hold(f'<a href="{escape(url)}">{release(escape(found[1]))}</a>')
        return found[0]

    def release(text: str, *, as_text: bool = False) -> str:
        # Held inside held: a bold text in a link, a variable in a bold one.
        for _depth in range(4):
            text = _HELD.sub(lambda found: _html_text(parts[int(found[1])]) if as_text else parts[int(found[1])], text)
        return text

    def value(found: re.Match[str]) -> str:
        return hold(_value_html(found[2], found[1] == GAP, shown))

    text = _VALUE.sub(value, line.replace("\ue003", "").replace("\ue004", ""))
    text = _LINK.sub(link, text)
    text = _BOLD.sub(lambda found: hold(f"<b>{release(escape(found[1]))}</b>"), text)
    return mark_safe(release(escape(text)))  # noqa: S308 - escaped, and what was held was


def mark_value(value: str, is_gap: bool) -> str:
    """Highlight a variable's value, or its name if missing: a `shown` for previews."""
    return str(format_html('<span class="var{}">{}</span>', " is-missing" if is_gap else "", value))


def to_text(written: str) -> str:
    """Render a text without HTML, for plain-text mail programs and screen readers."""
    made = []
    for block in blocks(written):
        lines = [inline_text(line) for line in block.lines]
        if block.kind == "ul":
            lines = [f"- {line}" for line in lines]
        if block.kind == "ol":
            lines = [f"{at}. {line}" for at, line in enumerate(lines, 1)]
        made.append("\n".join(lines))
    return "\n\n".join(made)


def inline_text(line: str) -> str:
    """Render one line without HTML: a link as its text followed by its address."""
    parts: list[str] = []

    def hold(found: re.Match[str]) -> str:
        parts.append(found[2])
        return f"\ue003{len(parts) - 1}\ue004"

    def release(text: str) -> str:
        return _HELD.sub(lambda found: parts[int(found[1])], text)

    def link(found: re.Match[str]) -> str:
        url = safe_url(release(found[2]))
        words = found[1]
        if not url:
            return found[0]
        if release(words) == url:
            return words
        return f"{words} ({url})"

    text = _VALUE.sub(hold, line.replace("\ue003", "").replace("\ue004", ""))
    return release(_BOLD.sub(lambda found: found[1], _LINK.sub(link, text)))


def _value_html(text: str, is_gap: bool, shown: Shown | None) -> str:
    if shown:
        return shown(text, is_gap)
    return escape(text)


def _html_text(html: str) -> str:
    """Return the text of a rendered value, for an address that contains a variable."""
    return html.replace("&amp;", "&").replace("&#x27;", "'").replace("&quot;", '"').replace("&lt;", "<")
