"""Parse a multipart/form-data body into bytes: each field may have its own charset.

Django's own parser decodes every field alike, drops files without a usable name, and bounds the whole by a setting of
pages; a mail arrives here as one field of many megabytes.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from comms.channels import payload
from comms.channels.interface import RawRequest, UnreadableRequest
from libs.inbound_mail import codec_of, header_parameters

MOST_PARTS = 2100
LONGEST_HEADER = 8 << 10


@dataclass(frozen=True)
class FormPart:
    """A form field, or a file with its name and type."""

    content: bytes
    filename: str = ""
    type: str = ""

    def text(self, charset: str = "utf-8") -> str:
        """Decode the field; an unknown or wrong charset is read as Windows-1252."""
        try:
            return self.content.decode(codec_of(charset) or "windows-1252")
        except (UnicodeError, ValueError):
            return self.content.decode("windows-1252", "replace")


Parts = dict[str, FormPart]


def form_parts(request: RawRequest) -> Parts:
    """Return the fields of a form; the last of a repeated one, which signatures use. Raises UnreadableRequest."""
    kind = payload.header(request, "Content-Type")
    if kind.startswith("application/x-www-form-urlencoded"):
        try:
            pairs = parse_qsl(request.body, keep_blank_values=True, max_num_fields=MOST_PARTS)
        except ValueError as error:
            raise UnreadableRequest("It has more fields than a form can have") from error
        return {name.decode("utf-8", "replace"): FormPart(value) for name, value in pairs}
    return dict(parts_in(request.body, kind))


def parts_in(body: bytes, kind: str) -> list[tuple[str, FormPart]]:
    """Return the fields of a multipart/form-data body in order; `kind`: its type. Raises UnreadableRequest."""
    media_type, parameters = header_parameters(kind[:1000])
    boundary = parameters.get("boundary", "").encode("utf-8", "replace")
    if media_type != "multipart/form-data" or not boundary:
        raise UnreadableRequest("It is no form")
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_PARTS + 1)
    if len(pieces) > MOST_PARTS:
        raise UnreadableRequest("It has more parts than a form can have")
    return [form_part for piece in pieces[1:] if (form_part := _parse_part(piece))]


def _parse_part(piece: bytes) -> tuple[str, FormPart] | None:
    head, separator, content = piece.partition(b"\r\n\r\n")
    if not separator or piece.startswith(b"--") or len(head) > LONGEST_HEADER:
        return None
    headers = dict(_parse_header(line) for line in head.split(b"\r\n") if b":" in line)
    _said, parameters = header_parameters(headers.get("content-disposition", ""))
    name = parameters.get("name", "")
    if name:
        return (name, FormPart(content, parameters.get("filename", ""), headers.get("content-type", "")))
    return None


def _parse_header(line: bytes) -> tuple[str, str]:
    name, _colon, value = line.partition(b":")
    return name.decode("latin-1").strip().lower(), value.decode("utf-8", "replace").strip()
