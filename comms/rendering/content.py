"""The parts of a template version by medium, and their validation.

Stored as JSON. `clean` makes any dictionary into this shape: what is not of it is left out, texts are cut to length.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from comms.rendering.liquid_text import TemplateProblem, is_conditional, problems, variables
from comms.rendering.markup import safe_url

Content = Mapping[str, Any]

# Parts of one text, with the longest each may be. WhatsApp's are Meta's limits.
TEXTS: dict[str, dict[str, int]] = {
    "email": {
        "subject": 200,
        "preheader": 200,
        "greeting": 200,
        "opening": 2000,
        "body": 15000,
        "signature": 1000,
        "footer": 1000,
    },
    "sms": {"text": 1600},
    "whatsapp": {"header": 60, "body": 1024, "footer": 60},
}
# Parts of pairs: how many there may be.
PAIRS: dict[str, dict[str, int]] = {"email": {"details": 8, "buttons": 3}, "sms": {}, "whatsapp": {"buttons": 3}}
# What no message goes without.
NEEDED = {"email": ("subject", "body"), "sms": ("text",), "whatsapp": ("body",)}
LONGEST_LABEL = 80
LONGEST_VALUE = 500
LONGEST_WHATSAPP_BUTTON = 25
# What nobody writes: control characters, halves of characters, and our own marks (liquid_text.py).
_UNWRITTEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ue000-\ue004]")
_VARIABLE = re.compile(r"\{\{\s*+([\w.]{1,80})\s*+\}\}")


def part_names() -> dict[str, str]:
    """Return the labels of the parts."""
    return {
        "subject": _("Subject"),
        "preheader": _("Preview line"),
        "greeting": _("Greeting"),
        "opening": _("Opening"),
        "details": _("Details"),
        "body": _("Body"),
        "buttons": _("Buttons"),
        "signature": _("Signature"),
        "footer": _("Footer"),
        "text": _("Text"),
        "header": _("Header"),
    }


def clean(medium: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content in its shape, without control characters and internal marks."""
    made: dict[str, Any] = {name: _clean_text(given.get(name), 20_000) for name in TEXTS[medium]}
    for name, most in PAIRS[medium].items():
        rows = given.get(name) or []
        pairs = [
            [_clean_text(cell, 2000) for cell in row] for row in rows if isinstance(row, list | tuple) and len(row) == 2
        ]
        made[name] = [pair for pair in pairs if any(pair)][:most]
    return made


def sources(content: Content) -> Iterator[tuple[str, str]]:
    """Yield every text of the content, with its part."""
    for name, value in content.items():
        if isinstance(value, str):
            yield name, value
        else:
            yield from ((name, cell) for pair in value for cell in pair)


def names_in(content: Content) -> list[str]:
    """Return the variables of the content, each once. Raises ValueError for unchecked content."""
    return list(dict.fromkeys(name for _part, source in sources(content) for name in variables(source)))


def check(medium: str, content: Content, known: frozenset[str]) -> list[TemplateProblem]:
    """Return the problems of the content; empty if it may be saved."""
    problems_found = [TemplateProblem(name, _("This part is needed.")) for name in NEEDED[medium] if not content[name]]
    for name, most in TEXTS[medium].items():
        if len(content[name]) > most:
            over = len(content[name]) - most
            problems_found.append(
                TemplateProblem(name, _("%(over)s characters too long: %(most)s at most.") % _limit_values(over, most))
            )
    for part, source in sources(content):
        problems_found += problems(part, source, known)
    if problems_found:
        return problems_found
    return [*_button_problems(medium, content), *(_whatsapp_problems(content) if medium == "whatsapp" else [])]


def number_variables(source: str) -> tuple[str, list[str]]:
    """Number variables as WhatsApp does: "Hi {{1}}"; also return the names in order, each once."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"{{{{{names.index(found[1]) + 1}}}}}"

    return _VARIABLE.sub(number, source), names


def _button_problems(medium: str, content: Content) -> Iterator[TemplateProblem]:
    for label, url in content.get("buttons", []):
        if not label:
            yield TemplateProblem("buttons", _("A button needs a label."))
        if medium == "whatsapp" and len(label) > LONGEST_WHATSAPP_BUTTON:
            over = len(label) - LONGEST_WHATSAPP_BUTTON
            yield TemplateProblem(
                "buttons", _("“%(label)s”: %(over)s characters too long.") % {"label": label, "over": over}
            )
        if medium == "whatsapp" and not url:
            continue  # a quick reply
        if not url:
            yield TemplateProblem("buttons", _("“%(label)s” leads nowhere: it needs an address.") % {"label": label})
        elif not url.startswith("{{") and not safe_url(_VARIABLE.sub("x", url)):
            text = _("“%(url)s” is not an address: it begins with https://, mailto: or tel:.") % {"url": url[:80]}
            yield TemplateProblem("buttons", text)


def _whatsapp_problems(content: Content) -> Iterator[TemplateProblem]:
    """Yield the problems for which WhatsApp refuses a template."""
    for part, source in sources(content):
        if is_conditional(source):
            yield TemplateProblem(part, _("WhatsApp approves texts with variables alone: no filters, no conditions."))
    if variables(content["footer"]):
        yield TemplateProblem("footer", _("WhatsApp allows no variable in the footer."))
    if len(variables(content["header"])) > 1:
        yield TemplateProblem("header", _("WhatsApp allows one variable in the header."))
    if any(variables(label) for label, _url in content["buttons"]):
        yield TemplateProblem("buttons", _("WhatsApp allows no variable in a button’s words."))
    body = content["body"].strip()
    if body.startswith("{{") or body.endswith("}}"):
        yield TemplateProblem("body", _("WhatsApp refuses a text that begins or ends with a variable."))
    if "\n\n\n" in body:
        yield TemplateProblem("body", _("WhatsApp allows one empty line in a row."))


def _clean_text(value: object, most: int) -> str:
    text = ""
    if isinstance(value, str):
        text = value
    return _UNWRITTEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()[:most]


def _limit_values(over: int, most: int) -> dict[str, int]:
    return {"over": over, "most": most}
