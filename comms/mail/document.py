"""The document an email is shown in, inside its frame: no scripts, no external content unless requested."""

from libs.inbound_mail import SafeHtml

# `images` are origins or addresses. Links open in a window that is free of the sandbox. Nothing in the frame runs; it
# is of the page's origin so that the page can measure it (static/js/mail-frame.js).
SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
_POLICY = (
    f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src {images}; script-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# Only a mail without colours of its own may follow the reader's: black on black is what others become.
_PAPER = "html{color-scheme:light;background:#fff;color:#1a1a1a}"
_PLAIN = "html{color-scheme:%s;background:transparent;color:light-dark(#1a1c20,#e4e6ea)}"
_SCHEME = {"": "light dark", "light": "light", "dark": "dark"}
_STYLE = (
    "html{overflow:auto hidden}html.is-cut{overflow:auto}"
    "body{margin:0;padding:12px 16px;display:flow-root;font:14px/1.55 system-ui,sans-serif;overflow-wrap:anywhere}"
    "img{max-width:100%;height:auto;object-fit:contain}"
    "img:not([src]){border:1px dashed #999;padding:2px 6px;font-size:12px}"
    "table{max-width:100%}pre{white-space:pre-wrap}blockquote{margin:8px 0 8px 4px;padding-left:10px;"
    "border-left:2px solid #999}a{color:LinkText}"
    "details.quoted{margin-top:8px}details.quoted>summary{width:28px;border-radius:99px;background:#8883;"
    "text-align:center;line-height:16px;cursor:pointer;list-style:none}"
    # Layouts of fixed widths fit a phone.
    "@media(max-width:480px){table,tbody,tr,td,th,div,p{max-width:100%!important;min-width:0!important}"
    "table,td,th{width:auto!important}table[width],table[style*=width]{width:100%!important}}"
    "@media print{html{color-scheme:light;background:#fff;color:#000}}"
)


def policy(*, images: list[str], remote: bool) -> str:
    """Return the Content-Security-Policy of the document."""
    return _POLICY.format(images=" ".join([*images, "data:", *(["https:", "http:"] if remote else [])]))


def document(mail: SafeHtml, *, language: str, theme: str = "", is_chosen: bool = False) -> str:
    """Return the whole document. `theme`: light, dark, or the device's.

    `is_chosen`: the reader has chosen to see the pictures of this sender.
    """
    if mail.has_colours:
        style = _PAPER
    else:
        style = _PLAIN % _SCHEME.get(theme, _SCHEME[""])
    lang = "en"
    if language.replace("-", "").isalnum():
        lang = language
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>\u2014</title>'
        f"<style>{style}{_STYLE}</style></head>"
        f'<body data-mail data-pictures="{mail.remote_images}"{" data-chosen" if is_chosen else ""}>'
        f"{mail.html}</body></html>"
    )
