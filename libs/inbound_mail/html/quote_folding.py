"""Fold the quoted history at the end of an email's HTML, as marked by mail programs.

The place is marked in the unsafe HTML, where ids and classes still say what is quoted; `folded` makes a <details> of
the marks once the HTML is safe. Quotes with answers between them stay open: each is read with its answer.
"""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from libs.inbound_mail.reply.html_marks import HtmlMark, mark_of

# Of the private use area: taken out of a mail before they are set.
_BEGIN = "\ue0f1"
_END = "\ue0f2"
# No text may stand between these and their children.
_NO_TEXT = frozenset("table tbody thead tfoot tr colgroup ul ol dl select html".split())
_QUOTED = (HtmlMark.QUOTE, HtmlMark.ABOVE_QUOTE)


def mark_quoted_history(html: str) -> str:
    """Return the HTML with marks around the quotation at its end; unchanged if there is none."""
    html = html.replace(_BEGIN, "").replace(_END, "")
    body = LexborHTMLParser(html).body
    quoted = None
    if body:
        quoted = _quoted_history(body)
    if body is None or quoted is None:
        return html
    first, last = quoted
    if first.parent is None or (first.parent.tag or "") in _NO_TEXT:
        return html
    first.insert_before(_BEGIN)
    last.insert_after(_END)
    return body.html or ""


def fold_quote(html: str, label: str) -> str:
    """Return sanitized HTML with the marked part folded; `label` is its accessible name."""
    if html.count(_BEGIN) != 1 or html.count(_END) != 1 or html.index(_BEGIN) > html.index(_END):
        return html.replace(_BEGIN, "").replace(_END, "")
    summary = f'<details class="quoted"><summary aria-label="{label}" title="{label}">\u2026</summary>'
    return html.replace(_BEGIN, summary).replace(_END, "</details>")


def _quoted_history(body: LexborNode) -> tuple[LexborNode, LexborNode] | None:
    """Return the first and last sibling of the quoted history, if nothing follows it."""
    marked = _outermost_marks(body)
    ending = next((node for node, mark in marked if mark is HtmlMark.ENDS_REPLY), None)
    if ending:
        first = ending
        last = _last_sibling(ending)
    elif quotes := [node for node, mark in marked if mark in _QUOTED]:
        first = last = quotes[-1]
    else:
        return None
    if not ending and _has_text_below(last, body, {node.mem_id for node, mark in marked if mark is HtmlMark.SIGNATURE}):
        return None
    while (before := _neighbour_above(first)) and mark_of(before) in _QUOTED:
        first = before
    if _has_text_above(first, body):
        return (first, last)
    return None


def _outermost_marks(body: LexborNode) -> list[tuple[LexborNode, HtmlMark]]:
    """Return the marked elements in order, without nested ones."""
    marked: list[tuple[LexborNode, HtmlMark]] = []
    node = body.child
    while node is not None:
        mark = None
        if (node.tag or "-")[0] not in "-!":
            mark = mark_of(node)
        if mark and mark is not HtmlMark.INDENTED:
            marked.append((node, mark))
        elif node.child is not None:
            node = node.child
            continue
        node = _next_outside(node, body)
    return marked


def _next_outside(node: LexborNode, body: LexborNode) -> LexborNode | None:
    """Return the node after an element and its content."""
    at: LexborNode | None = node
    while at is not None and at.mem_id != body.mem_id:
        if at.next is not None:
            return at.next
        at = at.parent
    return None


def _last_sibling(node: LexborNode) -> LexborNode:
    while node.next is not None:
        node = node.next
    return node


def _neighbour_above(node: LexborNode) -> LexborNode | None:
    """Return the previous element, skipping line breaks and blank text."""
    above = node.prev
    while above is not None and (above.tag == "br" or (above.tag == "-text" and not _has_words(above))):
        above = above.prev
    if above is not None and (above.tag or "-")[0] != "-":
        return above
    return None


def _has_words(node: LexborNode) -> bool:
    return node.tag == "-text" and bool((node.text_content or "").strip())


def _has_text_below(node: LexborNode, body: LexborNode, signatures: set[int]) -> bool:
    at = _next_outside(node, body)
    while at is not None:
        if _has_words(at):
            return True
        descends = at.child is not None and at.mem_id not in signatures
        if descends:
            at = at.child
        else:
            at = _next_outside(at, body)
    return False


def _has_text_above(node: LexborNode, body: LexborNode) -> bool:
    """True if there is text above; a fully quoted email is shown."""
    at: LexborNode | None = body.child
    while at is not None and at.mem_id != node.mem_id:
        if at.tag == "img" or _has_words(at):
            return True
        if at.child is not None:
            at = at.child
        else:
            at = _next_outside(at, body)
    return False
