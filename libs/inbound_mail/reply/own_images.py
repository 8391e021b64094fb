"""Which images of a mail somebody put into their own words: not those of what they quote, nor of their signature."""

from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from libs.inbound_mail.bounded_html import bound_html
from libs.inbound_mail.reply.html_marks import Mark, mark_of

_OTHERS = frozenset({Mark.QUOTE, Mark.ABOVE_QUOTE, Mark.SIGNATURE})


def own_images(html: str) -> frozenset[str]:
    """Return the content ids, in lower case and without brackets, of the images that the sender's own words show."""
    root = LexborHTMLParser(bound_html(html).html).root
    own: set[str] = set()
    others: set[int] = set()
    for node in root.traverse() if root is not None else ():
        mark = mark_of(node)
        if mark is Mark.ENDS_REPLY:
            break
        if mark in _OTHERS:
            others |= {image.mem_id for image in node.css("img")}
        source = ""
        if node.tag == "img":
            source = node.attributes.get("src") or ""
        if source[:4].lower() == "cid:" and node.mem_id not in others:
            own.add(unquote(source[4:]).strip("<> ").lower())
    return frozenset(own)
