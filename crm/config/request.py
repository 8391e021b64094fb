"""A request that ignores a charset no form is sent in, and decodes the body as UTF-8 instead.

Django decodes forms and addresses by whatever codec of Python's the Content-Type names, before any middleware:
"punycode" takes quadratic time, with Python's lock held, and "zlib" is an error on every page; anybody may send either.
"""

from functools import lru_cache
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters

from libs.charsets import charset_of

_PRINTED = bytes(range(32, 127))


class CharsetSafeRequest(WSGIRequest):
    """Django's WSGI request, but with an unsafe charset of the Content-Type ignored."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        charset = self.content_params.get("charset", "")
        if charset and is_form_charset(charset):
            self.encoding = charset


@lru_cache(maxsize=500)
def is_form_charset(name: str) -> bool:
    """Tell whether a charset encodes printable ASCII as ASCII does, as every charset of a form must."""
    codec = charset_of(name)
    try:
        return bool(codec) and _PRINTED.decode(codec) == _PRINTED.decode("ascii")
    except UnicodeError:
        return False
