"""Mails for the tests, built in a line or two."""

from datetime import UTC, datetime

from libs.inbound_mail import read_mail
from libs.inbound_mail.message import Mail

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
HEAD = "From: Ann <ann@example.com>\nTo: info@example.nl\nSubject: Hi\nDate: Sun, 22 Nov 2026 09:00:00 +0100\n"


def read(raw: str | bytes) -> Mail:
    """Read a mail received at NOW."""
    return read_mail(raw.encode() if isinstance(raw, str) else raw, received_at=NOW)


def with_header(line: str | bytes) -> Mail:
    """Read a mail with one more field at its top."""
    line = line.encode() if isinstance(line, str) else line
    return read(line + b"\nX-Test: 1\n\nbody")


def mixed(*parts: str, kind: str = "mixed", head: str = HEAD) -> str:
    """Return a multipart of parts, each with its own header."""
    inside = "".join(f"--bound\n{part}\n" for part in parts)
    return f"{head}MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=bound\n\n{inside}--bound--\n"
