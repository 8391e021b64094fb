"""Content of winmail.dat (TNEF, MS-OXTNEF): files and the body, plain, HTML or RTF. Never raises."""

import struct
from dataclasses import dataclass, field

from libs.inbound_mail.message import MailPart
from libs.inbound_mail.reading.charsets import codec_of, decode
from libs.inbound_mail.reading.names import attachment_name
from libs.inbound_mail.reading.rtf import rtf_to_text, unpack

_SIGNATURE = 0x223E9F78
_ATTACHMENT_BEGINS = 0x9002
_TITLE = 0x8010
_DATA = 0x800F
_ATTACHMENT_PROPERTIES = 0x9005
_BODY = 0x800C
_CODEPAGE = 0x9007
_MESSAGE_PROPERTIES = 0x9003
_LONG_NAME = 0x3707
_MIME_TAG = 0x370E
_CONTENT_ID = 0x3712
_ATTACHED = 0x3701
_PLAIN = 0x1000
_RICH = 0x1009
_HTML = 0x1013
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = frozenset({0x1E, 0x1F, 0x0D, 0x102})
_MOST = 500


@dataclass(slots=True)
class Winmail:
    """The content of a winmail.dat."""

    attachments: list[MailPart] = field(default_factory=list)
    text: str = ""
    html: str = ""


def read_tnef(data: bytes) -> Winmail | None:
    """Parse a winmail.dat; None if it is damaged or something else."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    tnef = Winmail()
    codec = "cp1252"
    current: dict[int, bytes] = {}
    at = 6
    while at + 9 <= len(data):
        _level, attribute, _kind, length = struct.unpack_from("<BHHI", data, at)
        content = data[at + 9 : at + 9 + length]
        at += 9 + length + 2
        if len(content) < length or len(tnef.attachments) > _MOST:
            break
        if attribute == _CODEPAGE and length >= 4:
            codec = codec_of(f"cp{struct.unpack_from('<I', content)[0]}") or codec
        elif attribute == _ATTACHMENT_BEGINS:
            _keep_attachment(tnef, current, codec)
            current = {}
        elif attribute in (_TITLE, _DATA):
            current[attribute] = content
        elif attribute == _ATTACHMENT_PROPERTIES:
            current |= _read_properties(content)
        elif attribute == _BODY:
            tnef.text = decode(content.rstrip(b"\0"), codec)
        elif attribute == _MESSAGE_PROPERTIES:
            _read_bodies(tnef, _read_properties(content), codec)
    _keep_attachment(tnef, current, codec)
    return tnef


def _read_bodies(found: Winmail, properties: dict[int, bytes], codec: str) -> None:
    if _HTML in properties:
        found.html = decode(properties[_HTML].rstrip(b"\0"), codec)
    if _PLAIN in properties and not found.text:
        found.text = _decode_text(properties[_PLAIN], codec)
    if _RICH in properties and not found.text and not found.html:
        found.text = rtf_to_text(unpack(properties[_RICH]))


def _keep_attachment(found: Winmail, current: dict[int, bytes], codec: str) -> None:
    content = current.get(_DATA) or current.get(_ATTACHED)
    if content is None:
        return
    name = _decode_text(current.get(_LONG_NAME) or current.get(_TITLE, b""), codec)
    kind = _decode_text(current.get(_MIME_TAG, b""), codec).strip().lower() or "application/octet-stream"
    content_id = _decode_text(current.get(_CONTENT_ID, b""), codec).strip("<> ")
    found.attachments.append(MailPart(attachment_name(name, kind), kind, content, content_id))


def _decode_text(value: bytes, codec: str) -> str:
    if len(value) > 1 and len(value) % 2 == 0 and value[1::2].count(0) * 2 > len(value) // 2:
        return decode(value, "utf-16-le").rstrip("\0")
    return decode(value.rstrip(b"\0"), codec)


def _read_properties(data: bytes) -> dict[int, bytes]:
    """Parse MAPI properties by number, up to the first of unknown type."""
    properties: dict[int, bytes] = {}
    try:
        (count,) = struct.unpack_from("<I", data)
        at = 4
        for _ in range(min(count, _MOST)):
            kind, number = struct.unpack_from("<HH", data, at)
            if number >= 0x8000:
                at = _past_name(data, at + 4)
            else:
                at = at + 4
            at, value = _read_value(data, at, kind)
            properties.setdefault(number, value)
    except (struct.error, KeyError):
        pass
    return properties


def _past_name(data: bytes, at: int) -> int:
    (by_text,) = struct.unpack_from("<I", data, at + 16)
    if not by_text:
        return at + 24
    (length,) = struct.unpack_from("<I", data, at + 20)
    return int(at + 24 + length + -length % 4)


def _read_value(data: bytes, at: int, kind: int) -> tuple[int, bytes]:
    if kind not in _VARIABLE and not kind & 0x1000:
        size = _FIXED[kind]
        return at + size, data[at : at + size]
    (count,) = struct.unpack_from("<I", data, at)
    at += 4
    if kind & 0x1000 and kind & ~0x1000 in _FIXED:
        size = _FIXED[kind & ~0x1000] * count
        return at + size, b""
    first = b""
    for index in range(min(count, _MOST)):
        (length,) = struct.unpack_from("<I", data, at)
        if index == 0:
            # An embedded object begins with the number of its interface.
            first = data[at + 4 + (16 if kind == 0x0D else 0) : at + 4 + length]
        at += 4 + length + -length % 4
    return at, first
