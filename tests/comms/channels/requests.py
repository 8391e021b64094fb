"""Requests as providers of mail post them."""

import json
from typing import Any

from comms.channels.interface import RawRequest

JSON = "application/json"


def request(body: bytes | Any, kind: str = JSON, **headers: str) -> RawRequest:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return RawRequest("POST", "https://x.example/hooks/1", "", {"content-type": kind, **named}, content)


def form(**fields: bytes | tuple[str, str, bytes]) -> RawRequest:
    """A multipart form as providers post it; a tuple is a file with its name and type."""
    pieces = []
    for name, value in fields.items():
        name = name.replace("__", "-")
        if isinstance(value, tuple):
            filename, kind, content = value
            head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {kind}'
        else:
            head, content = f'Content-Disposition: form-data; name="{name}"', value
        pieces.append(b"--xYzZY\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n")
    return request(b"".join(pieces) + b"--xYzZY--\r\n", "multipart/form-data; boundary=xYzZY")
