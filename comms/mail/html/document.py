"""The document a mail is shown in, inside its frame: nothing runs in it, nothing is fetched that was not asked for."""

from comms.mail.html.safe import SafeHtml

# `images` are origins or addresses. Links open in a window that is free of the sandbox.
_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src {images}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# Only a mail without colours of its own may follow the reader's: black on black is what others become.
_PAPER = "html{color-scheme:light;background:#fff;color:#1a1a1a}"
_SCHEME = {
    "": "html{color-scheme:light dark;background:transparent}",
    "light": "html{color-scheme:light;background:#fff}",
    "dark": "html{color-scheme:dark;background:#16181d}",
}
_STYLE = (
    "body{margin:0;padding:12px;font:15px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}"
    # A picture is never higher than the frame: whoever sees one sees all of it.
    "img{max-width:100%;max-height:calc(100vh - 24px);height:auto;object-fit:contain}"
    "img:not([src]){border:1px dashed #999;padding:2px 6px;font-size:12px}"
    "table{max-width:100%}pre{white-space:pre-wrap}blockquote{margin:8px 0 8px 4px;padding-left:10px;"
    "border-left:2px solid #999}a{color:LinkText}"
)


def policy(*, images: list[str], remote: bool) -> str:
    """The Content-Security-Policy of the document."""
    return _POLICY.format(images=" ".join([*images, "data:", *(["https:", "http:"] if remote else [])]))


def document(mail: SafeHtml, *, language: str, theme: str = "") -> str:
    """The whole document. `theme` is light, dark, or what the reader's device says."""
    style = _PAPER if mail.has_colours else _SCHEME.get(theme, _SCHEME[""])
    lang = language if language.replace("-", "").isalnum() else "en"
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>\u2014</title>'
        f"<style>{style}{_STYLE}</style></head><body>{mail.html}</body></html>"
    )
