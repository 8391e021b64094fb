"""Convert an email's HTML to plain text, line by line, with ">" for quotations."""

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from libs.inbound_mail.bounded_html import bound_html

_DEEPEST_QUOTE = 10
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg", "math", "select"})
_BLOCKS = frozenset(
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header"
    " hr li main nav ol pre section table tbody tfoot thead tr ul".split()
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "pre"})
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|mso-hide\s{0,3}:\s{0,3}all", re.IGNORECASE)


def html_to_text(html: str) -> str:
    """Return the text of an HTML page in lines."""
    tree = LexborHTMLParser(bound_html(html).html)
    root = tree.body or tree.root
    if root is None:
        return ""
    lines = _HtmlLines()
    for node, opening in _walk_tree(root):
        _write_node(lines, node, opening=opening)
    return lines.text()


def text_to_html(text: str) -> str:
    """Return a text as HTML that keeps its lines."""
    return f'<div style="white-space: pre-wrap">{escape(text)}</div>'


def _walk_tree(root: Any) -> Iterator[tuple[Any, bool]]:
    """Walk a tree of any depth without recursion: each element on opening and closing."""
    stack = [(root, True)]
    while stack:
        node, opening = stack.pop()
        if not opening:
            yield node, False
            continue
        tag = node.tag
        if tag in _UNSEEN or (tag not in ("-text", "_comment") and _is_hidden(node)):
            continue
        yield node, True
        if tag in ("-text", "_comment"):
            continue
        stack.append((node, False))
        children = []
        child = node.child
        while child is not None:
            children.append((child, True))
            child = child.next
        stack += reversed(children)


def _is_hidden(node: Any) -> bool:
    style = node.attributes.get("style")
    return bool(style and _HIDDEN.search(style[:500]))


class _HtmlLines:
    """The lines written so far, with the quotation depth of each."""

    def __init__(self) -> None:
        self.done: list[tuple[int, str]] = []
        self.line: list[str] = []
        self.quote = 0
        self.preserved = 0
        self.gap = False

    def word(self, text: str) -> None:
        if self.preserved:
            first, *rest = text.split("\n")
            self.line.append(first)
            for line in rest:
                self.end()
                self.line.append(line)
            return
        text = _SPACES.sub(" ", text)
        if text and not (text == " " and not self.line):
            if not self.line:
                text = text.lstrip(" ")
            elif self.line[-1].endswith(" "):
                text = text.removeprefix(" ")
            if text:
                if self.gap and self.done:
                    self.done.append((min(self.quote, self.done[-1][0]), ""))
                self.gap = False
                self.line.append(text)

    def end(self, *, always: bool = False) -> None:
        if self.line or always:
            text = "".join(self.line)
            self.done.append((self.quote, text.rstrip() if not self.preserved else text.rstrip(" ")))
        self.line = []

    def text(self) -> str:
        self.end()
        return "\n".join(("> " * quote + line).rstrip() if quote else line for quote, line in self.done).strip()


def _write_node(lines: _HtmlLines, node: Any, *, opening: bool) -> None:
    tag = node.tag
    if tag == "-text":
        lines.word(node.text_content or "")
    elif tag == "br":
        if opening:
            lines.end(always=True)
    elif tag in ("td", "th") and not opening:
        lines.word(" ")
    elif tag == "img" and opening:
        if (alt := (node.attributes.get("alt") or "").strip()) and len(alt) < 200:
            lines.word(alt)
    elif tag in _BLOCKS or tag == "p":
        _write_block(lines, tag, opening=opening)


def _write_block(lines: _HtmlLines, tag: str, *, opening: bool) -> None:
    lines.end()
    if tag in _SPACED:
        lines.gap = True
    if tag == "blockquote":
        lines.quote = min(lines.quote + (1 if opening else -1), _DEEPEST_QUOTE)
    elif tag == "pre":
        lines.preserved = max(0, lines.preserved + (1 if opening else -1))
    elif tag == "li" and opening:
        lines.word("- ")
