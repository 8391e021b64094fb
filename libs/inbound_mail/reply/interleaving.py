"""Answers between the lines of a quotation, which keep the quoted text above them."""

from collections.abc import Sequence
from itertools import pairwise

from libs.inbound_mail.reply.lines import Kind, Line

# A line as wide as this was wrapped by a program, and its last words stand on the next one, without a mark.
_WRAPPED_AT = 72


def keep_answered(lines: Sequence[Line]) -> None:
    """Keep quotations visible that are answered one by one or were selected; fold a complete one."""
    blocks = _quoted_blocks(lines)
    answered = [
        block for block, text in pairwise(blocks) if block[0].kind is Kind.QUOTE
        and any(line.kind is Kind.TEXT for line in text)
    ]  # fmt: skip
    if len(answered) < 2 and not (answered and _was_picked(answered[0])):
        return
    for block in answered:
        for line in block:
            if line.kind is Kind.QUOTE and line.bare.startswith((">", "»")):
                line.kind = Kind.TEXT


def _quoted_blocks(lines: Sequence[Line]) -> list[list[Line]]:
    """Return runs of quoted and other lines; blank lines and signatures belong to the run before."""
    blocks: list[list[Line]] = []
    for line in lines:
        is_below = line.kind is Kind.BLANK or line.kind is Kind.SIGNATURE
        same = bool(blocks) and (is_below or (line.kind is Kind.QUOTE) == (blocks[-1][0].kind is Kind.QUOTE))
        if same:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _was_picked(block: Sequence[Line]) -> bool:
    """True if a quotation has no attribution above it, so that it was pasted."""
    return all(line.bare.startswith((">", "»")) for line in block if line.kind is Kind.QUOTE)


def mend_wrapped(lines: Sequence[Line]) -> None:
    """Mark the rest of a wrapped quoted line as quoted."""
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if line.kind is not Kind.TEXT or before.kind is not Kind.QUOTE or after.kind is not Kind.QUOTE:
            continue
        first = line.bare.split(maxsplit=1)[0]
        wrapped = len(before.text) + len(first) >= _WRAPPED_AT and not before.bare.endswith((".", "?", "!", ":"))
        words = len(line.bare) < _WRAPPED_AT and not line.bare[:1].isupper()
        if (wrapped and words) or _is_rest_of_link(before.bare, line.bare):
            line.kind = Kind.QUOTE


def _is_rest_of_link(before: str, bare: str) -> bool:
    opened = max(before.rfind("(http"), before.rfind("<http"), before.rfind("[http"))
    return opened >= 0 and not any(c in before[opened:] for c in ")] ") and " " not in bare
