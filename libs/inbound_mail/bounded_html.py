"""Bound an email's HTML in length, tags and depth, so that it is safe to parse.

Parsers take time by the square of the depth, and of formatting left open, which they open again in every paragraph:
100,000 `<div>`s are half a minute. So what is too much is taken out before, by a scan that knows tags as the HTML
standard does. To know them it first takes out what is no tags: comments, scripts, styles and drawings.
"""

import re
from dataclasses import dataclass, field

# Characters that are read at all, and tags among them. A long thread of Outlook's has 10,000.
LONGEST = 1_000_000
_MOST_TAGS = 20_000
# Outlook's own reach sixty.
_DEEPEST = 200
_MOST_OPEN_FORMATS = 40

_TAG = re.compile(
    r"<(/?)([a-zA-Z][^\t\n\f\r />]{0,60})[^\t\n\f\r />]*+"
    r"(?:[\t\n\f\r /]++|(?:=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)"
    r"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\t\n\f\r >\"'][^\t\n\f\r >]*+)?+)?+)*+>?"
)
# What a browser does not read tags in, and drawings. Nothing of it is shown.
_UNREAD = "script style title textarea xmp iframe noembed noframes noscript plaintext svg math template select".split()
_UNREAD_BEGINS = re.compile(rf"<!--|<({'|'.join(_UNREAD)})(?=[\t\n\f\r />])", re.IGNORECASE)
_UNREAD_ENDS = {name: re.compile(rf"</{name}[\t\n\f\r />]", re.IGNORECASE) for name in _UNREAD}
# Nothing nests in these, or the next of their kind closes them.
_FLAT = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot option "
    "optgroup colgroup caption html head body rt rp rb rtc".split()
)
_FORMATS = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# Not closed by what is outside of them, as their contents are not.
_WALLS = frozenset("table object marquee applet".split())
# Tags that may be closed only while no block was opened after them: every name not of a block.
_BLOCKS = frozenset(
    "address article aside blockquote button center details dialog dir div dl fieldset figcaption figure footer form "
    "frameset h1 h2 h3 h4 h5 h6 header hgroup listing main menu nav ol pre search section summary table ul object "
    "marquee applet".split()
)


@dataclass
class Bounded:
    """HTML that is safe to parse, but not to display."""

    html: str
    # The end was cut off.
    is_cut: bool = False


def bound_html(html: str) -> Bounded:
    """Return HTML without comments, scripts, styles and drawings that parses in bounded time."""
    is_cut = len(html) > LONGEST
    return _flatten(_without_unread(html[:LONGEST].replace("\0", "")), is_cut=is_cut)


def _without_unread(html: str) -> str:
    kept: list[str] = []
    done = 0
    while match := _UNREAD_BEGINS.search(html, done):
        kept.append(html[done : match.start()])
        name = (match[1] or "").lower()
        if not name:
            end = html.find("-->", match.start() + 2)
            if end >= 0:
                done = end + 3
            else:
                done = len(html)
        elif closing := _UNREAD_ENDS[name].search(html, match.end()):
            end = html.find(">", closing.start())
            if end >= 0:
                done = end + 1
            else:
                done = len(html)
        else:
            done = len(html)
    # A space, so that what stood around it never joins into a tag.
    if kept:
        return " ".join([*kept, html[done:]])
    return html


@dataclass
class _Open:
    """The open tags at a position, as a browser has them."""

    blocks: list[str] = field(default_factory=list)
    formats: dict[str, int] = field(default_factory=dict)

    def open(self, name: str) -> bool:
        """Open a tag if there is room."""
        if name in _FORMATS:
            if sum(self.formats.values()) >= _MOST_OPEN_FORMATS:
                return False
            self.formats[name] = self.formats.get(name, 0) + 1
        elif len(self.blocks) >= _DEEPEST:
            return False
        else:
            self.blocks.append(name)
        return True

    def close(self, name: str) -> None:
        """Close the last tag of a name and all within it, as browsers do."""
        if name in _FORMATS:
            self.formats[name] = max(self.formats.get(name, 0) - 1, 0)
            return
        for index in range(len(self.blocks) - 1, -1, -1):
            other = self.blocks[index]
            if other == name:
                del self.blocks[index:]
                return
            if other in _WALLS or (name not in _BLOCKS and other in _BLOCKS):
                return


def _flatten(html: str, *, is_cut: bool) -> Bounded:
    """Remove tags nested too deeply, keeping their content."""
    opened = _Open()
    kept: list[str] = []
    done = 0
    for count, tag in enumerate(_TAG.finditer(html)):
        if count >= _MOST_TAGS:
            kept.append(html[done : tag.start()])
            return Bounded(" ".join(kept), is_cut=True)
        name = tag[2].lower()
        if name in _FLAT:
            continue
        if tag[1]:
            opened.close(name)
        elif not opened.open(name):
            kept.append(html[done : tag.start()])
            done = tag.end()
    return Bounded(" ".join([*kept, html[done:]]) if kept else html, is_cut)
