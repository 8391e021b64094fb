"""The visible content of an email: text, HTML and attachments, from its tree of parts."""

import re
from dataclasses import dataclass, field

from libs.inbound_mail.message import MailPart, MailProblem
from libs.inbound_mail.reading.charsets import decode, html_charset
from libs.inbound_mail.reading.encoded_words import one_line
from libs.inbound_mail.reading.flowed import unflow
from libs.inbound_mail.reading.headers import decode_headers, raw_text, read_block
from libs.inbound_mail.reading.html_text import html_to_text, text_to_html
from libs.inbound_mail.reading.limits import MailLimits
from libs.inbound_mail.reading.names import attachment_name
from libs.inbound_mail.reading.parameters import header_parameters
from libs.inbound_mail.reading.smime import TYPES as SMIME_TYPES
from libs.inbound_mail.reading.smime import open_envelope
from libs.inbound_mail.reading.structure import MimePart, Structure
from libs.inbound_mail.reading.tnef import read_tnef
from libs.inbound_mail.reading.transfer_encoding import decode_transfer, uuencoded_files, uuencoded_names

# Read by `report.py`; a person is shown the words beside them.
MACHINE_READ = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "message/feedback-report"}
    | {"message/disposition-notification", "message/global-disposition-notification"}
    | {"text/rfc822-headers", "message/rfc822-headers"}
)
_TEXT_KINDS = frozenset({"text/plain", "text/html"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
# Another form of a text that is there as well.
_TWINS = frozenset({"text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html", "text/x-watch-html"})
# A signed mail within another, so many at most: who signs again what a gateway signed.
# What the header of a damaged S/MIME part calls an encrypted one.
_ENCRYPTED_TYPES = frozenset({"enveloped-data", "authenveloped-data"})
_MOST_ENVELOPES = 3
_PGP_BEGINS = "-----BEGIN PGP MESSAGE-----"
# Of the attachments that are left out so many are named.
_NAMED = 5
_HTML_BEGINS = re.compile(r"\s{0,200}(?:<!doctype html|<html[\s>]|<head>|<body[\s>])", re.IGNORECASE)


@dataclass(slots=True)
class BodyPiece:
    """A section of the email as text, HTML or both."""

    text: str = ""
    html: str = ""


@dataclass(slots=True)
class LeftOut:
    """Attachments over a limit: their number, and the names of the first."""

    count: int = 0
    names: tuple[str, ...] = ()

    def add(self, *names: str, count: int = 1) -> None:
        self.count += count
        self.names = (*self.names, *names)[:_NAMED]


def _described_name(part: MimePart) -> str:
    """Return a description that is a file name, as older programs write it."""
    text = one_line(raw_text(part.block.first("content-description")))
    if "." in text[-6:-2] and " " not in text[-6:]:
        return text
    return ""


def _name_by_subject(content: bytes, limits: MailLimits) -> str:
    """Return a file name for an attached email."""
    subject = decode_headers(read_block(content, 0, min(len(content), 6_000), limits).fields).get("subject")
    if subject:
        return f"{subject[:100].replace('/', '-')}.eml"
    return ""


@dataclass(slots=True)
class Bodies:
    """Collects the visible content while walking the tree."""

    raw: bytes
    limits: MailLimits
    # The charset of what names none.
    hint: str = ""
    pieces: list[BodyPiece] = field(default_factory=list)
    attachments: list[MailPart] = field(default_factory=list)
    # Whether of a text only its beginning was taken.
    is_cut: bool = False
    too_large: LeftOut = field(default_factory=LeftOut)
    too_many: LeftOut = field(default_factory=LeftOut)
    size: int = 0
    texts: int = 0
    # Whether some of it is encrypted, for somebody who has the key.
    is_encrypted: bool = False
    # How many signed envelopes it stood in.
    envelopes: int = 0

    def collect(self, part: MimePart) -> None:
        """Collect a part with all its children."""
        if part.unread:
            self._attach_part(part)
        elif part.type == "multipart/alternative":
            self._take_alternatives(part)
        elif part.type.startswith("multipart/"):
            self.is_encrypted = self.is_encrypted or part.type == "multipart/encrypted"
            for child in part.children:
                self.collect(child)
        elif self._is_text(part):
            self.pieces.append(self._read_piece(part))
        elif part.type not in MACHINE_READ:
            self._attach_part(part)

    def text(self) -> str:
        """Return the text of all sections; one with HTML only is converted."""
        texts = []
        left = self.limits.html
        for piece in self.pieces:
            texts.append(piece.text if piece.text.strip() else html_to_text(piece.html[: max(0, left)]))
            left -= len(piece.html)
        return self._cut_text("\n".join(text.strip("\n") for text in texts if text.strip()), self.limits.text).strip()

    def html(self) -> str:
        """Return the HTML of all sections; "" if none has any."""
        if not any(piece.html for piece in self.pieces):
            return ""
        parts = [piece.html or text_to_html(piece.text) for piece in self.pieces if piece.html or piece.text.strip()]
        return self._cut_text("\n".join(parts), self.limits.html)

    def _cut_text(self, text: str, most: int) -> str:
        if len(text) <= most:
            return text
        self.is_cut = True
        return text[:most]

    def problems(self) -> list[MailProblem]:
        """Return what was left out; call after `text` and `html`."""
        problems = []
        if self.is_cut:
            problems = [MailProblem("text_too_long")]
        if self.is_encrypted:
            problems.append(MailProblem("encrypted"))
        if self.too_large.count:
            problems.append(MailProblem("attachments_too_large", self.too_large.count, self.too_large.names))
        if self.too_many.count:
            problems.append(MailProblem("attachments_too_many", self.too_many.count, self.too_many.names))
        return problems

    def _take_alternatives(self, part: MimePart) -> None:
        """Collect alternatives as one section; other parts (a PDF, an invitation) are attached."""
        piece = BodyPiece()
        before = self.pieces
        self.pieces = []
        for child in part.children:
            if child.type in _TWINS:
                continue
            self.collect(child)
        for form in self.pieces:
            if form.html and not piece.html:
                piece.html = form.html
                piece.text = piece.text or form.text
            elif form.html:
                piece.html += form.html
            else:
                if piece.text:
                    piece.text = f"{piece.text}\n{form.text}"
                else:
                    piece.text = form.text
        if piece.text or piece.html:
            self.pieces = [*before, piece]
        else:
            self.pieces = before

    def _is_text(self, part: MimePart) -> bool:
        if part.type not in _TEXT_KINDS or self.texts >= self.limits.texts:
            return False
        disposition, parameters = header_parameters(raw_text(part.block.first("content-disposition")))
        if disposition == "attachment":
            return False
        named = parameters.get("filename") or part.parameters.get("name")
        # A first text with a name is still what the mail says; a later one is a file.
        return not named or not self.pieces

    def _read_piece(self, part: MimePart) -> BodyPiece:
        self.texts += 1
        data = self._decode_content(part)
        most = (self.limits.html if part.type == "text/html" else self.limits.text) * 4
        if len(data) > most:
            self.is_cut = True
            self._keep_attachment(attachment_name("", part.type), part.type, data)
            data = data[:most]
        if part.type == "text/plain" and b"begin" in data:
            data = self._without_uuencoded(data)
        charset = part.charset or (html_charset(data) if part.type == "text/html" else "")
        text = decode(data, charset, self.hint)
        self.is_encrypted = self.is_encrypted or text.lstrip().startswith(_PGP_BEGINS)
        if part.type == "text/html" or _HTML_BEGINS.match(text):
            return BodyPiece(html=text)
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
        return BodyPiece(text=text)

    def _without_uuencoded(self, data: bytes) -> bytes:
        """Extract uuencoded files from a text, up to the limits; further ones stay in it."""
        pieces = []
        at = 0
        room = self.limits.files - len(self.attachments)
        files = uuencoded_files(data, room)
        for start, end, raw_name, content in files:
            pieces.append(data[at:start])
            at = end
            name = attachment_name(decode(raw_name), "")
            if self.size + len(content) > self.limits.attachments:
                self.too_large.add(name)
            else:
                self._keep_attachment(name, "application/octet-stream", content)
        if len(files) == room and (more := uuencoded_names(data, at)):
            self.too_many.add(*(attachment_name(decode(name), "") for name in more[:_NAMED]), count=len(more))
        return b"".join([*pieces, data[at:]])

    def _decode_content(self, part: MimePart) -> bytes:
        encoding = raw_text(part.block.first("content-transfer-encoding"))
        # One of a multipart is no encoding of its parts.
        return decode_transfer(self.raw, part.start, part.end, "" if part.children or part.unread else encoding)

    def _attach_part(self, part: MimePart) -> None:
        disposition, parameters = header_parameters(raw_text(part.block.first("content-disposition")))
        name = (
            parameters.get("filename") or part.parameters.get("name") or parameters.get("name") or _described_name(part)
        )
        if self.size + (part.end - part.start) * 3 // 5 > self.limits.attachments:
            self.too_large.add(attachment_name(name, part.type))
            return
        content = self._decode_content(part)
        if (part.type in _TNEF or name.lower() == "winmail.dat") and (winmail := read_tnef(content)):
            self.pieces += [BodyPiece(winmail.text, winmail.html)] if winmail.text or winmail.html else []
            for each in winmail.attachments:
                self._keep_attachment(each.name, each.type, each.content, each.content_id)
            return
        if (part.type in SMIME_TYPES or name.lower().endswith(".p7m")) and self._open_signed(part, content):
            return
        content_id = one_line(raw_text(part.block.first("content-id"))).strip("<> ")
        if part.unread:
            kind = "application/octet-stream"
        else:
            kind = part.type
        if part.type == "message/rfc822" and not name:
            name = _name_by_subject(content, self.limits)
        name = attachment_name(name, part.type)
        method = part.parameters.get("method", "")[:20]
        self._keep_attachment(name, kind, content, content_id, inline=disposition == "inline", method=method)

    def _open_signed(self, part: MimePart, content: bytes) -> bool:
        """Collect the email in a signed envelope; False if it is to be attached unchanged."""
        envelope = open_envelope(content)
        declared = part.parameters.get("smime-type", "").lower()
        is_named_so = envelope.kind == "unknown" and declared in _ENCRYPTED_TYPES
        self.is_encrypted = self.is_encrypted or envelope.kind == "encrypted" or is_named_so
        if envelope.kind != "signed" or self.envelopes >= _MOST_ENVELOPES:
            return False
        top = Structure(envelope.content, self.limits).read(0, len(envelope.content))
        # The places of its parts are those in its own bytes.
        outer = self.raw
        self.raw = envelope.content
        self.envelopes += 1
        self.collect(top)
        self.raw = outer
        return True

    def _keep_attachment(
        self, name: str, kind: str, content: bytes, content_id: str = "", *, inline: bool = False, method: str = ""
    ) -> None:
        if len(self.attachments) >= self.limits.files:
            self.too_many.add(name)
            return
        self.size += len(content)
        self.attachments.append(MailPart(name, kind, content, content_id, inline, method))
