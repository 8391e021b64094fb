"""Describe what could not be read of an email or was left out, in the reader's language."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

PLAIN: dict[str, Any] = {
    "mail_too_large": gettext_lazy("The email is too large; only its beginning was fetched."),
    "header_too_long": gettext_lazy("The header is too long; only its beginning was read."),
    "header_damaged": gettext_lazy("The header was damaged."),
    "boundary_guessed": gettext_lazy("The mark between the parts was missing or wrong; it was guessed."),
    "parts_too_deep": gettext_lazy("The parts are nested too deep; the innermost are attached as they are."),
    "text_too_long": gettext_lazy("The text is very long; only its beginning is shown."),
    "date_unreadable": gettext_lazy("Its date can’t be right; the time of receipt is used."),
    "date_behind": gettext_lazy("Its date lies long before it was received; the time of receipt is used."),
    "encrypted": gettext_lazy("The mail is encrypted and can’t be read here; it is attached as it came."),
    "sender_unreadable": gettext_lazy("Its From can’t be read; the sender was taken from another field."),
}
# Of a name its beginning and its ending are shown.
_BEGINNING = 40
_ENDING = 15
# Whatever a name is written in, it turns none of the words around it (Unicode's isolates).
_ISOLATED = "\u2068%s\u2069"


def in_words(kept: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a sentence for each problem of a message, not escaped."""
    return list(filter(None, map(_problem_sentence, kept)))


def _problem_sentence(problem: Mapping[str, Any]) -> str:
    code = problem["code"]
    count = int(problem["count"])
    values = {"count": count, "names": _list_names(problem["names"], count)}
    match code:
        case "parts_too_many":
            words = ngettext(
                "%(count)s part was left out: the email has too many.",
                "%(count)s parts were left out: the email has too many.",
                count,
            )
        case "attachments_too_large":
            words = ngettext(
                "%(count)s attachment was left out, because all together they are too large: %(names)s",
                "%(count)s attachments were left out, because all together they are too large: %(names)s",
                count,
            )
        case "attachments_too_many":
            words = ngettext(
                "%(count)s attachment was left out, because there are too many: %(names)s",
                "%(count)s attachments were left out, because there are too many: %(names)s",
                count,
            )
        case "addresses_too_many":
            words = ngettext(
                "%(count)s address of %(field)s was left out: there are too many.",
                "%(count)s addresses of %(field)s were left out: there are too many.",
                count,
            )
            values["field"] = ", ".join(map(_printable_name, problem["names"]))
        case _:
            return str(PLAIN.get(code, ""))
    return words % values


def _list_names(names: list[str], count: int) -> str:
    """Join the names, with a sign if there are more."""
    return ", ".join(map(_printable_name, names)) + (", …" if count > len(names) else ".")


def _printable_name(name: str) -> str:
    """Return a name for a sentence: in one line, short, without invisible characters."""
    seen = "".join(each for each in " ".join(name.split()) if unicodedata.category(each)[0] != "C")
    if len(seen) > _BEGINNING + _ENDING + 1:
        seen = f"{seen[:_BEGINNING]}…{seen[-_ENDING:]}"
    return _ISOLATED % (seen.strip() or "–")
