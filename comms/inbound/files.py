"""Raw mails from files: a single mail, an mbox, a Maildir, a folder, or a pipe."""

import os
import re
import select
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

# A pipe that says nothing for so long, in seconds, has ended.
PATIENCE = 30.0
_MBOX = (".mbox", ".mbx")
# "From rita@home.example Mon Nov  2 10:00:00 2026"; a sentence that begins with "From" has no time.
_TIME = re.compile(rb" \d\d:\d\d")
_LONGEST_ENVELOPE = 1000


class MailFile(NamedTuple):
    """A raw mail and where it was found; `problem`: why it could not be read.

    `size`: how large it is, as far as was read: one that is larger than is taken of a mail is cut.
    """

    label: str
    raw: bytes = b""
    problem: str = ""
    size: int = 0


def mails_in(name: str) -> Iterator[MailFile]:
    """Return the mails of a path. Raises nothing: a file that can't be opened is returned with its problem."""
    try:
        mode = os.stat(name).st_mode
        if stat.S_ISDIR(mode):
            yield from _in_folder(Path(name))
        elif stat.S_ISREG(mode) and name.lower().endswith(_MBOX):
            yield from _in_mbox(name)
        else:
            content = _read_content(name, is_file=stat.S_ISREG(mode))
            yield MailFile(name, content, size=len(content))
    except (OSError, ValueError) as error:
        yield MailFile(name, problem=_("It can’t be opened: %(error)s.") % {"error": type(error).__name__})


def _in_folder(folder: Path) -> Iterator[MailFile]:
    """Return the mails of a Maildir, new ones first, or of any other folder."""
    maildir = [folder / name for name in ("new", "cur") if (folder / name).is_dir()]
    files = [path for place in maildir or [folder] for path in sorted(place.iterdir()) if path.is_file()]
    for path in files:
        yield from mails_in(str(path))
    if not files:
        yield MailFile(str(folder), problem=_("The folder contains no email."))


def _in_mbox(name: str) -> Iterator[MailFile]:
    """Return the mails of an mbox, each beginning with a "From …" line after a blank one."""
    count = 0
    lines = list[bytes]()
    size = 0
    after_blank = True
    with open(name, "rb") as file:
        for line in iter(lambda: file.readline(1 << 20), b""):
            if after_blank and lines and _is_envelope(line):
                count += 1
                yield MailFile(f"{name}#{count}", b"".join(lines), size=size)
                lines = []
                size = 0
            after_blank = not line.strip()
            size += len(line)
            if size <= most():
                lines.append(line)
    yield MailFile(f"{name}#{count + 1}" if count else name, b"".join(lines), size=size)


def _is_envelope(line: bytes) -> bool:
    return line.startswith(b"From ") and len(line) < _LONGEST_ENVELOPE and bool(_TIME.search(line))


def _read_content(name: str, *, is_file: bool) -> bytes:
    # Without waiting for a writer: a FIFO nobody writes to is empty.
    file = os.fdopen(os.open(name, os.O_RDONLY | (0 if is_file else os.O_NONBLOCK)), "rb", buffering=0)
    with file:
        return bytes(read_all(file, is_file=is_file))


def read_all(file: BinaryIO, *, is_file: bool = False) -> bytearray:
    """Read everything, up to one byte more than the limit of a mail."""
    content = bytearray()
    while len(content) <= most():
        if not is_file and not select.select([file], [], [], PATIENCE)[0]:
            break
        piece = file.read(min(1 << 20, most() + 1 - len(content)))
        if not piece:  # b"": the end; None: nothing yet, of a pipe that does not wait
            if piece is None:
                continue
            break
        content += piece
    return content


def most() -> int:
    """Return the maximum size of a mail in bytes."""
    return int(settings.INBOUND_MOST_BYTES)
