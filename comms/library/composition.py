"""Build a message's text from a template for a record, complete or with the missing values named."""

from dataclasses import dataclass, replace
from typing import Any

from comms.gate.preferences.links import PreferenceLink, preferences_url_of
from comms.library.context import context_for
from comms.library.variables import TemplateSubject
from comms.models import Medium, Purpose, TemplateVersion
from comms.rendering.mail_document import unsubscribe_line
from comms.rendering.rendering import fill_in, from_written, gaps_in, with_holes

# What is never sent without a way to leave.
_WITH_A_WAY_OUT = (Purpose.SERVICE, Purpose.MARKETING)
# What separates the footer of a plain text; it stands there for the unsubscribe line alone, too.
_FOOTER_MARK = "\n--"


@dataclass(frozen=True)
class Composed:
    """The fields of a message built from a template; `Message.queue(**composed.fields)`."""

    version: TemplateVersion
    language: str
    subject: str
    text: str
    html: str
    # Of WhatsApp: what fills its placeholders in; None where the text was changed by hand, or something is missing.
    values: dict[str, Any] | None
    missing: tuple[str, ...]
    # The line by which its reader unsubscribes, at the end of `text`; blank for what needs none.
    unsubscribe_line: str = ""

    @property
    def words(self) -> str:
        """The text for a person to edit: without the unsubscribe line, which is added when it is sent."""
        if not self.unsubscribe_line:
            return self.text
        words = self.text.rstrip().removesuffix(self.unsubscribe_line).rstrip()
        return f"{words.removesuffix(_FOOTER_MARK).rstrip()}\n"

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of the message. The gate holds one with missing values."""
        return {
            "template_version": self.version,
            "template_values": self.values,
            "purpose": self.version.template.purpose,
            "language": self.language,
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "missing": list(self.missing),
        }


def compose(version: TemplateVersion, subject: TemplateSubject, *, address: str = "") -> Composed:
    """Fill in a version for a recipient. Missing values stay as {{ name }} and are listed in `missing`.

    `address`: where it goes, for links of its reader's own, as the one by which they leave the list.
    """
    subject = replace(subject, address=address)
    way_out = _way_out(version, subject, address)
    context = context_for(subject, version.content, medium=version.medium, unsubscribe_url=way_out)
    made = fill_in(version.content, context)
    gaps = tuple(gaps_in(made))
    rendered = from_written(with_holes(made), version.content, context, version.medium)
    is_filled_there = version.medium == "whatsapp" and not gaps
    return Composed(
        version,
        subject.language,
        rendered.subject,
        rendered.text,
        rendered.html,
        dict(rendered.parameters) if is_filled_there else None,
        gaps,
        unsubscribe_line(way_out, subject.language) if version.medium == Medium.EMAIL else "",
    )


def _way_out(version: TemplateVersion, subject: TemplateSubject, address: str) -> str:
    if not address or version.template.purpose not in _WITH_A_WAY_OUT:
        return ""
    person_id = None
    if subject.person:
        person_id = subject.person.pk
    brand = subject.brand
    return preferences_url_of(
        PreferenceLink(brand.tenant_id, brand.pk, version.medium, address, version.template.purpose, person_id)
    )
