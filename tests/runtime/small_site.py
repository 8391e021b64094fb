"""A site of one page, for test_web_server.py. Needs no database."""

from collections.abc import Iterable
from typing import Any


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer the method and the path below which the request says the site is mounted."""
    body = f"{environ['REQUEST_METHOD']} {environ['SCRIPT_NAME']!r}".encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
