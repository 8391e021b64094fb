"""Answers between the lines of a quotation, which keep the quoted text above them."""

from collections.abc import Sequence
from itertools import pairwise

from libs.inbound_mail.reply.lines import LineKind, ReplyLine

# A line as wide as this was wrapped by a program, and its last words stand on the next one, without a mark.
_WRAPPED_AT = 72


def keep_answered(lines: Sequence[ReplyLine]) -> None:
    """Keep quotations visible that are answered one by one or were selected; fold a complete one."""
    blocks = _quoted_blocks(lines)
    answered = [
        block for block, text in pairwise(blocks) if block[0].kind is LineKind.QUOTE
        and any(line.kind is LineKind.TEXT for line in text)
    ]  # fmt: skip
    if len(answered) < 2 and not (answered and _was_picked(answered[0])):
        return
    for block in answered:
        for line in block:
            if line.kind is LineKind.QUOTE and line.bare.startswith((">", "»")):
                line.kind = LineKind.TEXT


def _quoted_blocks(lines: Sequence[ReplyLine]) -> list[list[ReplyLine]]:
    """Return runs of quoted and other lines; blank lines and signatures belong to the run before."""
    blocks: list[list[ReplyLine]] = []
    for line in lines:
        is_below = line.kind is LineKind.BLANK or line.kind is LineKind.SIGNATURE
        same = bool(blocks) and (is_below or (line.kind is LineKind.QUOTE) == (blocks[-1][0].kind is LineKind.QUOTE))
        if same:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _was_picked(block: Sequence[ReplyLine]) -> bool:
    """True if a quotation has no attribution above it, so that it was pasted."""
    return all(line.bare.startswith((">", "»")) for line in block if line.kind is LineKind.QUOTE)


def mend_wrapped(lines: Sequence[ReplyLine]) -> None:
    """Mark the rest of a wrapped quoted line as quoted."""
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if line.kind is not LineKind.TEXT or before.kind is not LineKind.QUOTE or after.kind is not LineKind.QUOTE:
            continue
        first = line.bare.split(maxsplit=1)[0]
        wrapped = len(before.text) + len(first) >= _WRAPPED_AT and not before.bare.endswith((".", "?", "!", ":"))
        words = len(line.bare) < _WRAPPED_AT and not line.bare[:1].isupper()
        if (wrapped and words) or _is_rest_of_link(before.bare, line.bare):
            line.kind = LineKind.QUOTE


def _is_rest_of_link(before: str, bare: str) -> bool:
    opened = max(before.rfind("(http"), before.rfind("<http"), before.rfind("[http"))
    return opened >= 0 and not any(c in before[opened:] for c in ")] ") and " " not in bare
