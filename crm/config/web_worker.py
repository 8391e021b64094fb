"""gunicorn's threaded worker, which receives a request whole before a thread works on it.

gthread gives a thread to a connection with its first byte and reads headers and body without any limit of time: as many
clients as there are threads, each sending a byte now and then, stop the product. Here what has come is taken without
waiting; for the rest the connection waits among the idle ones, so long as the request can still be whole in time. A
client that does not read its answer is given up, too. A request that takes too long ends with its process: the others
of that process are answered first, then gunicorn starts another. tests/runtime/test_web_worker.py fails if a newer
gunicorn calls these methods otherwise.
"""

import os
import re
import socket
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any

from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import _DEFER, ThreadWorker

# Headers are this long at most; gunicorn has limits of its own for their lines.
MOST_HEADERS = 64 * 1024
# More than the largest file that may be imported, with the form around it; and what all that come at once may hold.
MOST_BODY, MOST_HELD = 130_000_000, 400_000_000
IN_MEMORY = 256 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.I)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.I)


class Unacceptable(Exception):
    """The request is answered by this status without being read to its end."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Inbox(SocketUnreader):
    """What has come of a connection's present request; gunicorn reads it from here once it is whole."""

    # Seconds until something must have come, all headers, and the next part of a body; bytes a second of a body.
    idle, head, stall, rate = 10.0, 10.0, 20.0, 16_000
    # Of all connections of this process.
    held = 0
    lock = threading.Lock()

    def __init__(self, sock: Any) -> None:
        super().__init__(sock)
        self._begin()

    def _begin(self) -> None:
        self.file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed when the request is answered)
        self.began = self.last = time.monotonic()
        self.size = self.reserved = 0
        self.total: int | None = None
        self.chunked = False
        self.tail = b""
        self.refused: HTTPStatus | None = None

    @property
    def deadline(self) -> float:
        """When the connection is given up, on the monotonic clock, unless more comes."""
        if not self.size:
            return self.began + self.idle
        if self.total is None and not self.chunked:
            return self.began + self.head
        return min(self.last + self.stall, self.began + self.head + (self.total or MOST_HEADERS) / self.rate)

    def fill(self) -> bool:
        """Take what has come, without waiting. Returns whether the request is whole; raises Unacceptable, EOFError."""
        if buffered := self.take_buffered():
            self._take(buffered)
        while not self._is_whole():
            if self.refused and self.size > MOST_BODY:
                # Whoever sends more than any file has is not listened to until the end.
                raise Unacceptable(self.refused)
            try:
                data = self.sock.recv(64 * 1024)
            except BlockingIOError:
                return False
            if not data:
                raise EOFError
            self._take(data)
        if self.refused:
            raise Unacceptable(self.refused)
        self.file.seek(0)
        return True

    def _take(self, data: bytes) -> None:
        if not self.refused:
            self.file.write(data)
        self.size += len(data)
        self.last = time.monotonic()
        self.tail = (self.tail + data)[-7:]
        if self.total is None and not self.chunked:
            self._read_headers()
        elif self.chunked and self.size > MOST_HEADERS + IN_MEMORY:
            raise Unacceptable(HTTPStatus.LENGTH_REQUIRED)

    def _read_headers(self) -> None:
        self.file.seek(0)
        come = self.file.read(MOST_HEADERS)
        self.file.seek(0, 2)
        end = come.find(b"\r\n\r\n")
        if end < 0:
            if self.size >= MOST_HEADERS:
                raise Unacceptable(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return
        headers = come[: end + 2]
        self.chunked = bool(_CHUNKED.search(headers))
        if not self.chunked:
            length = max((int(found) for found in _LENGTH.findall(headers)), default=0)
            self.total = end + 4 + length
            self._reserve(length)

    def _reserve(self, length: int) -> None:
        """Reserve room for a body; one there is none for is received and thrown away, so that the answer is read."""
        with Inbox.lock:
            if length > MOST_BODY:
                self.refused = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            elif length > IN_MEMORY and Inbox.held + length > MOST_HELD:
                self.refused = HTTPStatus.SERVICE_UNAVAILABLE
            else:
                Inbox.held += length
                self.reserved = length

    def _is_whole(self) -> bool:
        if self.chunked:
            return self.tail.endswith(b"\r\n0\r\n\r\n")
        return self.total is not None and self.size >= self.total

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return the next of what has come."""
        found: bytes = self.file.read(size_hint or self.mxchunk)
        return found

    def clear(self) -> None:
        """Forget the request; what came behind it begins the next."""
        rest = self.take_buffered() + self.file.read()
        self.close()
        self._begin()
        self.buf.write(rest)

    def close(self) -> None:
        self.file.close()
        with Inbox.lock:
            Inbox.held -= self.reserved
        self.reserved = 0


class BufferingWorker(ThreadWorker):
    """gthread behind an inbox for every connection."""

    inbox = Inbox
    # Seconds in which a client has to take what is sent at once.
    taking = 30.0
    # Seconds the product may take to answer a request.
    longest = float(os.environ.get("REQUEST_SECONDS") or 60)

    alive: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # When the requests that threads work on began, by thread, on the monotonic clock.
        self.began: dict[int, float] = {}

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi: Any = self._timed(self.app.wsgi())

    def _timed(self, application: Any) -> Any:
        """Note since when each thread works on a request; what is sent afterwards has a limit of its own."""

        def timed(environ: Any, start_response: Any) -> Any:
            thread = threading.get_ident()
            self.began[thread] = time.monotonic()
            try:
                return application(environ, start_response)
            finally:
                self.began.pop(thread, None)

        return timed

    def _has_stuck(self) -> bool:
        return any(time.monotonic() - began > self.longest for began in list(self.began.values()))

    def run(self) -> None:
        super().run()
        if self.began:
            # Python cannot end a thread, and waits for it before it ends.
            os._exit(1)

    def handle(self, conn: Any) -> Any:
        """Answer a request that is whole; until then give the thread back. Runs in a thread of the pool."""
        conn.sock.setblocking(False)
        if not hasattr(conn, "inbox"):
            conn.inbox = self.inbox(conn.sock)
        try:
            if not conn.inbox.fill():
                return _DEFER
        except Unacceptable as why:
            return self._end(conn, why.status)
        except (EOFError, OSError):
            return self._end(conn)
        # gunicorn would wait for the first byte, which is here.
        conn.data_ready = True
        conn.init()
        conn.parser.unreader = conn.inbox
        kept = super().handle(conn)
        if not kept:
            return self._end(conn)
        conn.inbox.clear()
        return kept

    def handle_request(self, req: Any, conn: Any) -> Any:
        conn.sock.settimeout(self.taking)
        try:
            return super().handle_request(req, conn)
        except TimeoutError:
            self.log.debug("Closing the connection of a client that does not read.")
            raise StopIteration from None

    def _end(self, conn: Any, status: HTTPStatus | None = None) -> bool:
        """End a connection on both sides: gunicorn's loop would wait two seconds for a client that does not close."""
        conn.inbox.close()
        with suppress(OSError):
            conn.sock.setblocking(False)
            if status:
                conn.sock.send(_answer(status))
            conn.sock.shutdown(socket.SHUT_RDWR)
        return False

    def finish_request(self, conn: Any, fs: Any) -> None:
        super().finish_request(conn, fs)
        if not fs.cancelled() and fs.exception() is None and fs.result() is _DEFER:
            conn.timeout = conn.inbox.deadline

    def murder_pending(self) -> None:
        """Give up whoever is late; when the worker stops, whoever has sent nothing yet, too."""
        now = time.monotonic()
        if self.alive and self._has_stuck():
            self.log.error("A request takes longer than %s s: this process answers its others and ends.", self.longest)
            self.alive = False
        late = [conn for conn in self.pending_conns if conn.timeout <= now or not (self.alive or conn.inbox.size)]
        for conn in late:
            self.pending_conns.remove(conn)
            with suppress(OSError, KeyError, ValueError):
                self.poller.unregister(conn.sock)
            self.nr_conns -= 1
            self._end(conn, HTTPStatus.REQUEST_TIMEOUT if conn.inbox.size else None)
            conn.close()


def _answer(status: HTTPStatus) -> bytes:
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Type: text/plain\r\n"
    return f"{head}Content-Length: {len(status.phrase)}\r\n\r\n{status.phrase}".encode()
