"""The HTML of an email, and its plain-text twin, from its parts.

Built as mail programs need it: one table in another and never a flexible box, a width Outlook reads as an attribute,
buttons drawn in VML for Outlook and as padded cells for the others, styles written into every element by css-inline
(Gmail drops what stands in the head of a mail that is forwarded), colours for a dark screen in the head alone.
Gmail cuts a mail off behind 102 kB: `weight` says how heavy it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from comms.rendering import colors, markup
from comms.rendering.liquid_text import without_marks

CLIPPED_AT = 102 * 1024
# Invisible: keeps the first words of the body out of the line an inbox shows behind the subject.
_FILL = "\u200c\u00a0" * 60


@dataclass(frozen=True)
class MailLook:
    """A brand's colours, logo, signature and footer in an email."""

    name: str = ""
    hue: int = 258
    logo_url: str = ""
    signature: str = ""
    footer: str = ""


@dataclass(frozen=True)
class MailParts:
    """The rendered parts of an email, with marks around variable values."""

    subject: str
    preheader: str
    greeting: str
    opening: str
    details: list[tuple[str, str]]
    body: str
    buttons: list[tuple[str, str]]
    signature: str
    footer: str
    unsubscribe_url: str

    @classmethod
    def of(cls, made: Mapping[str, Any], look: MailLook, unsubscribe_url: str) -> Self:
        """Build the parts from filled-in content, with the brand's signature and footer by default."""
        texts = ("subject", "preheader", "greeting", "opening", "body")
        return cls(
            **{name: made[name] for name in texts},
            details=[(label, value) for label, value in made["details"] if without_marks(value).strip()],
            buttons=[(without_marks(label), url) for label, to in made["buttons"] if (url := markup.safe_url(to))],
            signature=made["signature"] or look.signature,
            footer=made["footer"] or look.footer,
            unsubscribe_url=unsubscribe_url,
        )


def html(parts: MailParts, look: MailLook, language: str, scheme: str = "both") -> str:
    """Return the HTML document. `scheme`: "both" for sending; "light" or "dark" for a preview."""
    palette = colors.palette(look.hue)
    context = {
        "subject": " ".join(without_marks(parts.subject).split()),
        "preheader": _plain_line(parts.preheader),
        "fill": _FILL,
        "greeting": markup.inline(parts.greeting),
        "opening": markup.to_html(parts.opening),
        "details": [(markup.inline(label), markup.inline(value)) for label, value in parts.details],
        "body": markup.to_html(parts.body),
        "buttons": [(label, url, _button_width(label)) for label, url in parts.buttons],
        "signature": markup.to_html(parts.signature),
        "footer": markup.to_html(parts.footer),
        "unsubscribe_url": parts.unsubscribe_url,
        "look": look,
        "palette": palette,
        "language": language,
        "rtl": translation.get_language_info(language)["bidi"] if language in _language_codes() else False,
        "scheme": scheme,
        "dark_css": _dark_rules(palette, scheme),
    }
    with translation.override(language if language in _language_codes() else "en"):
        return str(_css_inliner().inline(render_to_string("comms/mail/message.html", context)))


def text(parts: MailParts, language: str) -> str:
    """Return the plain-text version: the same words in the same order, links with their address."""
    leave = unsubscribe_line(parts.unsubscribe_url, language)
    details = [f"{markup.inline_text(label)}: {markup.inline_text(value)}" for label, value in parts.details]
    pieces = [
        markup.inline_text(parts.greeting),
        markup.to_text(parts.opening),
        "\n".join(details),
        markup.to_text(parts.body),
        "\n".join(f"{label}: {url}" for label, url in parts.buttons),
        markup.to_text(parts.signature),
        _foot_text(parts.footer, leave),
    ]
    return "\n\n".join(filter(None, pieces)) + "\n"


def signature_text(look: MailLook) -> str:
    """Return a brand's signature and footer as they end a plain text."""
    return "\n\n".join(filter(None, [markup.to_text(look.signature), _foot_text(look.footer)]))


def _foot_text(footer: str, leave: str = "") -> str:
    mark = ""
    if footer or leave:
        mark = "-- "
    return "\n".join(filter(None, [mark, markup.to_text(footer), leave]))


def unsubscribe_line(url: str, language: str) -> str:
    """Return the line that ends the plain text of an offer or notice; blank without an address."""
    if not url:
        return ""
    with translation.override(language if language in _language_codes() else "en"):
        return _("Unsubscribe: %(url)s") % {"url": url}


def weight(document: str) -> int:
    """Return a document's size in bytes, as Gmail counts it."""
    return len(document.encode())


def _plain_line(written: str) -> str:
    return " ".join(without_marks(written).split())


def _button_width(label: str) -> int:
    """Return the width of a button in Outlook, in pixels, as VML doesn't measure text."""
    return min(520, 48 + 9 * len(label))


def _dark_rules(palette: colors.Palette, scheme: str) -> SafeString:
    """Return the rules for dark mode: by media query; always or never in a preview."""
    if scheme == "light":
        return SafeString("")
    rules = (
        ".page, body { background-color: #121316 !important; }"
        ".sheet { background-color: #1d1f23 !important; }"
        ".sheet, .sheet p, .sheet li, .sheet td, .brand-name { color: #e7e8ea !important; }"
        ".label, .foot, .foot p, .foot td { color: #a5a9b0 !important; }"
        ".details td { border-color: #34373d !important; }"
        f".sheet a.text-link, .body a, .foot a {{ color: {palette.dark_link} !important; }}"
    )
    if scheme == "dark":
        wrapped = rules
    else:
        wrapped = f"@media (prefers-color-scheme: dark) {{ {rules} }}"
    # Outlook.com and its apps set this attribute where they darken a mail.
    outlook = "[data-ogsc] .sheet, [data-ogsc] .sheet p { color: #e7e8ea !important; }"
    if scheme == "dark":
        outlook = ""
    return mark_safe(wrapped + outlook)  # noqa: S308 - numbers and names of colours alone


@cache
def _css_inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(inline_style_tags=True, keep_style_tags=False, load_remote_stylesheets=False)


@cache
def _language_codes() -> frozenset[str]:
    return frozenset(code for code, _name in settings.LANGUAGES)
