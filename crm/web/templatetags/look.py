"""Template tags of the design: style sheets, icons, avatars and the attributes of <html>."""

import json
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django_htmx.jinja import htmx_script as htmx_file

from crm.platform.organization.readable_address import readable_address
from crm.web.design.bundles import (
    CUSTOMER_SCRIPT_BUNDLE,
    CUSTOMER_STYLE_BUNDLE,
    SCRIPT_BUNDLE,
    SOURCES,
    STYLE_BUNDLE,
)
from crm.web.design.icons import ICONS
from crm.web.design.look import chosen_look, language_name

register = template.Library()


@register.simple_tag
@cache
def styles() -> SafeString:
    """Render the <link> of the style sheet bundle, or one per source; and one for pages without scripts."""
    no_script = f'<noscript><link rel="stylesheet" href="{escape(static("css/noscript.css"))}"></noscript>'
    return mark_safe("\n".join([*_style_links(STYLE_BUNDLE), no_script]))


@register.simple_tag
@cache
def customer_styles() -> SafeString:
    """Render the <link> of the customer pages' style sheet bundle, or one per source."""
    return mark_safe("\n".join(_style_links(CUSTOMER_STYLE_BUNDLE)))


def _style_links(bundle: str) -> list[str]:
    return [f'<link rel="stylesheet" href="{escape(static(name))}">' for name in _bundle_files(bundle)]


@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """Render the icon `name` from the sprite; `extra` are more classes (`sm`, `lg`, `flip`, `push`)."""
    if name not in ICONS:
        raise ValueError(f"The icon {name!r} is not in crm.web.design.icons.ICONS.")
    href = f"{static('icons.svg')}#i-{name}"
    classes = f"icon {extra}".strip()
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, href)


@register.simple_tag
@lru_cache(maxsize=4096)
def avatar(name: str, extra: str = "") -> SafeString:
    """Render a round mark with the initials of `name`, in a hue that the name always gets."""
    hue = crc32(name.encode()) % 12
    classes = f"ava h{hue} {extra}".strip()
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, initials(name))


@register.filter
def initials(name: str) -> str:
    """Return the first letters of the first and the last word: "Dana Whitfield" → "DW"."""
    words = [word for word in name.split() if word[0].isalnum()] or name.split()
    return (words[0][0] + words[-1][0] if len(words) > 1 else "".join(words)[:2]).upper()


register.filter(readable_address)
register.simple_tag(language_name)


@register.filter
def breaks_at(text: str) -> SafeString:
    """Allow a line break in an email address only before its @."""
    return mark_safe(conditional_escape(text).replace("@", "<wbr>@"))


@register.simple_tag(takes_context=True)
def look_attributes(context: template.Context) -> SafeString:
    """Return attributes of <html> from the look's cookies and the tenant's hue, so that no page flashes."""
    request = context.get("request")
    chosen = chosen_look(getattr(request, "COOKIES", {}))
    tenant = getattr(request, "tenant", None)
    attributes = "".join(f' data-{name}="{value}"' for name, value in chosen.items())
    if (hue := getattr(tenant, "brand_hue", None)) is not None:
        attributes += f' class="hue-{round((int(hue) - 3) / 15) % 24 * 15 + 3}"'
    return mark_safe(attributes)


@register.simple_tag(takes_context=True)
def chosen_looks(context: template.Context) -> dict[str, str]:
    """Return what the reader chose: `theme` and `density`, each only when it is not the default."""
    return chosen_look(getattr(context.get("request"), "COOKIES", {}))


@register.simple_tag
@cache
def frame_scripts() -> SafeString:
    """Render the deferred <script> of the organization pages' bundle, or one per source."""
    return _script_tags(_bundle_files(SCRIPT_BUNDLE))


@register.simple_tag
@cache
def customer_scripts() -> SafeString:
    """Render the deferred <script> of the customer pages."""
    return _script_tags(_bundle_files(CUSTOMER_SCRIPT_BUNDLE))


@register.simple_tag
@cache
def scripts(*names: str) -> SafeString:
    """Render a deferred <script> for each behaviour that only some pages use."""
    return _script_tags(f"js/{name}.js" for name in names)


def _script_tags(files: Iterable[str]) -> SafeString:
    return mark_safe("\n".join(f'<script src="{escape(static(name))}" defer></script>' for name in files))


def _bundle_files(bundle: str) -> tuple[str, ...]:
    if getattr(staticfiles_storage, "has_bundles", False):
        return (bundle,)
    return SOURCES[bundle]


@register.simple_tag
@cache
def htmx_config() -> str:
    """Return htmx's configuration: no eval, no injected style element, responses 409 and 422 are swapped in.

    No history cache: it would keep customers' data in the browser's storage.
    """
    handling = [
        {"code": "204", "swap": False},
        {"code": "[23]..|409|422", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ]
    # Settled at once: in the 20 ms it waits else, what was swapped in is shown, but its forms are not htmx's yet.
    settings: dict[str, Any] = {"timeout": 30_000}  # milliseconds; then failure.js says so
    # A style that was set by script is not copied as an attribute, which the Content-Security-Policy refuses.
    settings |= {"attributesToSettle": ["class", "width", "height"]}
    settings |= {"allowEval": False, "includeIndicatorStyles": False, "historyCacheSize": 0, "defaultSettleDelay": 0}
    return json.dumps({**settings, "refreshOnHistoryMiss": True, "responseHandling": handling})


@register.simple_tag
@cache
def htmx_script() -> SafeString:
    """Render the <script> of htmx."""
    return htmx_file()
