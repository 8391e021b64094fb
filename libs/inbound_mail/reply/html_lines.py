"""Lines of an HTML body as displayed, with the quotations and signatures marked in it."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from libs.inbound_mail.bounded_html import bound_html
from libs.inbound_mail.reply.html_marks import HtmlMark, mark_of
from libs.inbound_mail.reply.lines import LineKind, ReplyLine

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr ul caption".split()
)
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol table blockquote pre".split())
_UNSEEN = frozenset("head script style title template noscript textarea select svg math meta link".split())
# What HTML takes for space; a space that must not break is a space here, too.
_SPACES = re.compile(r"[ \t\n\r\f\xa0]+")
_RULE = "_" * 20
# Characters that fill an empty paragraph and are not seen.
_NOTHING = str.maketrans("", "", "\u200b\u200c\u200d\ufeff\u00ad")


def lines_of_html(html: str) -> list[ReplyLine]:
    """Return the lines of an email's HTML."""
    root = LexborHTMLParser(bound_html(html).html).root
    writer = _Writer()
    if root is not None:
        _walk_tree(root, writer)
    return writer.lines()


def _walk_tree(root: LexborNode, writer: "_Writer") -> None:
    """Walk a tree without recursion, as it may be deep."""
    node: LexborNode | None = root
    while node is not None:
        seen = node.tag not in _UNSEEN and node.tag != "-comment"
        if seen:
            writer.enter(node)
        if seen and node.child is not None:
            node = node.child
            continue
        while node is not None:
            writer.leave(node)
            if node.mem_id == root.mem_id:
                return
            if node.next is not None:
                node = node.next
                break
            node = node.parent


@dataclass
class _Writer:
    """Writes lines while a tree is walked."""

    written: list[ReplyLine] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    # The elements that mark what is in them, the innermost last.
    marks: list[tuple[int, HtmlMark]] = field(default_factory=list)
    preformatted: int = 0
    ends_reply: bool = False

    def enter(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._write_text(node.text_content or "")
            return
        if tag == "br":
            self._end_line(always=True)
            return
        if tag in _BLOCKS:
            self._end_line()
            if tag in _PARAGRAPHS:
                self._write_blank()
            if tag == "hr":
                self.written.append(ReplyLine(_RULE))
        elif tag in {"td", "th"} and self.text:
            self.text.append(" ")
        elif tag == "img" and (words := (node.attributes.get("alt") or "").strip()):
            self._write_text(f"[{words[:200]}]")
        if tag == "li":
            self._write_text("- ")
        self.preformatted += tag == "pre"
        if (mark := mark_of(node)) is HtmlMark.ENDS_REPLY:
            self._end_line()
            self.ends_reply = True
        elif mark:
            self._end_line()
            self.marks.append((node.mem_id, mark))

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in _BLOCKS:
            self._end_line()
            if tag in _PARAGRAPHS:
                self._write_blank()
        self.preformatted -= tag == "pre"
        if self.marks and self.marks[-1][0] == node.mem_id:
            self._end_line()
            self.marks.pop()

    def _write_text(self, text: str) -> None:
        text = text.translate(_NOTHING)
        if self.preformatted and "\n" in text:
            *full, text = text.split("\n")
            for line in full:
                self.text.append(line)
                self._end_line(always=True)
        self.text.append(text if self.preformatted else _SPACES.sub(" ", text))

    def _write_blank(self) -> None:
        if self.written and not self.written[-1].is_blank:
            self.written.append(ReplyLine("", LineKind.BLANK))

    def _end_line(self, *, always: bool = False) -> None:
        if self.preformatted:
            text = "".join(self.text)
        else:
            text = _SPACES.sub(" ", "".join(self.text)).strip()
        self.text.clear()
        if not text.strip():
            if always:
                self.written.append(ReplyLine("", LineKind.BLANK))
            return
        self.written.append(self._build_line(text))

    def _build_line(self, text: str) -> ReplyLine:
        marks = [mark for _element, mark in self.marks]
        line = ReplyLine(text, ends_reply=self.ends_reply, is_indented=HtmlMark.INDENTED in marks)
        if depth := marks.count(HtmlMark.QUOTE):
            line.text = f"{'>' * depth} {text}"
            line.kind = LineKind.QUOTE
        elif HtmlMark.ABOVE_QUOTE in marks:
            line.kind = LineKind.QUOTE
        elif HtmlMark.SIGNATURE in marks:
            line.kind = LineKind.SIGNATURE
        return line

    def lines(self) -> list[ReplyLine]:
        """Return the lines written so far."""
        self._end_line()
        return self.written
