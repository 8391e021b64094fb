"""Allowed CSS declarations in email: fonts, colours, spacing, borders and sizes.

What may be there is listed; nothing that fetches, moves or covers is (url(), position, expression).
"""

import re

# Longer ones are nobody's.
_LONGEST = 2_000
_PROPERTIES = frozenset(
    "color background background-color font font-family font-size font-style font-weight font-variant text-align "
    "text-decoration text-decoration-line text-decoration-color text-transform text-indent line-height letter-spacing "
    "word-spacing white-space vertical-align direction margin margin-top margin-right margin-bottom margin-left "
    "padding padding-top padding-right padding-bottom padding-left border border-top border-right border-bottom "
    "border-left border-color border-style border-width border-top-color border-top-style border-top-width "
    "border-right-color border-right-style border-right-width border-bottom-color border-bottom-style "
    "border-bottom-width border-left-color border-left-style border-left-width border-collapse border-spacing "
    "border-radius width height max-width min-width max-height list-style-type display float clear word-break "
    "overflow-wrap word-wrap table-layout empty-cells box-sizing".split()
)
COLOURS = frozenset("color background background-color".split())
# A value is words, numbers and colours; a function is one of colour. No backslash, with which CSS spells anything.
_VALUE = re.compile(r"[a-zA-Z0-9#%., !'\"+/-]+")
_COLOUR_FUNCTION = re.compile(r"(?:rgb|rgba|hsl|hsla)\([0-9., %/-]{1,40}\)", re.IGNORECASE)
_DISPLAYED = frozenset(
    "block inline inline-block table inline-table table-row table-cell table-row-group list-item none".split()
)
_LENGTH = re.compile(r"-?\d{1,7}")
# Wider or higher than this is no page; `height: 9999999px` is to bury what follows.
_MOST = 4_000


def safe_style(style: str) -> str:
    """Return the allowed declarations of a style attribute."""
    kept = []
    for declaration in style[:_LONGEST].split(";"):
        name, _colon, value = declaration.partition(":")
        name = name.strip().lower()
        value = " ".join(value.split())
        if name in _PROPERTIES and _is_safe(name, value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def sets_colours(style: str) -> bool:
    """True if a sanitized style sets colours."""
    return any(part.partition(":")[0] in COLOURS for part in style.split(";"))


def _is_safe(name: str, value: str) -> bool:
    plain = _COLOUR_FUNCTION.sub("0", value)
    if not plain or not _VALUE.fullmatch(plain) or plain.count('"') % 2 or plain.count("'") % 2:
        return False
    if name == "display" and plain.lower().removesuffix("!important").strip() not in _DISPLAYED:
        return False
    if name.startswith("font") or "color" in name or name == "background":
        return True
    return all(0 <= int(number) <= _MOST for number in _LENGTH.findall(plain))
