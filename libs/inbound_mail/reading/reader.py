"""Parse an email: the entry point of this package."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from libs.inbound_mail.message import Mail, MailAddress, MailHeaders, MailPart, MailProblem, UnreadableMail
from libs.inbound_mail.reading.addresses import read_addresses, tidy
from libs.inbound_mail.reading.bodies import Bodies
from libs.inbound_mail.reading.charsets import codec_of, guess
from libs.inbound_mail.reading.dates import read_date, read_receipt
from libs.inbound_mail.reading.encoded_words import one_line
from libs.inbound_mail.reading.headers import decode_headers, read_block
from libs.inbound_mail.reading.limits import USUAL, MailLimits
from libs.inbound_mail.reading.message_ids import read_id, read_ids
from libs.inbound_mail.reading.report import read_report
from libs.inbound_mail.reading.structure import MimePart, Structure
from libs.sentence import Sentence as _

_LONGEST_SUBJECT = 2_000
_LOOKED_AT = 200_000
_SHOWN = re.compile(r"cid:([^\"'\s<>)]{1,300})", re.IGNORECASE)
_FIELD = re.compile(rb"^[!-9;-~]{1,100}[ \t]?:", re.MULTILINE)
_DELIVERED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-RCPT-To", "X-Delivered-To")


def read_mail(raw: bytes, *, received_at: datetime, limits: MailLimits = USUAL) -> Mail:
    """Return a parsed email. Raises UnreadableMail only; defects and limits are listed in `problems`."""
    if len(raw) > limits.size:
        raise UnreadableMail(
            _("The email is %(size)s MB, which is too large to read.") % {"size": len(raw) // 1_000_000}
        )
    if not raw.strip(b"\0 \t\r\n"):
        raise UnreadableMail(_("The email is empty."))
    raw = _with_line_feeds(raw)
    start = _header_start(raw)
    structure = Structure(raw, limits)
    top = structure.read(start, len(raw))
    if not top.block.fields and not _FIELD.search(raw, 0, _LOOKED_AT):
        raise UnreadableMail(_("This is not an email: it has no header."))
    problems = _structural_problems(structure, top)
    hint = codec_of(top.charset) or _guess_charset(raw, top)
    headers = decode_headers(top.block.fields, hint)
    bodies = Bodies(raw, limits, hint)
    bodies.collect(top)
    mail = _mail_fields(headers, top, bodies, received_at, problems, limits)
    return Mail(**mail, report=read_report(raw, top, limits), problems=tuple(problems))


def read_message_id(raw: bytes) -> str:
    """Return an email's own ID from its header; "" if it has none, or is no email."""
    head = _with_line_feeds(raw[:_LOOKED_AT])
    fields = read_block(head, _header_start(head), len(head), USUAL).fields
    return read_id(tuple(value.decode("ascii", "replace") for name, value in fields if name.lower() == "message-id"))


def _guess_charset(raw: bytes, top: MimePart) -> str:
    """Guess the charset of an email that names none, from all its non-ASCII bytes."""
    values = [value for _name, value in top.block.fields if not value.isascii()]
    if top.children:
        if values:
            return guess(b"\n".join(values))
        return ""
    body = raw[top.start : min(top.end, top.start + _LOOKED_AT)]
    return guess(b"\n".join([*values, b"" if body.isascii() else body]))


def _with_line_feeds(raw: bytes) -> bytes:
    """Convert CR line ends, as from an old Mac or a broken pipe."""
    head = raw[:20_000]
    if head.count(b"\r") > 2 * head.count(b"\n") and head.count(b"\r\n") <= head.count(b"\n"):
        return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw


def _header_start(raw: bytes) -> int:
    """Skip a byte order mark and empty lines before the header."""
    head = raw[:4_000]
    start = 0
    if head.startswith(b"\xef\xbb\xbf"):
        start = 3
    start += len(head[start:]) - len(head[start:].lstrip(b"\r\n\0"))
    # A line of blanks is empty, too, where a field follows it.
    blank = len(head) - len(head[start:].lstrip(b" \t\r\n\0"))
    if blank > start and head[blank - 1 : blank] == b"\n" and _FIELD.match(head, blank):
        return blank
    return start


