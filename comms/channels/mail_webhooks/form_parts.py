"""Part a multipart/form-data body into its fields as bytes: each may be in a charset of its own.

Django's own parser decodes every field alike, drops files without a usable name, and bounds the whole by a setting of
pages; a mail arrives here as one field of many megabytes.
"""

from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from comms.channels import payload
from comms.channels.interface import RawRequest, Unreadable

MOST_PARTS = 2100
LONGEST_HEADER = 8 << 10


@dataclass(frozen=True)
class FormPart:
    """A field, or a file with its name and type."""

    content: bytes
    filename: str = ""
    type: str = ""

    def text(self, charset: str = "utf-8") -> str:
        """Decode it; a charset that is unknown or wrong is taken for Windows-1252, which reads anything."""
        try:
            return self.content.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            return self.content.decode("windows-1252", "replace")


Parts = dict[str, FormPart]


def form_parts(request: RawRequest) -> Parts:
    """Return the fields of a form, of one given twice the last, as signatures are of that. Raises Unreadable."""
    kind = payload.header(request, "Content-Type")
    if kind.startswith("application/x-www-form-urlencoded"):
        try:
            pairs = parse_qsl(request.body, keep_blank_values=True, max_num_fields=MOST_PARTS)
        except ValueError as error:
            raise Unreadable("It has more fields than a form can have") from error
        return {name.decode("utf-8", "replace"): FormPart(value) for name, value in pairs}
    boundary = _parameters("Content-Type", kind[:1000]).get_param("boundary", header="Content-Type")
    if not kind.startswith("multipart/form-data") or not isinstance(boundary, str) or not boundary:
        raise Unreadable("It is no form")
    pieces = (b"\r\n" + request.body).split(b"\r\n--" + boundary.encode("utf-8", "replace"), MOST_PARTS + 1)
    if len(pieces) > MOST_PARTS:
        raise Unreadable("It has more parts than a form can have")
    return dict(found for piece in pieces[1:] if (found := _part(piece)))


def _part(piece: bytes) -> tuple[str, FormPart] | None:
    head, found, content = piece.partition(b"\r\n\r\n")
    if not found or piece.startswith(b"--") or len(head) > LONGEST_HEADER:
        return None
    headers = dict(_header(line) for line in head.split(b"\r\n") if b":" in line)
    disposition = _parameters("Content-Disposition", headers.get("content-disposition", ""))
    name = disposition.get_param("name", header="Content-Disposition")
    filename = disposition.get_filename("")
    if not isinstance(name, str) or not name:
        return None
    return name, FormPart(content, filename, headers.get("content-type", ""))


def _header(line: bytes) -> tuple[str, str]:
    name, _colon, value = line.partition(b":")
    return name.decode("latin-1").strip().lower(), value.decode("utf-8", "replace").strip()


def _parameters(name: str, value: str) -> "Message[str, str]":
    message: Message[str, str] = Message()
    message[name] = value
    return message
