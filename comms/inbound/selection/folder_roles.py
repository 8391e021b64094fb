"""The role of a mailbox's folder: by the server's flags (RFC 6154), else by the names that mail programs use."""

from collections.abc import Collection, Iterable
from typing import Any

INBOX = "inbox"
SENT = "sent"
OTHER = "other"
# What mail programs call the folder of what was sent, where the server itself marks none.
SENT_NAMES = frozenset(
    {
        "sent",
        "sent items",
        "sent messages",
        "sent mail",
        "verzonden",
        "verzonden items",
        "verzonden berichten",
        "gesendet",
        "gesendete elemente",
        "gesendete objekte",
        "envoyés",
        "éléments envoyés",
        "messages envoyés",
        "enviados",
        "elementos enviados",
        "mensajes enviados",
        "posta inviata",
        "inviati",
        "itens enviados",
    }
)
# Folders that are never read: what is not written yet, thrown away, unwanted, and everything at once.
_NEVER_FLAGS = (
    b"\\Noselect",
    b"\\NonExistent",
    b"\\Drafts",
    b"\\Trash",
    b"\\Junk",
    b"\\All",
    b"\\Flagged",
    b"\\Important",
)
_NEVER_NAMES = frozenset(
    {
        *("drafts", "draft", "concepten", "entwürfe", "brouillons", "borradores", "bozze", "rascunhos"),
        *("trash", "bin", "deleted items", "deleted messages", "prullenbak", "verwijderde items", "papierkorb"),
        *("gelöschte elemente", "corbeille", "éléments supprimés", "papelera", "elementos eliminados", "cestino"),
        *(
            "spam",
            "junk",
            "junk email",
            "junk e-mail",
            "bulk mail",
            "ongewenste e-mail",
            "ongewenst",
            "courrier indésirable",
        ),
        *("all mail", "alle berichten", "alle e-mail", "outbox", "postvak uit", "starred", "important"),
    }
)
Listed = tuple[Collection[bytes], bytes | str | None, str]


def sent_folders(listed: Iterable[Listed]) -> list[str]:
    """Return the folders of sent mail."""
    rows = list(listed)
    marked = [name for flags, _delimiter, name in rows if b"\\Sent" in flags]
    return marked or [name for _flags, delimiter, name in rows if last_part(name, delimiter) in SENT_NAMES]


def readable_folders(listed: Iterable[Listed]) -> list[dict[str, Any]]:
    """Return name and role of the folders that a member may choose, the inbox and sent mail first."""
    rows = list(listed)
    sent = sent_folders(rows)
    folders = []
    for flags, delimiter, name in rows:
        if name.upper() == "INBOX":
            role = INBOX
        elif name in sent:
            role = SENT
        else:
            role = OTHER
        is_never = any(flag in flags for flag in _NEVER_FLAGS) or last_part(name, delimiter) in _NEVER_NAMES
        if role != OTHER or not is_never:
            folders.append({"name": name, "role": role})
    return sorted(folders, key=lambda folder: ((INBOX, SENT, OTHER).index(folder["role"]), folder["name"].lower()))


def last_part(name: str, delimiter: bytes | str | None) -> str:
    """Return the last part of a folder's path, in lower case."""
    if isinstance(delimiter, bytes):
        mark = delimiter.decode("ascii", "replace")
    else:
        mark = delimiter or ""
    if mark:
        return name.rpartition(mark)[2].lower()
    return name.lower()
