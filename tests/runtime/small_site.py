"""A site of one page and a worker that loses patience soon, for test_web_worker.py. Needs no database."""

import threading
from collections.abc import Iterable
from typing import Any

from crm.config.web_worker import BufferingWorker, Inbox

PAGE = b"x" * 8_000_000


class HastyInbox(Inbox):
    idle = head = stall = 0.5


class HastyWorker(BufferingWorker):
    inbox, taking, longest = HastyInbox, 0.5, 0.5


def wait_for_ever() -> None:
    threading.Event().wait()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer the method, the mount and how long the body is; at /long a long page."""
    if environ["PATH_INFO"] == "/stuck":
        wait_for_ever()
    if environ["PATH_INFO"] == "/long":
        body = PAGE
    else:
        length = len(environ["wsgi.input"].read()) if environ["PATH_INFO"] != "/unread" else -1
        body = f"{environ['REQUEST_METHOD']} {environ['SCRIPT_NAME']!r} {length}".encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
