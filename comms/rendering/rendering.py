"""Render a template version for a record: subject, text and HTML. Raises if it can't be sent.

    rendered = render(version, context, "email")    # raises Missing(["job.value"])

The send gate calls this for its last check (docs/rules.md#send-gate): a missing value blocks, it never leaves a hole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from comms.rendering import mail_document, markup
from comms.rendering.content import Content, number_variables, sources
from comms.rendering.liquid_text import holes, missing, without_marks, write
from comms.rendering.mail_document import MailLook, MailParts
from comms.rendering.segments import Segments, measure


class Missing(Exception):
    """Required variables without a value; `names` lists them."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class Version(Protocol):
    """An object with content in the shape of `content.py`."""

    content: Any


@dataclass(frozen=True)
class Context:
    """The rendering context: nested values by name, the brand's look, and the language."""

    values: Mapping[str, Any]
    look: MailLook = field(default_factory=MailLook)
    language: str = "en"
    # Where the recipient leaves the list; blank for what needs no such line.
    unsubscribe_url: str = ""


@dataclass(frozen=True)
class Rendered:
    """A message as it will be sent."""

    subject: str = ""
    text: str = ""
    html: str = ""
    # Of a text message.
    segments: Segments | None = None
    # Of WhatsApp: the values of its numbered placeholders, a list a part; of buttons with their position.
    parameters: Mapping[str, list[Any]] = field(default_factory=dict)
    header: str = ""
    footer: str = ""
    buttons: tuple[tuple[str, str], ...] = ()


def render(version: Version, context: Context, medium: str) -> Rendered:
    """Render for a medium. Raises Missing with every variable that has no value, TooMuch past the limits."""
    made = fill_in(version.content, context)
    if gaps := gaps_in(made):
        raise Missing(gaps)
    return from_written(made, version.content, context, medium)


def from_written(made: Content, content: Content, context: Context, medium: str) -> Rendered:
    """Lay out filled-in content for a preview; missing values show the names of their variables."""
    if medium == "email":
        return _render_email(made, context)
    if medium == "whatsapp":
        return _render_whatsapp(made, content)
    text = without_marks(made["text"]).strip()
    return Rendered(text=text, segments=measure(text))


def fill_in(content: Content, context: Context) -> dict[str, Any]:
    """Fill in the values between marks (`liquid_text.write`), part by part."""
    return {
        name: write(value, context.values)
        if isinstance(value, str)
        else [[write(cell, context.values) for cell in pair] for pair in value]
        for name, value in content.items()
    }


def gaps_in(made: Content) -> list[str]:
    """Return the variables without a value, each once."""
    return list(dict.fromkeys(name for _part, text in sources(made) for name in missing(text)))


def with_holes(made: Content) -> dict[str, Any]:
    """Replace missing values by placeholders, for a person to overwrite."""
    return {
        name: holes(value) if isinstance(value, str) else [[holes(cell) for cell in pair] for pair in value]
        for name, value in made.items()
    }


def _render_email(made: Content, context: Context, scheme: str = "both") -> Rendered:
    parts = MailParts.of(made, context.look, context.unsubscribe_url)
    html = mail_document.html(parts, context.look, context.language, scheme)
    return Rendered(subject=_single_line(made["subject"]), text=mail_document.text(parts, context.language), html=html)


def mail_as_seen(made: Content, context: Context, scheme: str) -> str:
    """Return an email's HTML in a "light" or "dark" scheme, for the preview."""
    return _render_email(made, context, scheme).html


def _render_whatsapp(made: Content, content: Content) -> Rendered:
    values: dict[str, list[Any]] = {**_placeholder_values(content, made)}
    if ends := _button_values(content, made):
        values["buttons"] = ends
    body = without_marks(made["body"])
    header = without_marks(made["header"])
    footer = without_marks(made["footer"])
    buttons = tuple((without_marks(label), markup.safe_url(url)) for label, url in made["buttons"])
    return Rendered(text=body, parameters=values, header=header, footer=footer, buttons=buttons)


def _placeholder_values(content: Content, made: Content) -> dict[str, list[str]]:
    """Return the values of numbered placeholders, without the line breaks and runs of blanks WhatsApp refuses."""
    values = {}
    for part in ("header", "body"):
        names = number_variables(content[part])[1]
        pieces = made[part].split("\ue000")[1:]
        texts = [piece.partition("\ue001")[0] for piece in pieces]
        order = _variables_in_order(content[part])
        by_name = dict(zip(order, texts, strict=False))
        values[part] = [" ".join(by_name.get(name, "").split()) for name in names]
    return values


def _button_values(content: Content, made: Content) -> list[list[Any]]:
    """Return the variable end of each button's address, by position; WhatsApp has the rest."""
    return [
        [position, written_url.partition("\ue000")[2].partition("\ue001")[0]]
        for position, ((_label, url), (_said, written_url)) in enumerate(
            zip(content["buttons"], made["buttons"], strict=True)
        )
        if "{{" in url
    ]


def _variables_in_order(source: str) -> list[str]:
    """Return the variables of a source in order, with repetitions."""
    return [piece.partition("}}")[0].strip() for piece in source.split("{{")[1:]]


def _single_line(made: str) -> str:
    return " ".join(without_marks(made).split())
