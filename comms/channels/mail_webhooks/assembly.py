"""Assemble an email from the fields a provider split it into, as RFC 5322 bytes.

By hand, not by Python's email package, which raises on what providers pass on: two Date headers, bare surrogates.
"""

import base64
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# What the mail is made of anew.
OURS = {"content-type", "content-transfer-encoding", "mime-version", "content-disposition", "content-id"}
Header = tuple[str, str]


@dataclass(frozen=True)
class AssembledFile:
    name: str
    type: str
    content: bytes
    content_id: str = ""


def assemble(headers: Iterable[Header], text: str, html: str, files: Iterable[AssembledFile] = ()) -> bytes:
    """Return the email of these headers, bodies and files."""
    boundary = secrets.token_hex(16).encode()
    lines = [_header_line(name, value) for name, value in headers if name.strip().lower() not in OURS]
    parts = [_text_part(kind, body) for kind, body in (("plain", text), ("html", html)) if body]
    inner = secrets.token_hex(16).encode()
    body = _multipart(b"alternative", inner, parts or [_text_part("plain", "")])
    attached = [_file_part(file) for file in files]
    whole = _multipart(b"mixed", boundary, [body, *attached])
    return b"".join([*lines, b"MIME-Version: 1.0\r\n", whole])


def header_pairs(block: str) -> Iterator[Header]:
    """Yield the headers of a text block, unfolded."""
    name = ""
    value = ""
    for line in block.splitlines():
        if line[:1] in {" ", "\t"}:
            value += " " + line.strip()
            continue
        if name:
            yield name, value
        name, _colon, value = (part.strip() for part in line.partition(":"))
    if name:
        yield name, value


def address(name: str, email: str) -> str:
    """Format an address for a header."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    if name.strip():
        return f'"{quoted}" <{email}>'
    return f"<{email}>"


def _header_line(name: str, value: str) -> bytes:
    flat = " ".join(value.replace("\0", "").splitlines())
    named = "".join(character for character in name if 32 < ord(character) < 127 and character != ":")
    return f"{named or 'X-Unnamed'}: {flat}\r\n".encode("utf-8", "replace")


def _text_part(kind: str, body: str) -> bytes:
    content = base64.encodebytes(body.encode("utf-8", "replace"))
    return f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + content


def _file_part(file: AssembledFile) -> bytes:
    name = file.name.replace("\\", "_").replace('"', "'")
    lines = [
        _header_line("Content-Type", file.type or "application/octet-stream"),
        _header_line("Content-Disposition", f'{"inline" if file.content_id else "attachment"}; filename="{name}"'),
        _header_line("Content-ID", f"<{file.content_id.strip('<>')}>") if file.content_id else b"",
        b"Content-Transfer-Encoding: base64\r\n\r\n",
    ]
    return b"".join([*lines, base64.encodebytes(file.content)])


def _multipart(kind: bytes, boundary: bytes, parts: list[bytes]) -> bytes:
    opening = b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\r\n\r\n'
    pieces = [b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts]
    return b"".join([opening, *pieces, b"--" + boundary + b"--\r\n"])
