"""Template tags of the design: style sheets, icons, avatars and the attributes of <html>."""

import json
from functools import cache, lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info

from crm.web.design.icons import ICONS
from crm.web.design.template_loader import constant

register = template.Library()

# layers.css declares the order of the cascade layers and comes first; the order of the rest is free.
STYLES = (
    *("layers", "tokens", "brand", "base", "layout", "utilities", "print"),
    *(
        f"components/{name}"
        for name in ("age", "badge", "board", "bulk", "button", "card", "empty", "feed", "field", "filters")
    ),
    *(f"components/{name}" for name in ("lead-list", "lead-list-phone", "lead-page", "menu", "panel", "pipeline-bar")),
    *(f"components/{name}" for name in ("pipeline-head", "pipeline-micro", "pipeline-steps", "plain", "results")),
    *("components/account", "components/table", "components/toast", "components/followups", "components/settings"),
    *("components/dialog", "components/duplicates", "components/quality", "components/filter-builder"),
    *("components/composer", "components/moving", "components/palette", "components/phone"),
    *("components/line-edit", "components/targets"),
    *("components/import", "components/run"),
)
THEMES = ("light", "dark")
DENSITIES = ("compact",)


@register.simple_tag
@cache
def styles() -> SafeString:
    """Render one <link> a style sheet; one more where there are no scripts."""
    links = [f'<link rel="stylesheet" href="{escape(static(f"css/{name}.css"))}">' for name in (*STYLES, "noscript")]
    return mark_safe("\n".join([*links[:-1], f"<noscript>{links[-1]}</noscript>"]))


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


def chosen_look(cookies: Any) -> dict[str, str]:
    """Return theme and density from the cookies; anything unknown counts as not chosen."""
    known = {"theme": THEMES, "density": DENSITIES}
    return {name: cookies[name] for name, values in known.items() if cookies.get(name) in values}


@register.simple_tag(takes_context=True)
def chosen_looks(context: template.Context) -> dict[str, str]:
    """Return what the reader chose: `theme` and `density`, each only when it is not the default."""
    return chosen_look(getattr(context.get("request"), "COOKIES", {}))


@register.simple_tag
@cache
def scripts(*names: str) -> SafeString:
    """Render one deferred <script> a behaviour."""
    return mark_safe("\n".join(f'<script src="{escape(static(f"js/{name}.js"))}" defer></script>' for name in names))


@register.simple_tag
@cache
def language_name(code: str) -> str:
    """Return a language's name in itself: "Nederlands"."""
    return str(get_language_info(code)["name_local"]).capitalize()


@register.simple_tag
@cache
def htmx_config() -> str:
    """Return htmx's configuration: no eval, no style element of its own; responses 409 and 422 are swapped in.

    No history cache: it would keep customers' data in the browser's storage.
    """
    handling = [
        {"code": "204", "swap": False},
        {"code": "[23]..|409|422", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ]
    # Settled at once: in the 20 ms it waits else, what was swapped in is shown, but its forms are not htmx's yet.
    settings = {"allowEval": False, "includeIndicatorStyles": False, "historyCacheSize": 0, "defaultSettleDelay": 0}
    return json.dumps({**settings, "refreshOnHistoryMiss": True, "responseHandling": handling})


constant(register, "styles", "icon", "scripts", "htmx_config")
