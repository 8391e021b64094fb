"""Split an email into the author's text, the quotation and the signature, without losing a word.

When it is not certain, a line stays visible: a quote shown is a nuisance, a word hidden is a mistake.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from libs.inbound_mail.lexicon import load_words
from libs.inbound_mail.reply.attribution import attribution_at, attribution_within
from libs.inbound_mail.reply.headers import divides, header_block_at, is_rule, passes_on
from libs.inbound_mail.reply.html_lines import lines_of_html
from libs.inbound_mail.reply.interleaving import keep_answered, mend_wrapped
from libs.inbound_mail.reply.lines import LOOKED_THROUGH, LineKind, ReplyLine, join_lines, lines_of
from libs.inbound_mail.reply.signature import fold_signature

# Prefixes of the subject of a forward.
_PASSED_ON = frozenset(load_words("replies")["passed_on"])


@dataclass(frozen=True)
class Reply:
    """The visible and the folded parts of an email."""

    visible: str
    quoted: str = ""
    signature: str = ""

    @property
    def folded(self) -> str:
        """Signature and quote, in this order."""
        return "\n\n".join(part for part in (self.signature, self.quoted) if part)


def split_reply(text: str, html: str = "", *, subject: str = "") -> Reply:
    """Split an email's text, or its HTML if it has no text; the HTML helps if the text marks nothing.

    With the subject of a forward ("Fwd: …") the message that is passed on stays visible.
    """
    forward = _is_passed_on(subject)
    if not text.strip():
        if html:
            return _split_lines(lines_of_html(html), forward=forward)
        return Reply("")
    reply = _split_lines(lines_of(text), forward=forward)
    if html and not reply.quoted and not forward:
        return _cut_like(reply, _split_lines(lines_of_html(html), forward=False))
    return reply


def _is_passed_on(subject: str) -> bool:
    before, colon, _rest = subject[:40].strip().partition(":")
    return bool(colon) and before.strip().casefold() in _PASSED_ON


def _split_lines(lines: list[ReplyLine], *, forward: bool) -> Reply:
    lines, rest = lines[:LOOKED_THROUGH], lines[LOOKED_THROUGH:]
    unmarked = _mark_quotes(lines, forward=forward)
    if unmarked:
        _mark_quote(rest)
    if not rest:
        fold_signature(lines)
    looked_through = list(lines)
    lines += rest
    if not any(line.kind is LineKind.TEXT for line in lines) and (unmarked or not _has_quote(lines)):
        # They wrote below what they answer, or nothing: it can't be told, so it is all shown.
        return Reply(join_lines(lines))
    mend_wrapped(looked_through)
    keep_answered(lines)
    _fold_rules(lines)
    visible = [line for line in lines if line.kind in {LineKind.TEXT, LineKind.BLANK}]
    return Reply(
        _without_gaps(visible),
        join_lines(line for line in lines if line.kind is LineKind.QUOTE),
        join_lines(line for line in lines if line.kind is LineKind.SIGNATURE),
    )


def _has_quote(lines: Sequence[ReplyLine]) -> bool:
    return any(line.kind is LineKind.QUOTE for line in lines)


def _without_gaps(lines: Sequence[ReplyLine]) -> str:
    """Join lines with at most two blank ones in a row."""
    kept: list[ReplyLine] = []
    for line in lines:
        if not (line.is_blank and len(kept) > 1 and kept[-1].is_blank and kept[-2].is_blank):
            kept.append(line)
    return join_lines(kept)


def _mark_quotes(lines: list[ReplyLine], *, forward: bool) -> bool:
    """Mark quotations; return whether by an attribution or divider only, not line by line."""
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.ends_reply:
            if forward:
                return _show_all(lines, index)
            return _quote_all(lines, index)
        if line.kind is LineKind.TEXT:
            if passes_on(line):
                return _show_all(lines, index)
            if divides(line) or _is_header_block(lines, index):
                if forward:
                    return _show_all(lines, index)
                return _quote_all(lines, index)
            _part_line(lines, index, attribution_within(line))
            if count := attribution_at(lines, index):
                below = _first_below(lines, index + count)
                if below is None or not (below.kind is LineKind.QUOTE or below.is_indented):
                    return _quote_all(lines, index)
                _mark_quote(lines[index : index + count])
                index = _quote_indented(lines, index + count)
                continue
        index += 1
    return False


def _part_line(lines: list[ReplyLine], index: int, at: int) -> None:
    if at > 0:
        text = lines[index].text
        lines[index : index + 1] = [ReplyLine(text[:at].rstrip(" -")), ReplyLine(text[at:])]


def _is_header_block(lines: Sequence[ReplyLine], index: int) -> bool:
    if not is_rule(lines[index]):
        return header_block_at(lines, index)
    below = next((i for i in range(index + 1, min(index + 3, len(lines))) if not lines[i].is_blank), None)
    return below is not None and header_block_at(lines, below, ruled=True)


def _fold_rules(lines: Sequence[ReplyLine]) -> None:
    """Fold rules at the end of the visible text, which separate it from the folded part."""
    for line in reversed(lines):
        if line.kind is LineKind.TEXT and not is_rule(line, shortest=2):
            return
        if line.kind is LineKind.TEXT:
            line.kind = LineKind.QUOTE


def _first_below(lines: Sequence[ReplyLine], index: int) -> ReplyLine | None:
    return next((line for line in lines[index : index + 6] if not line.is_blank), None)


def _quote_indented(lines: Sequence[ReplyLine], index: int) -> int:
    """Mark an indented block that begins here; return its end."""
    while index < len(lines) and (lines[index].is_blank or lines[index].is_indented):
        _mark_quote(lines[index : index + 1])
        index += 1
    return index


def _quote_all(lines: Sequence[ReplyLine], index: int) -> bool:
    _mark_quote(lines[index:])
    return True


def _show_all(lines: Sequence[ReplyLine], index: int) -> bool:
    for line in lines[index:]:
        if not line.is_blank:
            line.kind = LineKind.TEXT
    return False


def _mark_quote(lines: Sequence[ReplyLine]) -> None:
    for line in lines:
        if not line.is_blank:
            line.kind = LineKind.QUOTE


def _cut_like(found: Reply, marked: Reply) -> Reply:
    """Cut a text where its HTML marks the quotation; unchanged if the position isn't found."""
    first = [word for word in marked.quoted.split()[:40] if word.strip(">")][:8]
    if not first or not marked.visible:
        return found
    words = []
    line_of = []
    lines = found.visible.split("\n")
    for number, line in enumerate(lines):
        for word in line.split():
            words.append(word)
            line_of.append(number)
    after = max(len(marked.visible.split()) - len(marked.visible.split()) // 4, 1)
    for at in range(after, len(words) - len(first) + 1):
        if words[at : at + len(first)] == first and (not at or line_of[at] != line_of[at - 1]):
            cut = line_of[at]
            visible = "\n".join(lines[:cut]).strip()
            quoted = "\n".join(lines[cut:]).strip()
            if visible:
                return Reply(visible, quoted, found.signature)
            return found
    return found
