"""A real CalDAV server (Radicale) on loopback, with one user and one calendar, in a folder of its own."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import requests
from icalendar import Calendar
from radicale import Application, config

USER, PASSWORD = "rita", "app-password"
ICAL = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//T//EN\r\n{events}END:VCALENDAR\r\n"
EVENT = "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260501T000000Z\r\n{lines}END:VEVENT\r\n"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


class Radicale:
    """The server, and what the user's other devices do with it."""

    def __init__(self, folder: Path) -> None:
        logging.getLogger("radicale").setLevel(logging.CRITICAL)
        users = folder / "users"
        users.write_text(f"{USER}:{PASSWORD}\n")
        configuration = config.load()
        configuration.update(
            {
                "auth": {
                    "type": "htpasswd",
                    "htpasswd_filename": str(users),
                    "htpasswd_encryption": "plain",
                    "delay": 0,
                },
                "storage": {"filesystem_folder": str(folder / "collections")},
                "logging": {"level": "critical"},
            },
            "tests",
        )
        self._application = Application(configuration)
        self.port = 0
        self.start()
        self.requests = requests.Session()
        self.requests.auth = (USER, PASSWORD)
        self.add_calendar("home", "Home")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Listen, after a stop on the same port."""
        self._server = make_server("127.0.0.1", self.port, self._application, _Server, _Quiet)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def add_calendar(self, name: str, title: str) -> None:
        body = (
            '<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>'
            f"<D:displayname>{title}</D:displayname></D:prop></D:set></C:mkcalendar>"
        )
        answer = self.requests.request("MKCALENDAR", f"{self.url}{USER}/{name}/", data=body)
        assert answer.status_code == 201, answer.text

    def put(self, uid: str, *lines: str, calendar: str = "home", exceptions: tuple[tuple[str, ...], ...] = ()) -> None:
        """Write an event as another device would: its lines, and those of its exceptions."""
        events = [EVENT.format(uid=uid, lines="".join(f"{line}\r\n" for line in each)) for each in (lines, *exceptions)]
        address = f"{self.url}{USER}/{calendar}/{uid}.ics"
        answer = self.requests.put(address, data=ICAL.format(events="".join(events)).encode())
        assert answer.status_code in (201, 204), answer.text

    def names(self, calendar: str = "home") -> list[str]:
        """The summaries of all events."""
        answer = self.requests.get(f"{self.url}{USER}/{calendar}/")
        return sorted(str(event.get("SUMMARY", "")) for event in Calendar.from_ical(answer.text).walk("VEVENT"))

    def read(self, uid: str, calendar: str = "home") -> Any:
        """An event by its uid; None without one."""
        answer = self.requests.get(f"{self.url}{USER}/{calendar}/{uid}.ics")
        if answer.status_code == 404:
            return None
        return Calendar.from_ical(answer.text).walk("VEVENT")[0]

    def move(self, uid: str, starts: str, ends: str, calendar: str = "home", summary: str = "") -> None:
        """Move an event as another device would; times in UTC as iCalendar writes them."""
        event = self.read(uid, calendar)
        lines = [f"SUMMARY:{summary or event['SUMMARY']}", f"DTSTART:{starts}", f"DTEND:{ends}"]
        self.requests.put(
            f"{self.url}{USER}/{calendar}/{uid}.ics",
            data=ICAL.format(
                events=EVENT.format(uid=event["UID"], lines="".join(f"{line}\r\n" for line in lines))
            ).encode(),
        )

    def delete(self, uid: str, calendar: str = "home") -> None:
        assert self.requests.delete(f"{self.url}{USER}/{calendar}/{uid}.ics").status_code == 200


@contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    server = Radicale(folder)
    try:
        yield server
    finally:
        server.stop()