def _structural_problems(structure: Structure, top: MimePart) -> list[MailProblem]:
    problems = []
    if top.block.cut:
        problems.append(MailProblem("header_too_long"))
    if top.block.repaired:
        problems.append(MailProblem("header_damaged"))
    if structure.guessed:
        problems.append(MailProblem("boundary_guessed"))
    if structure.too_deep:
        problems.append(MailProblem("parts_too_deep"))
    if structure.too_many:
        problems.append(MailProblem("parts_too_many", structure.too_many))
    return problems


def _mail_fields(
    headers: MailHeaders,
    top: MimePart,
    bodies: Bodies,
    received_at: datetime,
    problems: list[MailProblem],
    limits: MailLimits,
) -> dict[str, Any]:
    text = bodies.text()
    html = bodies.html()
    inline_ids = frozenset(unquote(content_id) for content_id in _SHOWN.findall(html))
    attachments = tuple(_with_disposition(part, inline_ids) for part in bodies.attachments)
    problems += bodies.problems()
    return {
        "message_id": read_id(headers.all("Message-ID")),
        "in_reply_to": read_ids(" ".join(headers.all("In-Reply-To")), limits.references),
        "references": read_ids(" ".join(headers.all("References")), limits.references),
        "thread_index": headers.get("Thread-Index")[:1_000],
        "thread_topic": headers.get("Thread-Topic")[:_LONGEST_SUBJECT],
        "date": _read_date(headers, received_at, problems),
        "received_at": read_receipt(headers.get("Received"), received_at),
        "sender": _read_sender(headers, problems),
        "reply_to": _read_addresses_of(headers, ("Reply-To",), limits, problems),
        "to": _read_addresses_of(headers, ("To",), limits, problems),
        "cc": _read_addresses_of(headers, ("Cc",), limits, problems),
        "delivered_to": _read_addresses_of(headers, _DELIVERED, limits, problems),
        "return_path": _return_path(headers),
        "subject": next(filter(None, map(one_line, headers.all("Subject"))), "")[:_LONGEST_SUBJECT],
        "text": text,
        "html": html,
        "attachments": attachments,
        "headers": headers,
        "content_type": top.type,
    }


def _with_disposition(part: MailPart, shown: frozenset[str]) -> MailPart:
    """Mark images shown by the HTML as inline, and inline images without an ID as files."""
    inline = bool(part.content_id) and (part.content_id in shown or part.inline)
    if part.inline == inline:
        return part
    return replace(part, inline=inline)


def _read_date(headers: MailHeaders, received_at: datetime, problems: list[MailProblem]) -> datetime:
    values = headers.all("Date") or headers.all("Resent-Date")
    header_date = next(filter(None, (read_date(value, received_at) for value in values)), None)
    if header_date is None and values:
        problems.append(MailProblem("date_unreadable"))
    return header_date or received_at


def _read_sender(headers: MailHeaders, problems: list[MailProblem]) -> MailAddress | None:
    """Return the author by From, else by Sender or Reply-To."""
    for name in ("From", "Sender", "Reply-To", "X-Original-From", "Return-Path"):
        for value in headers.all(name):
            addresses, _more = read_addresses(value, 1)
            if addresses:
                if name != "From":
                    problems.append(MailProblem("sender_unreadable"))
                return addresses[0]
    return None


def _read_addresses_of(
    headers: MailHeaders, names: tuple[str, ...], limits: MailLimits, problems: list[MailProblem]
) -> tuple[MailAddress, ...]:
    by_address: dict[str, MailAddress] = {}
    left_out = 0
    for name in names:
        for value in headers.all(name):
            addresses, more = read_addresses(value, limits.recipients - len(by_address))
            left_out += more
            for each in addresses:
                by_address.setdefault(each.address.lower(), each)
    if left_out:
        problems.append(MailProblem("addresses_too_many", left_out, names[:1]))
    return tuple(by_address.values())


def _return_path(headers: MailHeaders) -> str | None:
    if "Return-Path" not in headers:
        return None
    value = headers.get("Return-Path")
    addresses, _more = read_addresses(value, 1)
    if addresses:
        return addresses[0].address
    return tidy(value)
