"""A small IMAP server on loopback, with folders in memory: as much of RFC 3501 as a client that fetches needs."""

import base64
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes


@dataclass
class Folder:
    """Mails by number, and which mails the numbers mean. `flags`: what the folder is for (RFC 6154)."""

    validity: int = 1
    mails: dict[int, bytes] = field(default_factory=dict)
    flags: str = ""

    @property
    def following(self) -> int:
        return max(self.mails, default=0) + 1

    def add(self, raw: bytes) -> None:
        self.mails[self.following] = raw


@dataclass
class Mailbox:
    """Folders by name; `says_no`: refuses to sign in. `dies_after`: falls silent after so many mails.

    `claims`: the size that it names for every mail it sends, whatever size that has.
    `arrived`: the INTERNALDATE of all mails. `token`: the access token that it accepts, besides passwords.
    """

    port: int = 0
    folders: dict[str, Folder] = field(default_factory=lambda: {"INBOX": Folder(), "Sent": Folder()})
    says_no: bool = False
    dies_after: int | None = None
    claims: int | None = None
    arrived: str = ""
    token: str = ""
    names: list[str] = field(default_factory=list)
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

    def do_authenticate(self, _given: str) -> str:
        """SASL XOAUTH2: the user and the token; a refusal is explained in a challenge before it is final."""
        self._say(b"+ ")
        user, _, token = base64.b64decode(self.rfile.readline()).decode().partition("\x01")
        if token != f"auth=Bearer {self.mailbox.token}\x01\x01":
            self._say(b"+ " + base64.b64encode(b'{"status":"400"}'))
            self.rfile.readline()
            return "NO [AUTHENTICATIONFAILED] invalid credentials"
        self.mailbox.names.append(user.removeprefix("user="))
        return "OK in"

    def do_status(self, given: str) -> None:
        name = re.match(r'"?([^"(]+?)"? \(', given)[1]
        self._say(f'* STATUS "{name}" (MESSAGES {len(self.mailbox.folders[name].mails)})'.encode())

    def do_logout(self, _given: str) -> None:
        self._say(b"* BYE")

    def do_list(self, _given: str) -> None:
        for name, folder in self.mailbox.folders.items():
            flags = folder.flags or ("\\Sent" if name == "Sent" else "\\HasNoChildren")
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
        if "HEADER.FIELDS" in given:
            self._send_headers(given)
            return
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

    def _send_headers(self, given: str) -> None:
        """Send the named fields of several mails, and when they arrived."""
        names = re.search(r"HEADER.FIELDS \(([^)]*)\)", given)[1].lower().split()
        for uid in map(int, given.split()[0].split(",")):
            if uid not in self.folder.mails:
                continue
            mail = message_from_bytes(self.folder.mails[uid])
            raw = "".join(f"{name}: {value}\r\n" for name, value in mail.items() if name.lower() in names).encode()
            raw += b"\r\n"
            arrived = self.mailbox.arrived or "26-Nov-2099 09:00:00 +0000"
            part = f"BODY[HEADER.FIELDS ({' '.join(names).upper()})]<0> {{{len(raw)}}}"
            self._say(f'* 1 FETCH (UID {uid} INTERNALDATE "{arrived}" {part}'.encode() + b"\r\n" + raw + b")")

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")
