"""MessageText: the text of a message: typed, from a preset, or a template sent unchanged."""

from functools import cached_property
from typing import Any

from comms.composer import check_lines
from comms.composer.presets import MessagePreset
from comms.composer.recipient_facts import RecipientFacts
from comms.composer.written_message import LONGEST, WrittenMessage
from comms.gate.candidate import holes
from comms.gate.preferences.links import has_preferences_link
from comms.library.composition import Composed, compose
from comms.library.context import subject_of
from comms.library.variables import TemplateSubject, variable_label
from comms.models import Medium, SenderProfile, TemplateVersion


class MessageText:
    """The text of a composer's message."""

    def __init__(self, recipient_facts: RecipientFacts) -> None:
        self.recipient_facts = recipient_facts
        self.recipient = recipient_facts.recipient
        self.written: WrittenMessage = recipient_facts.recipient.written

    @property
    def is_filled_in(self) -> bool:
        """True if a template is sent as it is, filled in; otherwise its text may be edited."""
        version = self.written.version
        return (
            version is not None
            and version.is_more_than_words
            and (self.recipient_facts.must_pick or not self.written.is_typed)
        )

    @property
    def heading(self) -> str:
        """The kind of file the chosen template begins with and that must be added; blank for none."""
        if self.is_filled_in and self.written.version:
            return self.written.version.heading
        return ""

    @property
    def heading_words(self) -> str:
        return str(TemplateVersion.WhatsAppHeading(self.heading).label)

    def subject_for(self, version: TemplateVersion) -> TemplateSubject:
        """Return the values for a template: the record's, and typed ones where the record has none."""
        values = self.record | {"language": version.language}
        return subject_of(**values, given=dict(self.written.given))

    @property
    def record(self) -> dict[str, Any]:
        """The record whose values fill in typed text."""
        matter = self.recipient.matter
        return {
            "brand": matter.brand,
            "language": matter.brand.language,
            "person": matter.person,
            "job": matter.job,
            "sender": self.recipient_facts.member,
        }

    @cached_property
    def composed(self) -> Composed | None:
        """The chosen template, filled in."""
        version = self.written.version
        if version is None:
            return None
        return compose(version, self.subject_for(version), address=self.recipient.point.value)

    def use_template(self, version: TemplateVersion) -> None:
        """Use a template: unchanged if it has a layout, else as editable text."""
        self.__dict__.pop("composed", None)
        self.written.version = version
        self.written.is_typed = False
        if not version.is_more_than_words:
            self.edit_template_words()

    def edit_template_words(self) -> None:
        """Turn the chosen template into editable text; its purpose stays."""
        if composed := self.composed:
            self.written.text = composed.words
            self.written.is_typed = True
            self.written.subject = composed.subject or self.written.subject

    def remove_template(self) -> None:
        self.__dict__.pop("composed", None)
        self.written.version = None
        self.written.given = {}
        self.written.is_typed = True

    def use_preset(self, preset: MessagePreset) -> None:
        """Add the text of a preset below the typed text; its other effects happen on sending."""
        written = self.written
        previous = self.preset
        if self.is_filled_in:
            self.remove_template()
            written.text = ""
        self.__dict__.pop("composed", None)
        typed = written.text.strip()
        if previous and typed == self.preset_words(previous):
            typed = ""
        written.text = "\n\n".join(filter(None, [typed, self.preset_words(preset)]))
        written.preset = preset.uid
        written.is_typed = True

    def preset_words(self, preset: MessagePreset) -> str:
        """Return the text of a preset, filled in with this record."""
        return preset.words(**self.record)

    @property
    def preset(self) -> MessagePreset | None:
        """The chosen preset."""
        return next((preset for preset in self.recipient.matter.presets if preset.uid == self.written.preset), None)

    @property
    def missing(self) -> list[str]:
        """Labels of variables without a value. The gate checks them too, but only after quiet hours."""
        if self.is_filled_in:
            return [label for _name, label, value in self.gaps if not value]
        return [variable_label(name) for name in self.typed_holes]

    @property
    def typed_holes(self) -> tuple[str, ...]:
        """Names of unfilled variables in the typed text."""
        return holes(f"{self.written.subject}\n{self.written.text}")

    @property
    def gaps(self) -> list[tuple[str, str, str]]:
        """Variables of the chosen template to be filled in by hand: name, label, value."""
        names = dict.fromkeys([*self.written.given, *self.template_holes])
        return [(name, variable_label(name), self.written.given.get(name, "")) for name in names]

    @property
    def template_holes(self) -> tuple[str, ...]:
        """Names of the chosen template's variables that the record has no value for."""
        if self.composed:
            return self.composed.missing
        return ()

    @property
    def signature(self) -> str:
        """The signature below a typed email, unless it is already there."""
        if self.recipient.way.medium != Medium.EMAIL or self.written.version:
            return ""
        signature = SenderProfile.of(self.recipient.matter.brand).signature.strip()
        if self.written.text.endswith(signature):
            return ""
        return signature

    @property
    def unsubscribe_line(self) -> str:
        """The line that is added below an edited template, unless it is already there."""
        if self.is_filled_in or self.composed is None or has_preferences_link(self.written.text):
            return ""
        return self.composed.unsubscribe_line

    @property
    def length(self) -> str:
        """How many texts it takes and what they cost, in words."""
        words = self.written.text
        if self.is_filled_in and self.composed:
            words = self.composed.text
        return check_lines.length_of(
            self.recipient.way.medium, words, self.recipient.matter.brand, self.recipient.point.value
        )

    @property
    def most(self) -> int:
        """The maximum number of characters."""
        return LONGEST[self.recipient.way.medium]
