"""Images in an author's own text, not in the quotation or signature."""

from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from libs.inbound_mail.bounded_html import bound_html
from libs.inbound_mail.reply.html_marks import HtmlMark, mark_of

_OTHERS = frozenset({HtmlMark.QUOTE, HtmlMark.ABOVE_QUOTE, HtmlMark.SIGNATURE})


def own_images(html: str) -> frozenset[str]:
    """Return the content IDs, in lower case without brackets, of images in the author's own text."""
    root = LexborHTMLParser(bound_html(html).html).root
    own: set[str] = set()
    others: set[int] = set()
    for node in root.traverse() if root is not None else ():
        mark = mark_of(node)
        if mark is HtmlMark.ENDS_REPLY:
            break
        if mark in _OTHERS:
            others |= {image.mem_id for image in node.css("img")}
        source = ""
        if node.tag == "img":
            source = node.attributes.get("src") or ""
        if source[:4].lower() == "cid:" and node.mem_id not in others:
            own.add(unquote(source[4:]).strip("<> ").lower())
    return frozenset(own)
