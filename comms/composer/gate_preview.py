"""GatePreview: what the gate would decide about a message that is still being written."""

from dataclasses import replace
from datetime import datetime
from functools import cached_property

from comms.composer import check_lines
from comms.composer.message_text import MessageText
from comms.composer.recipient_facts import RecipientFacts
from comms.gate.candidate import SendCandidate, UsedTemplate
from comms.gate.facts import GateFacts
from comms.gate.judgement import judge
from comms.gate.verdict import GateVerdict, Outcome
from comms.models import Purpose, TemplateVersion


class GatePreview:
    """The gate's verdict on a message to be sent at `leaves_at`; None: now."""

    def __init__(self, recipient_facts: RecipientFacts, text: MessageText, leaves_at: datetime | None) -> None:
        self.recipient_facts = recipient_facts
        self.text = text
        self.leaves_at = leaves_at

    @cached_property
    def candidate(self) -> SendCandidate:
        """The message in the form the gate decides on."""
        text, version = self.text, self.text.written.version
        template = self._used_template(version) if version else None
        missing = text.template_holes if text.is_filled_in else ()
        if not text.is_filled_in:
            missing = text.typed_holes
        return replace(self.recipient_facts.candidate, template=template, missing=missing)

    def _used_template(self, version: TemplateVersion) -> UsedTemplate:
        template = version.template
        is_approved = version.is_approved_by_whatsapp and self.text.is_filled_in
        return UsedTemplate(template.pk, template.name, template.purpose, is_approved)

    @cached_property
    def facts(self) -> GateFacts:
        """The gate's facts about the recipient, as of the sending time."""
        facts = self.recipient_facts.facts
        if self.leaves_at:
            return replace(facts, now=self.leaves_at)
        return facts

    @cached_property
    def verdict(self) -> GateVerdict:
        return judge([self.candidate], [self.facts])[0]

    @property
    def may_send(self) -> bool:
        """True if it would be sent now or held until its time."""
        return not self.text.missing and self.verdict.outcome in (Outcome.SEND, Outcome.DEFER)

    @cached_property
    def lines(self) -> list[check_lines.CheckLine]:
        """Consent, WhatsApp's window, quiet hours, length: one line each."""
        return check_lines.check_lines(
            self.candidate, self.facts, self.recipient_facts.window_seconds, self.text.length
        )

    @property
    def leaves(self) -> datetime | None:
        """When it will be sent: at the end of quiet hours, or at the chosen time."""
        return self.verdict.until or self.leaves_at

    @property
    def purpose(self) -> str:
        return str(Purpose(self.candidate.purpose).label)
