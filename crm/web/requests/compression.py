"""Middleware that compresses pages and fragments for browsers that ask for it."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PageCompression(GZipMiddleware):
    """Django's gzip for HTML only. Its random length protects secrets in compressed pages (BREACH).

    Static files come compressed from the disk, files to download are streamed as they are, and the event stream is
    another process's.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
