"""Plain text as HTML: escaped, with its addresses as links.

Each piece is escaped by itself, the address as an attribute. A quote in an address ends it, and is never in the link
(nodemailer/mailparser#412, FreeScout's advisories).
"""

import re
from collections.abc import Callable
from html import escape

# What an address may be of; what ends a sentence is taken off again.
_ADDRESS = re.compile(
    r"(?<![\w@.])(?:https?://|www\.)[^\s<>\"'`{}|\\^\[\]\x00-\x20\u200b-\u200f\u202a-\u202e]{2,1500}", re.I
)
_ENDS = ".,;:!?)*_~’”»…"
_REL = 'rel="noopener noreferrer nofollow" target="_blank"'


def link_to(target: str, address: str) -> str:
    """Return a link to `target` that shows the address as written."""
    return f'<a href="{escape(target)}" {_REL}>{escape(address)}</a>'


def linked_text(text: str, link: Callable[[str, str], str] = link_to) -> str:
    """Return a text as HTML with links. Line breaks rely on `white-space: pre-wrap`.

    `link` draws one: given where it leads to, and the address as written.
    """
    written: list[str] = []
    done = 0
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_ENDS)
        if match[0][len(address) :].startswith(")") and address.count("(") > address.count(")"):
            address += ")"
        if len(address) < 8:
            continue
        if "://" in address[:8]:
            target = address
        else:
            target = f"https://{address}"
        written += [escape(text[done : match.start()]), link(target, address)]
        done = match.start() + len(address)
    return "".join([*written, escape(text[done:])])
