"""A small IMAP server on loopback, with folders in memory: as much of RFC 3501 as a client that fetches needs."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Folder:
    """Mails by number, and which mails the numbers mean."""

    validity: int = 1
    mails: dict[int, bytes] = field(default_factory=dict)

    @property
    def following(self) -> int:
        return max(self.mails, default=0) + 1

    def add(self, raw: bytes) -> None:
        self.mails[self.following] = raw


@dataclass
class Mailbox:
    """Folders by name; `says_no`: refuses to sign in. `dies_after`: falls silent after so many mails.

    `claims`: the size that it names for every mail it sends, whatever size that has.
    `arrived`: the INTERNALDATE of all mails.
    """

    port: int = 0
    folders: dict[str, Folder] = field(default_factory=lambda: {"INBOX": Folder(), "Sent": Folder()})
    says_no: bool = False
    dies_after: int | None = None
    claims: int | None = None
    arrived: str = ""
    fetched: list[int] = field(default_factory=list)


@contextmanager
def running() -> Iterator[Mailbox]:
    """Serve a mailbox on a free port."""
    box = Mailbox()

    class Handler(_Session):
        mailbox = box

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield box
        server.shutdown()


class _Session(socketserver.StreamRequestHandler):
    mailbox: Mailbox

    def handle(self) -> None:
        self.folder = Folder()
        self._say(b"* OK ready")
        for line in self.rfile:
            tag, _, rest = line.decode().strip().partition(" ")
            command, _, given = rest.partition(" ")
            if command.upper() == "UID":
                command, _, given = given.partition(" ")
            answer = getattr(self, f"do_{command.lower()}", None)
            if answer is None:
                self._say(f"{tag} BAD unknown".encode())
                continue
            try:
                ended = answer(given)
            except ConnectionAbortedError:
                return
            self._say(f"{tag} {ended or 'OK done'}".encode())
            if command.upper() == "LOGOUT":
                return

    def do_capability(self, _given: str) -> None:
        self._say(b"* CAPABILITY IMAP4rev1")

    def do_login(self, _given: str) -> str:
        return "NO wrong" if self.mailbox.says_no else "OK in"

    def do_logout(self, _given: str) -> None:
        self._say(b"* BYE")

    def do_list(self, _given: str) -> None:
        for name in self.mailbox.folders:
            flags = "\\Sent" if name == "Sent" else "\\HasNoChildren"
            self._say(f'* LIST ({flags}) "/" "{name}"'.encode())

    def do_examine(self, given: str) -> str:
        self.folder = self.mailbox.folders[given.strip('"')]
        self._say(f"* {len(self.folder.mails)} EXISTS".encode())
        self._say(f"* OK [UIDVALIDITY {self.folder.validity}] valid".encode())
        self._say(f"* OK [UIDNEXT {self.folder.following}] next".encode())
        return "OK [READ-ONLY] done"

    def do_search(self, given: str) -> None:
        since = re.search(r"UID (\d+):", given)
        least = int(since[1]) if since else 1
        found = [uid for uid in self.folder.mails if uid >= least] or list(self.folder.mails)[-1:]
        self._say(f"* SEARCH {' '.join(map(str, found))}".encode())

    def do_fetch(self, given: str) -> None:
        uid = int(given.split()[0])
        raw = self.folder.mails.get(uid)
        if raw is None:
            return
        if "SIZE" in given:
            arrived = f' INTERNALDATE "{self.mailbox.arrived}"' if self.mailbox.arrived else ""
            self._say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)}{arrived})".encode())
            return
        if self.mailbox.dies_after is not None and len(self.mailbox.fetched) >= self.mailbox.dies_after:
            raise ConnectionAbortedError
        self.mailbox.fetched.append(uid)
        part = ""
        if most := re.search(r"<0\.(\d+)>", given):
            raw, part = raw[: int(most[1])], "<0>"
        size = len(raw) if self.mailbox.claims is None else self.mailbox.claims
        self._say(f"* 1 FETCH (UID {uid} BODY[]{part} {{{size}}}".encode() + b"\r\n" + raw + b")")

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")
