"""Which Python codecs are text charsets: senders choose the name, so others must be refused."""

import codecs

# Codecs of Python that no program sends a text in; some of them take quadratic time, too.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "mbcs", "oem"})


def charset_of(name: str) -> str:
    """Return Python's name of a charset; "" for an unknown one or a codec that is no charset."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return ""
    if codec._is_text_encoding and codec.name not in _NO_CHARSETS:
        return codec.name
    return ""
