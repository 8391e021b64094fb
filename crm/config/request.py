"""The request as our pages take it: what was sent is read as UTF-8 where it names a codec that no form is sent in.

Django decodes forms and addresses by whatever codec of Python's the Content-Type names, before any middleware:
"punycode" takes quadratic time, with Python's lock held, and "zlib" is an error on every page; anybody may send either.
"""

from functools import lru_cache
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters

from libs.charsets import charset_of

_PRINTED = bytes(range(32, 127))


class Request(WSGIRequest):
    """What `crm.config.wsgi` makes of a request; all but the charset is Django's."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        charset = self.content_params.get("charset", "")
        if charset and is_of_forms(charset):
            self.encoding = charset


@lru_cache(maxsize=500)
def is_of_forms(name: str) -> bool:
    """Tell whether it is a charset in which a form's own signs are ASCII's."""
    codec = charset_of(name)
    try:
        return bool(codec) and _PRINTED.decode(codec) == _PRINTED.decode("ascii")
    except UnicodeError:
        return False
