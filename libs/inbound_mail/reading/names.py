"""Names of attachments: without a path, never empty, without misleading characters."""

import mimetypes
import re

from libs.inbound_mail.reading.encoded_words import one_line

_LONGEST = 200
_PATH = re.compile(r"^.*[/\\]", re.DOTALL)
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_USUAL = {
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "text/html": ".html",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "audio/ogg": ".ogg",
    "application/octet-stream": ".bin",
    "application/pkcs7-signature": ".p7s",
    "application/pgp-signature": ".asc",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
}


def attachment_name(raw: str, kind: str) -> str:
    """Return the name to show and save under; `raw` is "" if the email has none."""
    name = one_line(raw)
    # A picture pasted from the web is called by its whole address.
    if "/" in name or "\\" in name:
        name = _PATH.sub("", name.rstrip("/\\"))
    if name.strip(" ."):
        name = name.translate(_FORBIDDEN).strip(" .")
    else:
        name = ""
    if not name:
        stem = {"message/rfc822": "message", "text/calendar": "invite", "application/pgp-signature": "signature"}.get(
            kind, "attachment"
        )
        if kind.startswith("image/"):
            stem = "image"
        return stem + (_USUAL.get(kind) or mimetypes.guess_extension(kind, strict=False) or ".bin")
    if len(name) > _LONGEST:
        stem, dot, ending = name.rpartition(".")
        if dot and len(ending) <= 10:
            name = f"{stem[: _LONGEST - len(ending) - 1]}.{ending}"
        else:
            name = name[:_LONGEST]
    return name
