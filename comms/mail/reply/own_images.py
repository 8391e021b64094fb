"""Which images of a mail somebody put into their own words: not those of what they quote, nor of their signature."""

from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from comms.mail.html.nesting import bounded
from comms.mail.reply.html_marks import Mark, mark_of

_OTHERS = frozenset({Mark.QUOTE, Mark.ABOVE_QUOTE, Mark.SIGNATURE})


def own_images(html: str) -> frozenset[str]:
    """Return the content ids, in lower case, of the images that the sender's own words show."""
    root = LexborHTMLParser(bounded(html).html).root
    own: set[str] = set()
    others: set[int] = set()
    for node in root.traverse() if root is not None else ():
        mark = mark_of(node)
        if mark is Mark.ENDS_REPLY:
            break
        if mark in _OTHERS:
            others |= {image.mem_id for image in node.css("img")}
        source = (node.attributes.get("src") or "") if node.tag == "img" else ""
        if source[:4].lower() == "cid:" and node.mem_id not in others:
            own.add(content_id_key(unquote(source[4:])))
    return frozenset(own)


def content_id_key(content_id: str) -> str:
    """Return a content id as it is compared: without angle brackets, in lower case."""
    return content_id.strip("<> ").lower()
