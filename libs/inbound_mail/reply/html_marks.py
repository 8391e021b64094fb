"""Elements by which mail programs mark quotations, signatures, and the start of the answered email.

Exchange puts `x_` before every id and class of a message it passes on.
"""

import re
from enum import Enum

from selectolax.lexbor import LexborNode

from libs.inbound_mail.reply.headers import begins_with_field


class HtmlMark(Enum):
    """What an element marks: its content or what follows."""

    QUOTE = "quote"
    # "On … wrote:", which is not in the quote itself.
    ABOVE_QUOTE = "above"
    SIGNATURE = "signature"
    ENDS_REPLY = "ends"
    # A block that is set in.
    INDENTED = "indented"


_ENDS = frozenset(
    "divrplyfwdmsg appendonsend mail-editor-reference-message-container olk_src_body_section stopspelling zwchr "
    "replysplit outlookmessageheader isforwardcontent reply-intro replybody yahoo-quoted-begin "
    "ms-outlook-mobile-reference-message hm_ll_reply __wmqc__ quotedtext_header".split()
)
_ENDING_CLASSES = frozenset("outlookmessageheader yahoo-quoted-begin".split())
_QUOTES = frozenset(
    "yahoo_quoted protonmail_quote tutanota_quote zmail_extra freshdesk_quote front-blockquote missive_quote "
    "outreach-quote hs_reply quotedreply fernand_quote sh-quoted-content zendesk_quote nylas-quote cite "
    "hey-quote mailspring-quote gmail_quote_attribution history_container zm_quote intercom-quote skiff_quote "
    "bluemail-quote aol-quote aolmail_quote rcm-quote".split()
)
_ABOVE = frozenset("gmail_attr moz-cite-prefix zmail_extra_hr protonmail_quote_header".split())
_SIGNATURES = frozenset(
    "gmail_signature moz-signature moz-txt-sig protonmail_signature_block protonmail_signature_block-user "
    "ms-outlook-mobile-signature applemailsignature messagesignaturesection sh-signature tutanota_signature "
    "gmail_signature_prefix ymail_android_signature yahoo-signature zmail_signature hs_signature "
    "front-signature edo-signature aolmail_signature applelinkspreview signature_block".split()
)
# Ids by which programs mark a signature people also write in: only theirs, not `class="signature"`.
_SIGNATURE_IDS = frozenset("signature ms-outlook-mobile-signature applemailsignature zmail-signature".split())
_BORDER = re.compile(r"border-top:\s{0,3}(?:solid\s{1,3}#[0-9a-f]{6}|1px solid|#[0-9a-f]{6} 1(?:\.0)?p[tx] solid|"
                     r"rgb\([0-9 ,]{5,15}\) 1(?:\.0)?p[tx] solid)")  # fmt: skip
# The lines of a header block that must be below Outlook's rule.
_HEAD = 300


def mark_of(node: LexborNode) -> HtmlMark | None:
    """Return the mark of an element."""
    attributes = node.attributes
    if not attributes:
        if node.tag == "blockquote":
            return HtmlMark.INDENTED
        return None
    ident = _plain_name(attributes.get("id"))
    classes = {_plain_name(name) for name in (attributes.get("class") or "")[:400].split()}
    named = {ident, _plain_name(attributes.get("name"))} - {""}
    if named & _ENDS or classes & _ENDING_CLASSES or _is_outlook_rule(node, attributes.get("style")):
        return HtmlMark.ENDS_REPLY
    if classes & _ABOVE:
        return HtmlMark.ABOVE_QUOTE
    if classes & _SIGNATURES or named & (_SIGNATURES | _SIGNATURE_IDS):
        return HtmlMark.SIGNATURE
    if _is_quote(node, attributes, classes | named):
        return HtmlMark.QUOTE
    if node.tag == "blockquote":
        return HtmlMark.INDENTED
    return None


def _plain_name(name: str | None) -> str:
    name = (name or "")[:80].strip().casefold()
    while name.startswith("x_"):
        name = name[2:]
    return name


def _is_quote(node: LexborNode, attributes: dict[str, str | None], names: set[str]) -> bool:
    if node.tag == "blockquote":
        return (attributes.get("type") or "").casefold() == "cite" or bool(names & (_QUOTES | {"gmail_quote"}))
    if names & {"gmail_quote", "messagereplysection"}:
        # Answers between the lines stand in here, beside the blockquotes; a forward has none.
        return node.css_first("blockquote") is None and not _is_forward(node)
    return bool(names & _QUOTES)


def _is_forward(node: LexborNode) -> bool:
    return node.text(strip=True)[:40].lstrip().startswith("-----")


def _is_outlook_rule(node: LexborNode, style: str | None) -> bool:
    """True for the grey or blue line that Outlook for Windows draws above "From:"."""
    if not style or node.tag not in {"div", "p", "td", "table"}:
        return False
    return bool(_BORDER.search(style[:400].casefold())) and begins_with_field(node.text(separator=" ")[:_HEAD])
