"""Sanitize an email's HTML by an allow-list: no scripts, forms or style sheets, no images unless requested.

Show it in a sandboxed frame all the same: this is the first of two walls.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote, urlsplit

import nh3

from libs.inbound_mail.bounded_html import bound_html
from libs.inbound_mail.html.css import COLOURS, safe_style, sets_colours
from libs.inbound_mail.html.quote_folding import fold_quote, mark_quoted_history

_TAGS = frozenset(
    "a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn "
    "dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q "
    "s samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr".split()
)
_EVERYWHERE = {"style", "dir", "lang", "align", "title"}
_BOX = {"width", "height", "bgcolor", "valign"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "border", "hspace", "vspace"},
    "table": {*_BOX, "border", "cellpadding", "cellspacing"},
    "tr": _BOX,
    "td": {*_BOX, "colspan", "rowspan", "nowrap"},
    "th": {*_BOX, "colspan", "rowspan", "nowrap"},
    "tbody": {"valign"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "li": {"value"},
    "hr": {"width", "size", "color"},
}
# Their contents are no words of the mail either. Most are gone already (libs/inbound_mail/bounded_html.py).
_GONE = {"script", "style", "title", "textarea", "noscript", "iframe", "noembed", "noframes", "template", "select"}
_GONE |= {"svg", "math", "xmp", "plaintext", "object", "applet", "audio", "video", "canvas", "head"}

_SCHEMES = {"http", "https", "mailto", "tel"}
_DATA_IMAGE = re.compile(r"data:image/(?:png|gif|jpe?g|webp);base64,[A-Za-z0-9+/=\s]+")
_LONGEST_DATA = 200_000
_LONGEST_URL = 4_000
_LONGEST_TEXT = 1_000
_SIZE = re.compile(r"\d{1,4}(?:px|%)?|\d{1,2}\*")
_NUMBER = re.compile(r"[+-]?\d{1,4}")
_COLOUR = re.compile(r"#?[a-zA-Z0-9]{1,20}")
_WORDS = re.compile(r"[\w ,.'\"-]{1,200}")
_CHECKS = {
    "width": _SIZE,
    "height": _SIZE,
    "color": _COLOUR,
    "bgcolor": _COLOUR,
    "face": _WORDS,
    **dict.fromkeys(
        "size border hspace vspace cellpadding cellspacing colspan rowspan span start value".split(), _NUMBER
    ),
}
# As nh3 writes it: every value in double quotes, with no such quote in it.
_IMAGE = re.compile(r"<img((?: [a-z]{1,20}=\"[^\"]*\")*)>")
_LINK = re.compile(r"<a((?: [a-z]{1,20}=\"[^\"]*\")*)>")
_ATTRIBUTE = re.compile(r" ([a-z]{1,20})=\"([^\"]*)\"")
_TINY = re.compile(r"(?:^|;)(?:max-)?(?:width|height):[01](?:px)?(?:;|$)")


@dataclass(frozen=True)
class SafeHtml:
    """Sanitized HTML for the frame of an email."""

    html: str
    # Images that lie on somebody's server and were left out.
    remote_images: int = 0
    # It was too long to show, or to read: the end is missing.
    is_cut: bool = False
    # It brings colours of its own, so it has to stand on white.
    has_colours: bool = False


def safe_html(
    html: str, *, images: Mapping[str, str], remote: bool, quote_label: str = "Quoted text and signature"
) -> SafeHtml:
    """Sanitize an email's HTML. `images`: our addresses by content ID; `remote`: also show remote ones.

    `quote_label`: what the button is called that unfolds the quoted history.
    """
    read = bound_html(html)
    cleaning = _Cleaning({key.strip("<> ").lower(): url for key, url in images.items()})
    written = fold_quote(cleaning.clean(mark_quoted_history(read.html)), escape(quote_label))
    drawing = _Images(remote=remote, own=set(images.values()))
    written = _LINK.sub(r'<a\1 target="_blank" rel="noopener noreferrer nofollow">', written)
    written = _IMAGE.sub(drawing.replacement, written)
    return SafeHtml(written, drawing.left_out, read.is_cut, cleaning.has_colours)


class _Cleaning:
    """One run of nh3, with a callback for every attribute."""

    def __init__(self, images: Mapping[str, str]) -> None:
        self.images = images
        self.own = set(images.values())
        self.has_colours = False

    def clean(self, html: str) -> str:
        """Run the sanitizer."""
        return nh3.clean(
            html,
            tags=set(_TAGS),
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            clean_content_tags=_GONE,
            attribute_filter=self.attribute,
            url_schemes=_SCHEMES | {"data", "cid"},
            url_relative=self.relative,
            link_rel=None,
        )

    def relative(self, url: str) -> str | None:
        """Allow our own addresses; others without a scheme would be relative to ours."""
        if url in self.own:
            return url
        return None

    def attribute(self, tag: str, name: str, value: str) -> str | None:
        """Return the allowed value of an attribute."""
        if name == "src":
            return self._image_source(value.strip())
        if name == "href":
            if _is_link(value):
                return value.strip()
            return None
        if name == "style":
            style = safe_style(value)
            self.has_colours = self.has_colours or sets_colours(style)
            return style or None
        if name in COLOURS | {"bgcolor"}:
            self.has_colours = True
        check = _CHECKS.get(name)
        if check is None or check.fullmatch(value.strip()[:300]):
            return value[:_LONGEST_TEXT]
        return None

    def _image_source(self, url: str) -> str | None:
        if url[:4].lower() == "cid:":
            return self.images.get(unquote(url[4:]).strip("<> ").lower())
        if url[:5].lower() == "data:":
            if len(url) <= _LONGEST_DATA and _DATA_IMAGE.fullmatch(url):
                return url
            return None
        if url.startswith("//"):
            url = f"https:{url}"
        if url in self.own or _is_web(url):
            return url
        return None


def _is_link(url: str) -> bool:
    try:
        return len(url) <= _LONGEST_URL and urlsplit(url.strip()).scheme in _SCHEMES
    except ValueError:
        return False


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return len(url) <= _LONGEST_URL and parts.scheme in {"http", "https"} and bool(parts.netloc)


@dataclass
class _Images:
    """The treatment of images, once all their attributes are known."""

    remote: bool
    own: set[str]
    left_out: int = 0

    def replacement(self, found: re.Match[str]) -> str:
        """Remove tracking pixels, and the addresses of remote images."""
        attributes = dict(_ATTRIBUTE.findall(found[1]))
        source = attributes.get("src", "")
        if not source.startswith(("http:", "https:")) or source.replace("&amp;", "&") in self.own:
            return found[0]
        if _is_pixel(attributes):
            return ""
        if self.remote:
            return f'{found[0][:-1]} referrerpolicy="no-referrer" loading="lazy">'
        self.left_out += 1
        kept = [f'{name}="{value}"' for name, value in attributes.items() if name != "src"]
        return f"<{' '.join(['img', *kept])}>"


def _is_pixel(attributes: Mapping[str, str]) -> bool:
    sizes = {attributes.get(name, "").removesuffix("px") for name in ("width", "height")}
    return bool(sizes & {"0", "1"}) or bool(_TINY.search(attributes.get("style", "").replace(" ", "")))
