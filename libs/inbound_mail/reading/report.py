"""The machine-readable parts of a report, and the headers of its original email."""

from collections.abc import Iterator
from typing import Literal

from libs.inbound_mail.message import MailHeaders, MailReport
from libs.inbound_mail.reading.charsets import decode
from libs.inbound_mail.reading.headers import decode_headers, raw_text, read_block
from libs.inbound_mail.reading.limits import MailLimits
from libs.inbound_mail.reading.structure import MimePart
from libs.inbound_mail.reading.transfer_encoding import decode_transfer

_KINDS: dict[str, Literal["delivery-status", "feedback-report", "disposition-notification"]] = {
    "message/delivery-status": "delivery-status",
    "message/global-delivery-status": "delivery-status",
    "message/feedback-report": "feedback-report",
    "message/disposition-notification": "disposition-notification",
    "message/global-disposition-notification": "disposition-notification",
}
_RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"})
_MOST_BLOCKS = 1_000
_MOST_BYTES = 1_000_000
_MOST_TEXT = 20_000


def read_report(raw: bytes, top: MimePart, limits: MailLimits) -> MailReport:
    """Return the report in an email; empty if it is none."""
    kind = None
    blocks: tuple[MailHeaders, ...] = ()
    returned = MailHeaders()
    text = ""
    for part in _leaf_parts(top):
        if part.type in _KINDS and not blocks:
            kind = _KINDS[part.type]
            blocks = tuple(_field_groups(_decode_content(raw, part), limits))
        elif part.type in _RETURNED and not returned and part is not top:
            content = _decode_content(raw, part)
            block = read_block(content, 0, len(content), limits)
            returned = decode_headers(block.fields)
            text = decode(content[block.body : block.body + _MOST_TEXT])
    return MailReport(kind, blocks, returned, text)


def _decode_content(raw: bytes, part: MimePart) -> bytes:
    encoding = raw_text(part.block.first("content-transfer-encoding"))
    return decode_transfer(raw, part.start, min(part.end, part.start + _MOST_BYTES), encoding)


def _leaf_parts(part: MimePart) -> Iterator[MimePart]:
    if not part.children:
        yield part
    for child in part.children:
        yield from _leaf_parts(child)


def _field_groups(content: bytes, limits: MailLimits) -> Iterator[MailHeaders]:
    """Parse groups of fields separated by one or more empty lines."""
    at = count = 0
    while at < len(content) and count < _MOST_BLOCKS:
        block = read_block(content, at, len(content), limits)
        if block.fields:
            count += 1
            yield decode_headers(block.fields)
        if block.body <= at:
            # A line that is no field: past it.
            stop = content.find(b"\n", at)
            if stop < 0:
                at = len(content)
            else:
                at = stop + 1
        else:
            at = block.body
