"""Value and parameters of Content-Type and Content-Disposition: RFC 2045, RFC 2231, and common errors."""

import re
from urllib.parse import unquote_to_bytes

from libs.inbound_mail.reading.charsets import decode
from libs.inbound_mail.reading.encoded_words import decode_words, one_line

# Such a field is a few hundred characters; what is longer is an attack, or rubbish.
LONGEST = 20_000
_MOST = 200
_VALUE = re.compile(r"\s*\"((?:[^\"\\]|\\.)*)\"?|([^;]*)")
_NAME = re.compile(r"[\s;]*+([^=;\s\"]{1,100})\s*+=")
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?")


def header_parameters(value: str) -> tuple[str, dict[str, str]]:
    """Return the value in lower case, and the decoded parameters by name."""
    value = value[:LONGEST]
    main, _, rest = value.partition(";")
    # "text/plain charset=utf-8", without its semicolon
    main, _, lost = main.strip().partition(" ")
    if "=" in main:
        main, lost = "", main
    return main.strip("\"' ").lower(), _join_sections(_split_pairs(f"{lost};{rest}" if "=" in lost else rest))


def _split_pairs(text: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    at = 0
    while len(pairs) < _MOST and at < len(text):
        name = _NAME.match(text, at)
        if not name:
            at = text.find(";", at) + 1
            if not at:
                break
            continue
        value = _VALUE.match(text, name.end())
        if value is None:
            break
        quoted = value[1]
        pairs.append((name[1].lower(), value[2].strip() if quoted is None else re.sub(r"\\([\"\\])", r"\1", quoted)))
        at = value.end()
    return pairs


def _join_sections(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Join continuations ("name*0*=") in order; an extended value takes precedence over a plain one."""
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in pairs:
        match = _SECTION.fullmatch(name)
        if not match:
            continue
        if match[2] is None and not match[3]:
            plain.setdefault(match[1], one_line(decode_words(value)))
        else:
            sections.setdefault(match[1], {}).setdefault(int(match[2] or 0), (value, bool(match[3])))
    return plain | {name: text for name, parts in sections.items() if (text := _extended_value(parts))}


def _extended_value(parts: dict[int, tuple[str, bool]]) -> str:
    charset = ""
    data = b""
    for index, (number, (value, encoded)) in enumerate(sorted(parts.items())):
        text = value
        if encoded and (index == 0 or number == 0) and text.count("'") >= 2:
            charset, _language, text = text.split("'", 2)
        data += unquote_to_bytes(text) if encoded else text.encode("utf-8", "surrogatepass")
    text = decode(data, charset or "utf-8")
    return one_line(decode_words(text) if "=?" in text else text)
