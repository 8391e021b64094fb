"""The style sheets and scripts of every page, and the bundle that collectstatic makes of each kind.

The customers' own pages have a pair of theirs: none of what only colleagues see.

Sources lie in `static/`, one component or behaviour a file, and development serves them as they lie. What is
served where static files are collected is a bundle: the same files, one after another (static_storage.py).
"""

import re
from collections.abc import Callable, Iterable

# layers.css declares the order of the cascade layers and comes first; the order of the rest is free.
STYLES = (
    *("layers", "tokens", "brand", "base", "layout", "utilities", "print"),
    *(
        f"components/{name}"
        for name in ("age", "badge", "board", "bulk", "button", "card", "empty", "feed", "field", "filters")
    ),
    "components/area-tabs",
    *(f"components/{name}" for name in ("lead-list", "lead-list-phone", "lead-page", "menu", "panel", "pipeline-bar")),
    *(f"components/{name}" for name in ("pipeline-head", "pipeline-micro", "pipeline-steps", "plain", "results")),
    *("components/calendar", "components/calendar-card", "components/calendar-grid"),
    *("components/account", "components/table", "components/toast", "components/followups"),
    *("components/followups-bulk", "components/call-list", "components/workload", "components/settings"),
    "components/followup-timeline",
    *("components/dialog", "components/duplicates", "components/quality", "components/filter-builder"),
    *("components/composer", "components/mail-frame", "components/moving", "components/palette", "components/phone"),
    *("components/line-edit", "components/viewer", "components/targets", "components/person-page"),
    *("components/import", "components/run", "components/gate", "components/channels", "components/bubble"),
    *(
        "components/message",
        "components/templates",
        "components/assignment",
        "components/month",
        "components/figures",
        "components/updates",
        "components/inbox",
        "components/thread",
        "components/chart",
        "components/dashboard",
        "components/intake",
        "components/health",
        "components/triggers",
        "components/rule-map",
        "components/handoff",
        "components/service",
        "components/documents",
        "components/home",
        "components/sources",
        "components/recurrence",
        "components/invoice",
        "components/connect",
        "components/assist",
    ),
)
# Of the pages inside an organization. A page may name more (`{% scripts "sort" %}`).
SCRIPTS = (
    *(
        "failure",
        "plain-form",
        "tip",
        "live",
        "refresh",
        "hints",
        "menu",
        "tabs",
        "dialog",
        "board",
        "pick",
        "toast",
        "sheet",
    ),
    *("rowbar", "swipe", "palette", "keys", "plan", "line", "place", "log", "composer", "writing", "inbox", "mention"),
    *("typeahead", "row_place", "mail-frame", "viewer", "device-store", "outbox", "unsent", "day"),
)
# Of the customers' own pages, which load nothing else: a phone on a slow line has them at once.
CUSTOMER_STYLES = (
    *("layers", "tokens", "brand", "base", "utilities"),
    *(f"components/{name}" for name in ("age", "badge", "bubble", "button", "card", "field", "customer", "portal")),
    "components/documents",
)
CUSTOMER_SCRIPTS = ("portal", "again")
# Linked by the demo's phone, by its tour, by the pages of sequences alone (sequences/_styles.html), by those for work
# without a network (offline/_styles.html), by the page of a quote (quotes/_styles.html), and by the customer's pages of
# quotes and invoices (portal/quotes/_styles.html); these two share the sums; and by the reference of the API.
PAGE_STYLES = (
    "components/playground",
    "components/tour",
    "components/sequence",
    "components/offline",
    "components/quote",
    "components/offer",
    "components/sums",
    "components/apidoc",
    "components/webhooks",
)
STYLE_BUNDLE = "css/bundle.css"
SCRIPT_BUNDLE = "js/bundle.js"
CUSTOMER_STYLE_BUNDLE = "css/customer.css"
CUSTOMER_SCRIPT_BUNDLE = "js/customer.js"
SOURCES = {
    STYLE_BUNDLE: tuple(f"css/{name}.css" for name in STYLES),
    SCRIPT_BUNDLE: tuple(f"js/{name}.js" for name in SCRIPTS),
    CUSTOMER_STYLE_BUNDLE: tuple(f"css/{name}.css" for name in CUSTOMER_STYLES),
    CUSTOMER_SCRIPT_BUNDLE: tuple(f"js/{name}.js" for name in CUSTOMER_SCRIPTS),
}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LAYOUT = re.compile(r"\s*\n\s*")


def join_styles(texts: Iterable[str]) -> str:
    """Concatenate style sheets without comments, indentation and blank lines."""
    return "\n".join(_LAYOUT.sub("\n", _COMMENT.sub("", text)).strip() for text in texts) + "\n"


def join_scripts(texts: Iterable[str]) -> str:
    """Concatenate scripts, each in a try block, so that an error in one does not stop the others."""
    return "".join(f"try {{\n{text.strip()}\n}} catch (error) {{ reportError(error); }}\n" for text in texts)


JOINED: dict[str, Callable[[Iterable[str]], str]] = {
    name: join_styles if name.endswith(".css") else join_scripts for name in SOURCES
}
