"""Which names of Python's codecs are charsets of texts: who sends something names one, and chooses what decodes it."""

import codecs

# Codecs of Python that no program sends a text in; some of them take quadratic time, too.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "mbcs", "oem"})


def charset_of(name: str) -> str:
    """Return Python's name of a charset, "" for a codec that is none and for an unknown one."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return ""
    if codec._is_text_encoding and codec.name not in _NO_CHARSETS:
        return codec.name
    return ""
